internal import GRDB

/// Keeps the full-text index behind the messages, a little at a time.
///
/// Indexing costs several times what the insertion costs, so it is no part of
/// a commit: nobody who waits for an answer waits for it.
enum SearchIndex {
    /// The most messages that one step takes: a few milliseconds' worth.
    static let stepSize = 256

    /// Takes the next messages into the index.
    ///
    /// - Returns: Whether there may be more.
    static func extend(_ database: Database) throws -> Bool {
        let next = try database.cachedStatement(
            sql: """
                SELECT max(id), count(*) FROM (
                    SELECT * FROM (
                        SELECT id FROM message
                        WHERE id > (SELECT through FROM search_state) ORDER BY id LIMIT \(stepSize)
                    )
                    UNION ALL
                    SELECT * FROM (
                        SELECT id FROM private_message
                        WHERE id > (SELECT through FROM search_state) ORDER BY id LIMIT \(stepSize)
                    )
                    ORDER BY 1 LIMIT \(stepSize)
                )
                """
        )
        var last: Int64 = 0
        var count: Int64 = 0
        try next.forEachRow { (last, count) = (next.int64(0), next.int64(1)) }
        guard count > 0 else { return false }
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
        return count >= stepSize
    }
}
