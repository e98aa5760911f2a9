internal import ChatProtocol
internal import ChatServerCore
internal import GRDB

/// Finds messages by their words, including the latest that are not in the index yet.
struct MessageSearch {
    let query: SearchQuery
    let includesPrivate: Bool
    /// The most messages to find; the latest are found first.
    let limit: Int

    /// Runs the search.
    ///
    /// - Returns: Newest first.
    func run(_ database: Database) throws -> [HistoryRecord] {
        var records = try searchTail(database)
        if records.count < limit { records += try searchIndex(database, limit: limit - records.count) }
        return records
    }

    private var kinds: [RecordKind] { includesPrivate ? [.message, .privateMessage] : [.message] }

    private func searchIndex(_ database: Database, limit: Int) throws -> [HistoryRecord] {
        var records: [HistoryRecord] = []
        for kind in kinds {
            let columns = kind.columns.split(separator: ", ").map { "kept.\($0)" }.joined(separator: ", ")
            let statement = try database.makeStatement(
                sql: """
                    SELECT \(columns) FROM search JOIN \(kind.rawValue) AS kept ON kept.id = search.rowid
                    WHERE search MATCH ? ORDER BY search.rowid DESC LIMIT ?
                    """
            )
            statement.set(query.match, at: 1)
            statement.set(Int64(limit), at: 2)
            records += try RecordReader(run: 0).read(kind, from: statement)
        }
        records.sort { $0.id > $1.id }
        return Array(records.prefix(limit))
    }

    /// Searches the messages that are not in the index yet, using a temporary index in memory.
    ///
    /// The temporary index keeps a tool from writing to the database of a running server. It works in parts, because
    /// after a busy hour there may be many messages.
    private func searchTail(_ database: Database) throws -> [HistoryRecord] {
        let through = try Int64.fetchOne(database, sql: "SELECT through FROM search_state") ?? 0
        let index = try DatabaseQueue()
        var found: [HistoryRecord] = []
        var before = Int64.max
        try index.write { database in
            try database.execute(
                sql: "CREATE VIRTUAL TABLE tail USING fts5 (sender, text, tokenize = '\(SearchTokenizer.description)')"
            )
        }
        while found.count < limit {
            let part = try kinds.flatMap { kind in
                let statement = try database.makeStatement(
                    sql: """
                        SELECT \(kind.columns) FROM \(kind.rawValue)
                        WHERE id > ? AND id < ? ORDER BY id DESC LIMIT \(Self.partSize)
                        """
                )
                statement.set(through, at: 1)
                statement.set(before, at: 2)
                return try RecordReader(run: 0).read(kind, from: statement)
            }
            .sorted { $0.id > $1.id }
            .prefix(Self.partSize)
            guard let last = part.last else { break }
            before = last.id.number
            let matching = try index.write { try matches(among: part, in: $0) }
            found += part.filter { matching.contains($0.id.number) }
        }
        return Array(found.prefix(limit))
    }

    private static let partSize = 5000

    private func matches(among records: ArraySlice<HistoryRecord>, in database: Database) throws -> Set<Int64> {
        try database.execute(sql: "DELETE FROM tail")
        let insert = try database.cachedStatement(sql: "INSERT INTO tail (rowid, sender, text) VALUES (?, ?, ?)")
        for record in records {
            guard case .chat(let chat) = record.content else { continue }
            insert.set(record.id.number, at: 1)
            insert.set(chat.sender, at: 2)
            insert.set(chat.text, at: 3)
            try insert.run()
        }
        return try Int64.fetchSet(
            database,
            sql: "SELECT rowid FROM tail WHERE tail MATCH ?",
            arguments: [query.match]
        )
    }
}
