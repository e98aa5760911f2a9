internal import ChatProtocol
internal import ChatServerCore
internal import GRDB

/// Finds one page of the history, with only what its reader may see.
///
/// The permission check is part of each query. So a page is never shorter because something was filtered out of it, and
/// no query scans other people's messages.
struct HistoryLookup {
    /// The server's current run.
    let run: Int64
    /// The highest id allowed on a page: later records are stored but not announced yet.
    let ceiling: Int64

    /// Finds a page.
    func page(_ query: HistoryQuery, viewer: Identity, in database: Database) throws -> HistoryPage {
        let section = HistorySection(query, ceiling: MessageID(ceiling))
        let owner = StoredIdentity(viewer, run: run)
        let said = Self.merged(
            [
                try records(.message, section, in: database),
                try records(.privateMessage, section, of: owner, end: "first", in: database),
                try records(.privateMessage, section, of: owner, end: "second", in: database),
            ],
            section
        )
        let infos = try records(.info, section, in: database)
        return HistoryPage(choosingFrom: said, infos, section)
    }

    private func records(
        _ kind: RecordKind,
        _ section: HistorySection,
        of owner: StoredIdentity? = nil,
        end: String = "",
        in database: Database
    ) throws -> [HistoryRecord] {
        let condition = owner == nil ? "" : "AND \(end)_run = ?4 AND \(end)_owner = ?5"
        let statement = try database.cachedStatement(
            sql: """
                SELECT \(kind.columns) FROM \(kind.rawValue) WHERE id > ?1 AND id < ?2 \(condition)
                ORDER BY id \(section.isForward ? "ASC" : "DESC") LIMIT ?3
                """
        )
        statement.set(section.above, at: 1)
        statement.set(section.below, at: 2)
        statement.set(Int64(section.limit + 1), at: 3)
        if let owner {
            statement.set(owner.run, at: 4)
            statement.set(owner.owner, at: 5)
        }
        return try RecordReader(run: run).read(kind, from: statement)
    }

    /// Merges several lists into one, nearest first; a message to oneself is in two lists and is kept once.
    private static func merged(_ lists: [[HistoryRecord]], _ section: HistorySection) -> [HistoryRecord] {
        var records = lists[0]
        for list in lists.dropFirst() where !list.isEmpty {
            records += list
        }
        if records.count > lists[0].count {
            records.sort { ($0.id < $1.id) == section.isForward && $0.id != $1.id }
            var last: MessageID?
            records.removeAll { record in
                defer { last = record.id }
                return record.id == last
            }
        }
        return Array(records.prefix(section.limit + 1))
    }
}
