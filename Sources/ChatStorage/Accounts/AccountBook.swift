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

    /// The result of adding a list of users.
    public struct Outcome: Hashable, Sendable {
        /// The accounts that were created.
        public var added: [Account] = []
        /// Those created accounts whose password is shorter than a new password may be.
        public var weak: [Account] = []
        /// The accounts that already existed; they were not changed.
        public var existing: [Account] = []
        /// The users who got no account, because readers could confuse their nickname with a registered one.
        public var lookalikes: [Lookalike] = []
    }

    /// A nickname that readers could confuse with a registered one.
    public struct Lookalike: Hashable, Sendable, CustomStringConvertible {
        /// The nickname.
        public var nickname: Nickname
        /// The registered nickname that it looks like.
        public var registered: Nickname

        /// One line for the operator, without a full stop.
        public var description: String { "\(nickname.text) looks like \(registered.text), who is registered" }
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

    /// Finds a registered nickname that readers could confuse with this one; nil if there is none.
    ///
    /// - Throws: ``StorageError``.
    public func lookalike(of nickname: Nickname) throws -> Lookalike? {
        let look = NicknameLook(nickname.text)
        let registered = try entries().map(\.account.nickname).first {
            $0.key != nickname.key && NicknameLook($0.text).resembles(look)
        }
        return registered.map { Lookalike(nickname: nickname, registered: $0) }
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

    /// Creates an account for each user in the list who has none; existing accounts keep their password and role.
    ///
    /// If the list has the same nickname twice, the later entry counts, as in the original program. If two nicknames
    /// look alike, the earlier one is registered.
    ///
    /// - Throws: ``StorageError``.
    public func add(_ users: [RegisteredUser]) throws -> Outcome {
        var outcome = Outcome()
        var last: [NicknameKey: Int] = [:]
        for (index, user) in users.enumerated() { last[user.nickname.key] = index }
        for (index, user) in users.enumerated() where last[user.nickname.key] == index {
            if let row = try read({ try $0.row(user.nickname.key) }) {
                outcome.existing.append(row.account)
            } else if let lookalike = try lookalike(of: user.nickname) {
                outcome.lookalikes.append(lookalike)
            } else {
                let account = try add(user.nickname, password: user.password, role: user.role)
                outcome.added.append(account)
                if user.password.count < Limits.passwordMinimumCharacters { outcome.weak.append(account) }
            }
        }
        return outcome
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
