public import ChatProtocol
public import ChatServerCore
internal import Dispatch
internal import GRDB
internal import Synchronization

/// Stores registered users in the data directory's database.
///
/// Passwords are hashed with scrypt, in a pool of limited size. Changes by another program (`chat-tui account`) are
/// noticed within ``AccountWatch/interval``.
public final class SQLiteAccountStore: AccountStore {
    /// The most accounts there may be: registration may be open to anyone, and a room keeps all accounts in memory.
    public static let capacity = 100_000

    private struct State {
        /// The accounts as last reported to the observers.
        var known: [AccountID: Account] = [:]
        /// The database's count of changes at that time.
        var revision: Int64 = 0
        var observers: [@Sendable (AccountChanges) -> Void] = []
        var isClosed = false
    }

    private let session: DatabaseSession
    private let cost: PasswordCost
    private let clock: UnixClock
    private let pool: PasswordPool
    private let patience: Duration
    private let watch: AccountWatch
    /// Accounts are changed and reported only on this queue, one at a time, so that observers never get old news after
    /// newer news.
    private let queue = DispatchQueue(label: "chat-tui.accounts")
    private let state = Mutex(State())
    /// The hash that is computed when the account no longer exists, so that the answer takes the same time.
    private let dummy: PasswordHash
    private var isClosed: Bool { state.withLock(\.isClosed) }

    init(
        _ session: DatabaseSession,
        cost: PasswordCost,
        pool: PasswordPool = PasswordPool(),
        patience: Duration = PasswordPool.patience,
        clock: @escaping UnixClock
    ) throws(StorageError) {
        self.session = session
        self.cost = cost
        self.clock = clock
        self.pool = pool
        self.patience = patience
        do {
            dummy = PasswordHash.unmatched(cost: cost)
            // Starts before the accounts are read, so that a change in between is noticed.
            watch = try AccountWatch(session.directory, files: session.files)
            let (revision, accounts) = try session.read { database in
                let table = AccountTable(database: database)
                return (try table.revision, try table.accounts)
            }
            state.withLock { state in
                state.revision = revision
                state.known = Dictionary(uniqueKeysWithValues: accounts.map { ($0.id, $0) })
            }
        } catch {
            throw StorageError(error, path: session.directory.databasePath)
        }
        watch.start(on: queue) { [weak self] in try self?.reload() }
    }

    /// Calls the observer with all accounts, oldest first, and then with each change, including changes by other
    /// programs.
    ///
    /// Must not be called from within an observer: it would wait for itself.
    public func observe(_ observer: @escaping @Sendable (AccountChanges) -> Void) {
        queue.sync {
            let known = state.withLock { state in
                state.observers.append(observer)
                return state.known
            }
            observer(AccountChanges(changed: known.values.sorted { $0.id.number < $1.id.number }))
        }
    }

    /// Compares a password with an account's.
    ///
    /// The time it takes shows neither where they differ nor whether the account exists.
    ///
    /// If a correct password's hash costs less than the configured cost, the password is hashed again. Fails if too
    /// many passwords are being checked, if this one has waited so long that the client has given up, or if the client
    /// is gone.
    public func verify(
        _ account: AccountID,
        password: String,
        isWanted: @escaping @Sendable () -> Bool = { true },
        completion: @escaping @Sendable (Result<Bool, StoreError>) -> Void
    ) {
        let asked = ContinuousClock.now
        let isAccepted = pool.submit { [self] in
            guard !isClosed else { return completion(.failure(.isClosed)) }
            guard isWanted() else { return completion(.failure(.nobodyWaits)) }
            guard asked.duration(to: .now) < patience else { return completion(.failure(.waitedTooLong)) }
            do {
                let row = try session.read { try AccountTable(database: $0).row(account) }
                let known = row.flatMap { PasswordHash(kept: $0.password) }
                let isCorrect = try (known ?? dummy).matches(password)
                guard isCorrect, let row, let known else { return completion(.success(false)) }
                queue.async { self.confirm(row.account, completion) }
                if known.cost.work < cost.work { raise(account, from: known, password) }
            } catch {
                completion(.failure(StoreError(storage: error)))
            }
        }
        if !isAccepted { completion(.failure(.poolIsFull)) }
    }

