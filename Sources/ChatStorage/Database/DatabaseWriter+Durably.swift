internal import GRDB

extension DatabaseWriter {
    /// Writes in one transaction that is on the disk when this returns, whatever the database's usual setting.
    ///
    /// For rare changes that must not be lost. Everything committed before goes to the disk with it.
    func writeDurably<Value>(_ body: (Database) throws -> Value) throws -> Value {
        try writeWithoutTransaction { database in
            let usual = try Int.fetchOne(database, sql: "PRAGMA synchronous") ?? 2
            // With FULL, SQLite syncs its log before such a commit returns.
            try database.execute(sql: "PRAGMA synchronous = FULL")
            // This can't fail: it only sets a number of the connection.
            defer { try? database.execute(sql: "PRAGMA synchronous = \(usual)") }
            var result: Value?
            try database.inTransaction(.immediate) {
                result = try body(database)
                return .commit
            }
            guard let result else { throw DatabaseError(message: "the transaction was not run") }
            return result
        }
    }
}
