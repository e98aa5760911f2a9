internal import ChatProtocol
internal import ChatServerCore
internal import Foundation
internal import GRDB

/// The accounts in the database, within one transaction.
struct AccountTable {
    let database: Database

    /// A registered user with what the database alone knows.
    struct Row {
        var account: Account
        /// The kept form of the password's hash.
        var password: String
        /// Milliseconds since the Unix epoch.
        var created: Int64
    }

    /// Rises with every change of any account.
    var revision: Int64 {
        get throws { try Int64.fetchOne(database, sql: "SELECT revision FROM account_state") ?? 0 }
    }

    /// All of them, oldest first.
    var rows: [Row] {
        get throws { try rows(where: "1", []) }
    }

    /// All of them as a room knows them.
    var accounts: [Account] {
        get throws { try rows.map(\.account) }
    }

    /// How many there are.
    var count: Int {
        get throws { try Int.fetchOne(database, sql: "SELECT count(*) FROM account") ?? 0 }
    }

    func row(_ id: AccountID) throws -> Row? {
        try rows(where: "id = ?", [id.number]).first
    }

    func row(_ key: NicknameKey) throws -> Row? {
        try rows(where: "folded = ?", [key.column]).first
    }

    /// - Throws: `StoreError` where the nickname is taken.
    func insert(_ nickname: Nickname, role: Role, password: PasswordHash, now: Int64) throws -> Account {
        guard try row(nickname.key) == nil else { throw StoreError.nicknameIsTaken }
        try database.execute(
            sql: "INSERT INTO account (nickname, folded, role, password, created) VALUES (?, ?, ?, ?, ?)",
            arguments: [nickname.text, nickname.key.column, role.rawValue, password.kept, now]
        )
        return Account(id: AccountID(database.lastInsertedRowID), nickname: nickname, role: role)
    }

    /// - Parameter credential: Which password it still has to be, if that matters.
    /// - Throws: `StoreError` where there is no such account, it has another
    ///   password by now, or the nickname is somebody else's.
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

    /// Puts a hash with other parameters in place of one of the same password,
    /// unless the password was changed meanwhile.
    func replacePassword(_ id: AccountID, kept old: String, with new: PasswordHash) throws {
        try database.execute(
            sql: "UPDATE account SET password = ? WHERE id = ? AND password = ?",
            arguments: [new.kept, id.number, old]
        )
    }

    /// Deletes an account, one whose nickname today's rules forbid included.
    ///
    /// - Returns: How many there were.
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
            // A nickname that today's rules forbid is nobody's until an
            // operator removes it.
            guard let nickname = try? Nickname(row[1] as String), let role = Role(rawValue: row[2]) else { continue }
            let account = Account(id: AccountID(row[0]), nickname: nickname, role: role, credentialRevision: row[5])
            found.append(Row(account: account, password: row[3], created: row[4]))
        }
        return found
    }
}

extension NicknameKey {
    /// The key as the database compares it: byte by byte, so that canonically
    /// equivalent keys have to be the same bytes.
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
