public import ChatProtocol
public import ChatServerCore
internal import ChatSystem
internal import GRDB

/// The accounts of a data directory as its operator keeps them, beside a
/// running server or without one.
///
/// Every call waits for the disk, and where a password is involved for its hash.
public final class AccountBook: Sendable {
    /// An account as an operator sees it.
    public struct Entry: Hashable, Sendable {
        /// The account.
        public var account: Account
        /// When it was made, in milliseconds since the Unix epoch.
        public var created: Int64
    }

    /// What became of a list of users.
    public struct Outcome: Hashable, Sendable {
        /// The accounts that were made.
        public var added: [Account] = []
        /// Those of them whose password is shorter than a new one may be.
        public var weak: [Account] = []
        /// The accounts that were there before, as they are.
        public var existing: [Account] = []
        /// The users who were left out, because a reader may take them for others.
        public var lookalikes: [Lookalike] = []
    }

    /// A nickname that a reader may take for another.
    public struct Lookalike: Hashable, Sendable, CustomStringConvertible {
        /// The nickname.
        public var nickname: Nickname
        /// The registered one that it looks like.
        public var registered: Nickname

        /// The line for the operator, without a full stop.
        public var description: String { "\(nickname.text) looks like \(registered.text), who is registered" }
    }

    private let writer: any DatabaseWriter
    private let directory: DataDirectory
    private let cost: PasswordCost

    /// Opens the accounts of a directory.
    ///
    /// - Parameters:
    ///   - creates: Whether a directory that is missing is made.
    ///   - cost: What hashing a password costs.
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

    /// The accounts of a running server.
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

    /// A registered nickname that a reader may take for this one; nil where
    /// there is none.
    ///
    /// - Throws: ``StorageError``.
    public func lookalike(of nickname: Nickname) throws -> Lookalike? {
        let look = NicknameLook(nickname.text)
        let registered = try entries().map(\.account.nickname).first {
            $0.key != nickname.key && NicknameLook($0.text).resembles(look)
        }
        return registered.map { Lookalike(nickname: nickname, registered: $0) }
    }

    /// Makes an account.
    ///
    /// - Throws: `StoreError` where the nickname is taken, ``StorageError``.
    public func add(_ nickname: Nickname, password: String, role: Role) throws -> Account {
        // Before the hash, which takes long.
        if try contains(nickname.key) { throw StoreError.nicknameIsTaken }
        let hash = try PasswordHash(password, cost: cost)
        return try write { try $0.insert(nickname, role: role, password: hash, now: SystemClock.unixMilliseconds) }
    }

    /// Makes the accounts of a list, where they are missing; those that are
    /// there stay as they are, password and role included.
    ///
    /// Of two users with the same nickname the later one counts, as in the
    /// original. Of two who look alike the earlier one is registered.
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

    /// Deletes an account; its user, if logged in, becomes a guest or is sent away.
    ///
    /// - Throws: `StoreError` where there is no such account, ``StorageError``.
    public func remove(_ nickname: String) throws {
        let count = try write { try $0.delete(NicknameKey(nickname)) }
        guard count > 0 else { throw StoreError.noSuchAccount }
    }

    /// Gives an account another password.
    ///
    /// - Throws: `StoreError` where there is no such account, ``StorageError``.
    public func setPassword(of nickname: String, to password: String) throws {
        let id = try self.id(of: nickname)
        let hash = try PasswordHash(password, cost: cost)
        _ = try write { try $0.update(id, password: hash) }
    }

    /// Gives an account another role.
    ///
    /// - Throws: `StoreError` where there is no such account, ``StorageError``.
    public func setRole(of nickname: String, to role: Role) throws {
        let id = try self.id(of: nickname)
        _ = try write { try $0.update(id, role: role) }
    }

    /// - Throws: `StoreError` where there is no such account.
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
