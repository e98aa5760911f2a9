internal import GRDB

extension DatabaseWriter {
    /// Writes in one transaction that is on the disk when this returns,
    /// whatever is usual for this database.
    ///
    /// For what is rare and must not come undone. With it everything committed
    /// before goes to the disk, too.
    func writeDurably<Value>(_ body: (Database) throws -> Value) throws -> Value {
        try writeWithoutTransaction { database in
            let usual = try Int.fetchOne(database, sql: "PRAGMA synchronous") ?? 2
            // SQLite syncs its log at such a commit, and after it is written.
            try database.execute(sql: "PRAGMA synchronous = FULL")
            // Nothing that could fail: it only sets a number of the connection.
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
