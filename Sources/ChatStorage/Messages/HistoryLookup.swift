internal import ChatProtocol
internal import ChatServer
internal import ChatServerCore
internal import GRDB

/// Finds one page of the history, with only what its reader may see.
///
/// Who may see what is part of each query: a page is never shorter for what
/// was left out of it, and no look-up walks over other people's messages.
struct HistoryLookup {
    /// The present run of the server.
    let run: Int64
    /// The highest id that may be on a page: later ones are stored but not
    /// announced yet.
    let ceiling: Int64

    /// Finds a page.
    func page(_ query: HistoryQuery, viewer: Identity, in database: Database) throws -> HistoryPage {
        let range = Range(
            above: query.since?.number ?? -1,
            below: min(query.before?.number ?? .max, ceiling == .max ? .max : ceiling + 1),
            isForward: query.since != nil,
            limit: min(max(query.limit ?? Limits.framedHistoryCount, 0), Limits.framedHistoryMaximum)
        )
        let owner = StoredIdentity(viewer, run: run)
        let said = Self.merged(
            [
                try records(.message, range, in: database),
                try records(.privateMessage, range, of: owner, end: "first", in: database),
                try records(.privateMessage, range, of: owner, end: "second", in: database),
            ],
            range
        )
        let infos = try records(.info, range, in: database)
        return HistoryPage(choosingFrom: said, infos, limit: range.limit, isForward: range.isForward)
    }

    private struct Range {
        var above: Int64
        var below: Int64
        var isForward: Bool
        var limit: Int
    }

    private func records(
        _ kind: RecordKind,
        _ range: Range,
        of owner: StoredIdentity? = nil,
        end: String = "",
        in database: Database
    ) throws -> [HistoryRecord] {
        let condition = owner == nil ? "" : "AND \(end)_run = ?4 AND \(end)_owner = ?5"
        let statement = try database.cachedStatement(
            sql: """
                SELECT \(kind.columns) FROM \(kind.rawValue) WHERE id > ?1 AND id < ?2 \(condition)
                ORDER BY id \(range.isForward ? "ASC" : "DESC") LIMIT ?3
                """
        )
        statement.set(range.above, at: 1)
        statement.set(range.below, at: 2)
        statement.set(Int64(range.limit + 1), at: 3)
        if let owner {
            statement.set(owner.run, at: 4)
            statement.set(owner.owner, at: 5)
        }
        return try RecordReader(run: run).read(kind, from: statement)
    }

    /// Makes one list of several, nearest first; a message to oneself is in two of them.
    private static func merged(_ lists: [[HistoryRecord]], _ range: Range) -> [HistoryRecord] {
        var records = lists[0]
        for list in lists.dropFirst() where !list.isEmpty {
            records += list
        }
        if records.count > lists[0].count {
            records.sort { ($0.id < $1.id) == range.isForward && $0.id != $1.id }
            var last: MessageID?
            records.removeAll { record in
                defer { last = record.id }
                return record.id == last
            }
        }
        return Array(records.prefix(range.limit + 1))
    }
}
