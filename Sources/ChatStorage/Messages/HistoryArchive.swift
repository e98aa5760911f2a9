internal import ChatProtocol
public import ChatServerCore
internal import GRDB

/// The history of a data directory, for its operator to read.
///
/// Works whether a server is running or not, and writes nothing.
public final class HistoryArchive: Sendable {
    private let queue: DatabaseQueue

    /// Opens the history for reading.
    ///
    /// - Throws: ``StorageError``, whose description is one line for the operator.
    public init(_ directory: DataDirectory) throws(StorageError) {
        guard directory.hasDatabase else { throw .missing(path: directory.path) }
        do {
            var configuration = Configuration.chat
            configuration.readonly = true
            queue = try DatabaseQueue(path: directory.databasePath, configuration: configuration)
            let (isNewer, isComplete) = try queue.read { database in
                let migrator = Migrations.migrator
                return (try migrator.hasBeenSuperseded(database), try migrator.hasCompletedMigrations(database))
            }
            if isNewer { throw StorageError.newer(path: directory.path) }
            if !isComplete { throw StorageError.outdated(path: directory.path) }
        } catch {
            throw StorageError(error, path: directory.databasePath)
        }
    }

    /// Reads everything, oldest first.
    ///
    /// - Parameters:
    ///   - includesPrivate: Whether private messages are read too.
    ///   - includesInfos: Whether joins, leaves and the like are read too.
    ///   - body: Called for each record.
    /// - Throws: What reading or `body` throws.
    public func forEach(
        includesPrivate: Bool,
        includesInfos: Bool,
        _ body: (HistoryRecord) throws -> Void
    ) throws {
        let kinds = RecordKind.allCases.filter { kind in
            switch kind {
            case .message: true
            case .privateMessage: includesPrivate
            case .info: includesInfos
            }
        }
        var last: Int64 = -1
        // One page at a time: a single long read would keep the server from resetting its write-ahead log.
        while let page = try queue.read({ try Self.page(of: kinds, after: last, in: $0) }) {
            for record in page { try body(record) }
            last = page.last?.id.number ?? last
        }
    }

    /// Finds the latest messages with certain words, including messages of the last second.
    ///
    /// - Returns: Oldest first, at most `limit`.
    public func search(_ query: SearchQuery, includesPrivate: Bool, limit: Int) throws -> [HistoryRecord] {
        let search = MessageSearch(query: query, includesPrivate: includesPrivate, limit: max(0, limit))
        return try queue.read(search.run).reversed()
    }

    private static let pageSize = 1000

    private static func page(
        of kinds: [RecordKind],
        after last: Int64,
        in database: Database
    ) throws -> [HistoryRecord]? {
        var records: [HistoryRecord] = []
        // If a list fills its page, all lists end at its last record. Otherwise records of the full one would be left
        // out.
        var end = Int64.max
        for kind in kinds {
            let statement = try database.cachedStatement(
                sql: "SELECT \(kind.columns) FROM \(kind.rawValue) WHERE id > ? ORDER BY id LIMIT \(pageSize)"
            )
            statement.set(last, at: 1)
            let list = try RecordReader(run: 0).read(kind, from: statement)
            if list.count == pageSize, let number = list.last?.id.number { end = min(end, number) }
            records += list
        }
        records.removeAll { $0.id.number > end }
        records.sort { $0.id < $1.id }
        return records.isEmpty ? nil : records
    }
}
