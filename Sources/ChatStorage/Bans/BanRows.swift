internal import ChatProtocol
internal import ChatServerCore
internal import Foundation
internal import GRDB

/// Reads and writes the bans in the database, within one transaction.
struct BanRows {
    let database: Database

    /// All bans, oldest first.
    var bans: [Ban] {
        get throws {
            let rows = try Row.fetchCursor(
                database,
                sql: "SELECT nickname, account, address, created, expires, admin, reason FROM ban ORDER BY id"
            )
            var bans: [Ban] = []
            while let row = try rows.next() {
                // Skip a nickname that today's rules forbid: nobody can have it.
                guard let nickname = try? Nickname(row[0] as String) else { continue }
                bans.append(
                    Ban(
                        nickname: nickname,
                        account: (row[1] as Int64?).map { AccountID($0) },
                        address: (row[2] as Data?).flatMap { NetworkAddress(bytes: $0) },
                        created: row[3],
                        expires: row[4],
                        admin: row[5],
                        reason: row[6]
                    )
                )
            }
            return bans
        }
    }

    /// Adds a ban, replacing one of the same nickname.
    func insert(_ ban: Ban) throws {
        try database.execute(
            sql: """
                INSERT OR REPLACE INTO ban (nickname, folded, account, address, created, expires, admin, reason)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                """,
            arguments: [
                ban.nickname.text, ban.nickname.key.column, ban.account?.number,
                (ban.address?.bytes).map { Data($0) }, ban.created, ban.expires, ban.admin, ban.reason,
            ]
        )
    }

    /// Deletes the ban of a nickname, if there is one.
    func delete(_ key: NicknameKey) throws {
        try database.execute(sql: "DELETE FROM ban WHERE folded = ?", arguments: [key.column])
    }

    /// Deletes the bans that have expired.
    func deleteExpired(at now: Int64) throws {
        try database.execute(sql: "DELETE FROM ban WHERE expires <= ?", arguments: [now])
    }
}