    /// Reports that a password is right, unless it was changed during the comparison.
    ///
    /// Changes by another program that were not reported yet are reported first: after a login, the room takes the
    /// account's current password as the one that was given.
    private func confirm(_ compared: Account, _ completion: @Sendable (Result<Bool, StoreError>) -> Void) {
        do {
            let account = try session.read { try AccountTable(database: $0).row(compared.id)?.account }
            if state.withLock({ $0.known[compared.id] }) != account { try? reload() }
            completion(.success(account?.credentialRevision == compared.credentialRevision))
        } catch {
            completion(.failure(StoreError(storage: error)))
        }
    }

    /// Hashes a password again at the configured cost; if that fails, the next login tries again.
    private func raise(_ account: AccountID, from known: PasswordHash, _ password: String) {
        guard !isClosed, let raised = try? PasswordHash(password, cost: cost) else { return }
        let kept = known.kept
        queue.async {
            _ = try? self.write { try $0.replacePassword(account, kept: kept, with: raised) }
        }
    }

    /// Changes an account's nickname, password or both; either everything is changed or nothing.
    public func change(
        _ account: Account,
        nickname: Nickname?,
        password: String?,
        completion: @escaping @Sendable (Result<Account, StoreError>) -> Void
    ) {
        withHash(of: password, completion) { hash in
            {
                try $0.update(
                    account.id,
                    nickname: nickname,
                    password: hash,
                    ifCredentialIs: account.credentialRevision
                )
            }
        }
    }

    /// Registers a nickname that has no account yet, as a member.
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

    /// Waits until all changes are stored, and closes.
    ///
    /// Passwords that still wait to be hashed fail, because hashing all of them could take 10 seconds. Must not be
    /// called from a completion: it would wait for itself.
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

    /// Hashes the password, if there is one, then makes a change.
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
            let (account, isAllThatIsNew) = try write(change)
            if isAllThatIsNew {
                state.withLock { $0.known[account.id] = account }
                tell(AccountChanges(changed: [account], asked: account.id))
            } else {
                // If this fails, the watch tries again.
                try? reload(asked: account.id)
            }
            completion(.success(account))
        } catch {
            // The user logged in with the old password, so the room has to learn of the new one.
            if error as? StoreError == .passwordHasChanged { try? reload() }
            completion(.failure(StoreError(storage: error)))
        }
    }

    /// Changes something in the database.
    ///
    /// - Returns: The result of `body`, and whether every other change in the database has been reported already.
    private func write<Value: Sendable>(_ body: (AccountTable) throws -> Value) throws -> (Value, Bool) {
        let (value, before, after) = try session.writeDurably { database in
            let table = AccountTable(database: database)
            let before = try table.revision
            let value = try body(table)
            return (value, before, try table.revision)
        }
        let isAllThatIsNew = state.withLock { state in
            guard state.revision == before else { return false }
            state.revision = after
            return true
        }
        return (value, isAllThatIsNew)
    }

    /// Reads all accounts and reports what has changed, if anything.
    ///
    /// With many accounts this takes a while. It runs on this queue, so that the observers, which have to be quick,
    /// don't do it.
    ///
    /// - Parameter asked: The account that was changed on request of somebody in the room.
    private func reload(asked: AccountID? = nil) throws {
        let (known, revision) = state.withLock { ($0.known, $0.revision) }
        let news = try session.read { database -> (Int64, [Account])? in
            let table = AccountTable(database: database)
            let now = try table.revision
            return now == revision ? nil : (now, try table.accounts)
        }
        guard let (now, accounts) = news else { return }
        let changes = AccountChanges(from: known, to: accounts, asked: asked)
        state.withLock { state in
            state.revision = now
            state.known = Dictionary(uniqueKeysWithValues: accounts.map { ($0.id, $0) })
        }
        if !changes.isEmpty { tell(changes) }
    }

    private func tell(_ changes: AccountChanges) {
        for observer in state.withLock(\.observers) { observer(changes) }
    }
}
