internal import GRDB

/// Extends the full-text index after the messages are committed, a little at a time.
///
/// Indexing costs several times as much as the insertion. It is not part of a commit, so nobody who waits for an answer
/// waits for it.
enum SearchIndex {
    /// Adds the next messages to the index.
    ///
    /// - Returns: Whether there are more.
    static func extend(_ database: Database) throws -> Bool {
        // In the order of ids, one row at a time from either table.
        let next = try database.cachedStatement(
            sql: """
                SELECT id, length(CAST(text AS BLOB)) FROM searchable
                WHERE id > (SELECT through FROM search_state) ORDER BY id
                """
        )
        var step = HousekeepingStep()
        var last: Int64 = 0
        var hasMore = false
        try next.forRows {
            hasMore = !step.take(bytes: next.int64(1))
            guard !hasMore else { return false }
            last = next.int64(0)
            return true
        }
        guard step.rows > 0 else { return false }
        let insert = try database.cachedStatement(
            sql: """
                INSERT INTO search (rowid, sender, text)
                SELECT id, sender, text FROM searchable
                WHERE id > (SELECT through FROM search_state) AND id <= ? ORDER BY id
                """
        )
        insert.set(last, at: 1)
        try insert.run()
        let note = try database.cachedStatement(sql: "UPDATE search_state SET through = ?")
        note.set(last, at: 1)
        try note.run()
        return hasMore
    }
}
