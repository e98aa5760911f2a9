public import ChatProtocol
public import ChatServerCore
internal import ChatSystem
internal import GRDB

/// The accounts of a data directory, for the operator: reads and changes them whether a server is running or not.
///
/// Every call waits for the disk. Calls with a password also wait until it is hashed.
public final class AccountBook: Sendable {
    /// An account as the operator sees it.
    public struct Entry: Hashable, Sendable {
        /// The account.
        public var account: Account
        /// When the account was created, in milliseconds since the Unix epoch.
        public var created: Int64
    }

    private let writer: any DatabaseWriter
    private let directory: DataDirectory
    private let cost: PasswordCost

    /// Opens the accounts of a directory.
    ///
    /// - Parameters:
    ///   - creates: Whether to create the directory if it is missing.
    ///   - cost: How expensive hashing a password is.
    /// - Throws: ``StorageError``, whose description is one line for the operator.
    public init(
        _ directory: DataDirectory,
        creates: Bool,
        cost: PasswordCost = .standard
    ) throws(StorageError) {
        writer = try DatabaseQueue.openForTool(directory, creates: creates)
        self.directory = directory
        self.cost = cost
    }

    /// Opens the accounts of a running server.
    init(_ session: DatabaseSession, cost: PasswordCost) {
        writer = session.pool
        directory = session.directory
        self.cost = cost
    }

    /// All accounts, oldest first.
    ///
    /// - Throws: ``StorageError``.
    public func entries() throws -> [Entry] {
        try read { try $0.rows.map { Entry(account: $0.account, created: $0.created) } }
    }

    /// Whether a nickname is registered.
    ///
    /// - Throws: ``StorageError``.
    public func contains(_ key: NicknameKey) throws -> Bool {
        try read { try $0.row(key) } != nil
    }

    /// Why a nickname can't be registered; nil if nothing prevents it.
    ///
    /// - Throws: ``StorageError``.
    public func obstacle(to nickname: Nickname) throws -> RegistrationObstacle? {
        RegistrationObstacle(to: nickname, beside: try entries().map(\.account.nickname))
    }

    /// Creates an account.
    ///
    /// - Throws: `StoreError` if the nickname is taken, ``StorageError`` otherwise.
    public func add(_ nickname: Nickname, password: String, role: Role) throws -> Account {
        // Check before hashing, which is slow.
        if try contains(nickname.key) { throw StoreError.nicknameIsTaken }
        let hash = try PasswordHash(password, cost: cost)
        return try write { try $0.insert(nickname, role: role, password: hash, now: SystemClock.unixMilliseconds) }
    }

    /// Creates an account for each user in the list who has none and may have one; existing accounts keep their
    /// password and role.
    ///
    /// - Throws: ``StorageError``.
    public func add(_ users: [RegisteredUser]) throws -> RegistrationOutcome {
        try RegistrationOutcome(registering: users, beside: entries().map(\.account)) {
            try add($0.nickname, password: $0.password, role: $0.role)
        }
    }

    /// Deletes an account; if its user is logged in, the user becomes a guest or is disconnected.
    ///
    /// - Throws: `StoreError` if there is no such account, ``StorageError`` otherwise.
    public func remove(_ nickname: String) throws {
        let count = try write { try $0.delete(NicknameKey(nickname)) }
        guard count > 0 else { throw StoreError.noSuchAccount }
    }

    /// Changes the password of an account.
    ///
    /// - Throws: `StoreError` if there is no such account, ``StorageError`` otherwise.
    public func setPassword(of nickname: String, to password: String) throws {
        let id = try self.id(of: nickname)
        let hash = try PasswordHash(password, cost: cost)
        _ = try write { try $0.update(id, password: hash) }
    }

    /// Changes the role of an account.
    ///
    /// - Throws: `StoreError` if there is no such account, ``StorageError`` otherwise.
    public func setRole(of nickname: String, to role: Role) throws {
        let id = try self.id(of: nickname)
        _ = try write { try $0.update(id, role: role) }
    }

    /// - Throws: `StoreError` if there is no such account.
    private func id(of nickname: String) throws -> AccountID {
        guard let row = try read({ try $0.row(NicknameKey(nickname)) }) else { throw StoreError.noSuchAccount }
        return row.account.id
    }

    private func read<Value>(_ body: (AccountTable) throws -> Value) throws -> Value {
        do {
            return try writer.read { try body(AccountTable(database: $0)) }
        } catch let error as DatabaseError {
            throw StorageError(error, path: directory.databasePath)
        }
    }

    private func write<Value>(_ body: (AccountTable) throws -> Value) throws -> Value {
        do {
            return try writer.writeDurably { try body(AccountTable(database: $0)) }
        } catch let error as DatabaseError {
            throw StorageError(error, path: directory.databasePath)
        }
    }
}
