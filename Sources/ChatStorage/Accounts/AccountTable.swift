internal import ChatProtocol
internal import ChatServerCore
internal import Foundation
internal import GRDB

/// Reads and writes the accounts in the database, within one transaction.
struct AccountTable {
    let database: Database

    /// An account together with the columns that only the database uses.
    struct Row {
        var account: Account
        /// The password's hash as text, in the form of ``PasswordHash/kept``.
        var password: String
        /// When the account was created, in milliseconds since the Unix epoch.
        var created: Int64
    }

    /// A counter that rises whenever any account changes.
    var revision: Int64 {
        get throws { try Int64.fetchOne(database, sql: "SELECT revision FROM account_state") ?? 0 }
    }

    /// All rows, oldest first.
    var rows: [Row] {
        get throws { try rows(where: "1", []) }
    }

    /// All accounts, in the form that a room uses.
    var accounts: [Account] {
        get throws { try rows.map(\.account) }
    }

    /// The number of accounts.
    var count: Int {
        get throws { try Int.fetchOne(database, sql: "SELECT count(*) FROM account") ?? 0 }
    }

    func row(_ id: AccountID) throws -> Row? {
        try rows(where: "id = ?", [id.number]).first
    }

    func row(_ key: NicknameKey) throws -> Row? {
        try rows(where: "folded = ?", [key.column]).first
    }

    /// - Throws: `StoreError` if the nickname is taken.
    func insert(_ nickname: Nickname, role: Role, password: PasswordHash, now: Int64) throws -> Account {
        guard try row(nickname.key) == nil else { throw StoreError.nicknameIsTaken }
        try database.execute(
            sql: "INSERT INTO account (nickname, folded, role, password, created) VALUES (?, ?, ?, ?, ?)",
            arguments: [nickname.text, nickname.key.column, role.rawValue, password.kept, now]
        )
        return Account(id: AccountID(database.lastInsertedRowID), nickname: nickname, role: role)
    }

    /// - Parameter credential: If not nil, the password that the account must still have.
    /// - Throws: `StoreError` if there is no such account, if its password has changed since, or if the nickname is
    ///   taken.
    func update(
        _ id: AccountID,
        nickname: Nickname? = nil,
        role: Role? = nil,
        password: PasswordHash? = nil,
        ifCredentialIs credential: Int64? = nil
    ) throws -> Account {
        guard var row = try row(id) else { throw StoreError.noSuchAccount }
        if let credential, row.account.credentialRevision != credential { throw StoreError.passwordHasChanged }
        if let nickname {
            let holder = try self.row(nickname.key)
            guard holder == nil || holder?.account.id == id else { throw StoreError.nicknameIsTaken }
            row.account.nickname = nickname
        }
        if let role { row.account.role = role }
        if let password {
            row.password = password.kept
            row.account.credentialRevision &+= 1
        }
        try database.execute(
            sql: """
                UPDATE account SET nickname = ?, folded = ?, role = ?, password = ?, credential_revision = ?
                WHERE id = ?
                """,
            arguments: [
                row.account.nickname.text, row.account.nickname.key.column, row.account.role.rawValue,
                row.password, row.account.credentialRevision, id.number,
            ]
        )
        return row.account
    }

    /// Replaces a hash with a new one of the same password and other parameters, unless the password has changed since.
    func replacePassword(_ id: AccountID, kept old: String, with new: PasswordHash) throws {
        try database.execute(
            sql: "UPDATE account SET password = ? WHERE id = ? AND password = ?",
            arguments: [new.kept, id.number, old]
        )
    }

    /// Deletes an account, even if its nickname is not allowed by today's rules.
    ///
    /// - Returns: The number of deleted accounts.
    func delete(_ key: NicknameKey) throws -> Int {
        try database.execute(sql: "DELETE FROM account WHERE folded = ?", arguments: [key.column])
        return database.changesCount
    }

    private func rows(where condition: String, _ arguments: StatementArguments) throws -> [Row] {
        let rows = try GRDB.Row.fetchCursor(
            database,
            sql: """
                SELECT id, nickname, role, password, created, credential_revision FROM account
                WHERE \(condition) ORDER BY id
                """,
            arguments: arguments
        )
        var found: [Row] = []
        while let row = try rows.next() {
            // Skip a nickname that today's rules forbid: nobody can use it until an operator removes the account.
            guard let nickname = try? Nickname(row[1] as String), let role = Role(rawValue: row[2]) else { continue }
            let account = Account(id: AccountID(row[0]), nickname: nickname, role: role, credentialRevision: row[5])
            found.append(Row(account: account, password: row[3], created: row[4]))
        }
        return found
    }
}

extension NicknameKey {
    /// The key as stored.
    ///
    /// The database compares bytes, so canonically equivalent keys must have the same bytes.
    var column: String { folded.precomposedStringWithCanonicalMapping }
}

extension StoreError {
    static let nicknameIsTaken = StoreError("the nickname is registered")
    static let noSuchAccount = StoreError("no such account")
    static let passwordHasChanged = StoreError("the password was changed meanwhile")
    static let poolIsFull = StoreError("too many passwords are being checked")
    static let waitedTooLong = StoreError("it waited too long behind others")
    static let nobodyWaits = StoreError("who asked is gone")
    static let isClosed = StoreError("the store is closed")
}
