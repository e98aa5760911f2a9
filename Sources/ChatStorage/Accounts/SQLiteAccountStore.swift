public import ChatProtocol
public import ChatServer
public import ChatServerCore
internal import Dispatch
internal import GRDB
internal import Synchronization

/// Keeps registered users in the data directory's database.
///
/// Passwords are hashed by scrypt in a bounded pool. What another program
/// changes (`chat-tui account`) is noticed within ``AccountWatch/interval``.
public final class SQLiteAccountStore: AccountStore {
    /// The most accounts: registration may be open to anyone, and a room knows
    /// them all by heart.
    public static let capacity = 100_000

    private struct State {
        var accounts: [Account] = []
        var observers: [@Sendable ([Account]) -> Void] = []
        var isClosed = false
    }

    private let session: DatabaseSession
    private let cost: PasswordCost
    private let clock: UnixClock
    private let pool: PasswordPool
    private let watch: AccountWatch
    /// Everything that changes or announces accounts happens here, one after
    /// the other, so that no news is older than the one before.
    private let queue = DispatchQueue(label: "chat-tui.accounts")
    private let state = Mutex(State())
    /// What is computed for an account that is gone.
    private let dummy: PasswordHash
    private var isClosed: Bool { state.withLock(\.isClosed) }

    init(
        _ session: DatabaseSession,
        cost: PasswordCost,
        pool: PasswordPool = PasswordPool(),
        clock: @escaping UnixClock
    ) throws(StorageError) {
        self.session = session
        self.cost = cost
        self.clock = clock
        self.pool = pool
        do {
            dummy = PasswordHash.unmatched(cost: cost)
            // Before they are read: what changes in between is news.
            watch = try AccountWatch(session.directory)
            let accounts = try session.pool.read { try AccountTable(database: $0).accounts }
            state.withLock { $0.accounts = accounts }
        } catch {
            throw StorageError(error, path: session.directory.databasePath)
        }
        watch.start(on: queue) { [weak self] in try self?.reload() }
    }

    /// Reads all accounts, now and whenever they change, also from outside.
    ///
    /// Not from within an observer: it would wait for itself.
    public func observe(_ observer: @escaping @Sendable ([Account]) -> Void) {
        queue.sync {
            let accounts = state.withLock { state in
                state.observers.append(observer)
                return state.accounts
            }
            observer(accounts)
        }
    }

    /// Compares a password with an account's, in time that depends on neither
    /// where they differ nor whether there is such an account.
    ///
    /// A correct password whose hash costs less than it should by now is hashed
    /// again. Fails where too many passwords are being checked.
    public func verify(
        _ account: AccountID,
        password: String,
        completion: @escaping @Sendable (Result<Bool, StoreError>) -> Void
    ) {
        let isAccepted = pool.submit { [self] in
            guard !isClosed else { return completion(.failure(.isClosed)) }
            let known: PasswordHash?
            let isCorrect: Bool
            do {
                let row = try session.pool.read { try AccountTable(database: $0).row(account) }
                known = row.flatMap { PasswordHash(kept: $0.password) }
                isCorrect = try (known ?? dummy).matches(password) && known != nil
            } catch {
                return completion(.failure(StoreError(storage: error)))
            }
            completion(.success(isCorrect))
            if isCorrect, let known, known.cost.work < cost.work { raise(account, from: known, password) }
        }
        if !isAccepted { completion(.failure(.poolIsFull)) }
    }

    /// Hashes a password again, at today's cost; where that fails the next login
    /// tries it.
    private func raise(_ account: AccountID, from known: PasswordHash, _ password: String) {
        guard !isClosed, let raised = try? PasswordHash(password, cost: cost) else { return }
        let kept = known.kept
        queue.async {
            try? self.session.pool.write {
                try AccountTable(database: $0).replacePassword(account, kept: kept, with: raised)
            }
        }
    }

    /// Changes an account's nickname, password or both: all or nothing.
    public func change(
        _ account: AccountID,
        nickname: Nickname?,
        password: String?,
        completion: @escaping @Sendable (Result<Account, StoreError>) -> Void
    ) {
        withHash(of: password, completion) { hash in
            { try $0.update(account, nickname: nickname, password: hash) }
        }
    }

    /// Makes a member of a nickname that is not registered.
    public func register(
        _ nickname: Nickname,
        password: String,
        completion: @escaping @Sendable (Result<Account, StoreError>) -> Void
    ) {
        let now = clock()
        withHash(of: password, completion) { hash in
            { table in
                guard let hash else { throw StoreError("a password is needed") }
                guard try table.count < Self.capacity else { throw StoreError("too many accounts") }
                return try table.insert(nickname, role: .member, password: hash, now: now)
            }
        }
    }

    /// Waits until everything that is under way is safe, and closes.
    ///
    /// Passwords that still wait for their hash fail: together they could take
    /// 10 seconds. Not from a completion: it would wait for itself.
    public func close() {
        let isFirst = state.withLock { state in
            defer { state.isClosed = true }
            return !state.isClosed
        }
        guard isFirst else { return }
        watch.stop()
        pool.drain()
        queue.sync { state.withLock { $0.observers = [] } }
        session.release()
    }

    // MARK: Changes

    private typealias Change = @Sendable (AccountTable) throws -> Account

    /// Hashes a password if there is one, then makes a change.
    private func withHash(
        of password: String?,
        _ completion: @escaping @Sendable (Result<Account, StoreError>) -> Void,
        _ change: @escaping @Sendable (PasswordHash?) -> Change
    ) {
        guard !isClosed else { return completion(.failure(.isClosed)) }
        guard let password else { return queue.async { self.make(change(nil), completion) } }
        let isAccepted = pool.submit(for: .newPassword) { [self] in
            guard !isClosed else { return completion(.failure(.isClosed)) }
            do {
                let hash = try PasswordHash(password, cost: cost)
                queue.async { self.make(change(hash), completion) }
            } catch {
                completion(.failure(StoreError("the password can't be hashed")))
            }
        }
        if !isAccepted { completion(.failure(.poolIsFull)) }
    }

    private func make(_ change: Change, _ completion: @Sendable (Result<Account, StoreError>) -> Void) {
        do {
            let account = try session.pool.writeDurably { try change(AccountTable(database: $0)) }
            // Where that fails the watch tries again.
            try? reload()
            completion(.success(account))
        } catch {
            completion(.failure(StoreError(storage: error)))
        }
    }

    /// Reads the accounts and tells the observers, if there is something new.
    private func reload() throws {
        let accounts = try session.pool.read { try AccountTable(database: $0).accounts }
        let observers = state.withLock { state -> [@Sendable ([Account]) -> Void] in
            guard state.accounts != accounts else { return [] }
            state.accounts = accounts
            return state.observers
        }
        for observer in observers { observer(accounts) }
    }
}
