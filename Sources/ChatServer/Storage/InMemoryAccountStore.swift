public import ChatProtocol
public import ChatServerCore
internal import Synchronization

/// Keeps registered users for as long as the process lives.
public final class InMemoryAccountStore: AccountStore {
    private struct Entry {
        var account: Account
        var password: [UInt8]
    }

    private struct State {
        var entries: [AccountID: Entry] = [:]
        var order: [AccountID] = []
        var owners: [NicknameKey: AccountID] = [:]
        var observers: [@Sendable (AccountChanges) -> Void] = []
        var nextNumber: Int64 = 1

        var accounts: [Account] { order.compactMap { entries[$0]?.account } }

        func isTaken(_ nickname: Nickname, except own: AccountID? = nil) -> Bool {
            owners[nickname.key].map { $0 != own } ?? false
        }

        mutating func add(_ nickname: Nickname, role: Role, password: String) -> Account {
            let account = Account(id: AccountID(nextNumber), nickname: nickname, role: role)
            nextNumber += 1
            entries[account.id] = Entry(account: account, password: Array(password.utf8))
            order.append(account.id)
            owners[nickname.key] = account.id
            return account
        }
    }

    /// The most accounts, because registration is open to anyone and memory is not endless.
    public static let capacity = 100_000

    private let state: Mutex<State>

    /// The result of adding the users given at the start.
    public let users: RegistrationOutcome

    /// Creates a store.
    ///
    /// - Parameter users: The users who are registered from the start.
    public init(users: [RegisteredUser] = []) {
        var state = State()
        self.users = RegistrationOutcome(registering: users) {
            state.add($0.nickname, role: $0.role, password: $0.password)
        }
        self.state = Mutex(state)
    }

    /// Reports all accounts, and then each change of them.
    public func observe(_ observer: @escaping @Sendable (AccountChanges) -> Void) {
        let accounts = state.withLock { state in
            state.observers.append(observer)
            return state.accounts
        }
        observer(AccountChanges(changed: accounts))
    }

    /// Compares a password with an account's.
    ///
    /// The time it takes does not depend on where the two differ.
    public func verify(
        _ account: AccountID,
        password: String,
        isWanted: @escaping @Sendable () -> Bool = { true },
        completion: @escaping @Sendable (Result<Bool, StoreError>) -> Void
    ) {
        let kept = state.withLock { $0.entries[account]?.password }
        let isEqual = Self.isEqual(Array(password.utf8), kept ?? [])
        // An account with an empty password can't be logged in to.
        completion(.success(isEqual && kept?.isEmpty == false))
    }

    /// Changes an account's nickname, password or both: all or nothing.
    public func change(
        _ account: Account,
        nickname: Nickname?,
        password: String?,
        completion: @escaping @Sendable (Result<Account, StoreError>) -> Void
    ) {
        change(completion) { state in
            guard var entry = state.entries[account.id] else { return .failure(StoreError("no such account")) }
            guard entry.account.credentialRevision == account.credentialRevision else {
                return .failure(StoreError("the password was changed meanwhile"))
            }
            if let nickname {
                guard !state.isTaken(nickname, except: account.id) else {
                    return .failure(StoreError("the nickname is registered"))
                }
                state.owners[entry.account.nickname.key] = nil
                state.owners[nickname.key] = account.id
                entry.account.nickname = nickname
            }
            if let password {
                entry.password = Array(password.utf8)
                entry.account.credentialRevision &+= 1
            }
            state.entries[account.id] = entry
            return .success(entry.account)
        }
    }

    /// Registers a nickname that is not registered yet.
    public func register(
        _ nickname: Nickname,
        password: String,
        completion: @escaping @Sendable (Result<Account, StoreError>) -> Void
    ) {
        change(completion) { state in
            guard !state.isTaken(nickname) else { return .failure(StoreError("the nickname is registered")) }
            guard state.order.count < Self.capacity else { return .failure(StoreError("too many accounts")) }
            return .success(state.add(nickname, role: .member, password: password))
        }
    }

    /// Drops the observers; there is nothing to wait for.
    public func close() {
        state.withLock { $0.observers = [] }
    }

    /// Changes the accounts, and tells first the observers, then the caller.
    private func change(
        _ completion: @Sendable (Result<Account, StoreError>) -> Void,
        _ body: (inout State) -> Result<Account, StoreError>
    ) {
        let (result, observers) = state.withLock { (body(&$0), $0.observers) }
        if case .success(let account) = result {
            for observer in observers { observer(AccountChanges(changed: [account], asked: account.id)) }
        }
        completion(result)
    }

    private static func isEqual(_ left: [UInt8], _ right: [UInt8]) -> Bool {
        var difference = left.count == right.count ? 0 : 1 as UInt8
        for index in 0..<max(left.count, right.count) {
            let one = index < left.count ? left[index] : 0
            let other = index < right.count ? right[index] : 0
            difference |= one ^ other
        }
        return difference == 0
    }
}
