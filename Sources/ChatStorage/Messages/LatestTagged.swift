internal import ChatProtocol
internal import ChatServerCore
internal import GRDB

/// Reads the latest messages that carry a client's tag (nonce).
struct LatestTagged {
    let run: Int64
    let limit: Int

    /// How many rows to look at for each result wanted: messages of old clients carry no tag, and there may be a
    /// million of them.
    private static let rowsPerResult = 4

    /// Reads the messages, oldest first.
    func read(_ database: Database) throws -> [HistoryRecord] {
        var records: [HistoryRecord] = []
        for kind in [RecordKind.message, .privateMessage] {
            let statement = try database.makeStatement(
                sql: """
                    SELECT \(kind.columns) FROM (
                        SELECT * FROM \(kind.rawValue) ORDER BY id DESC LIMIT ?1
                    )
                    WHERE nonce IS NOT NULL ORDER BY id DESC LIMIT ?2
                    """
            )
            statement.set(Int64(max(0, limit)) * Int64(Self.rowsPerResult), at: 1)
            statement.set(Int64(max(0, limit)), at: 2)
            records += try RecordReader(run: run).read(kind, from: statement)
        }
        records.sort { $0.id < $1.id }
        return records.suffix(max(0, limit))
    }
}
