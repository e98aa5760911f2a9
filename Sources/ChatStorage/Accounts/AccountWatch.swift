internal import Dispatch
internal import GRDB
internal import Synchronization

/// Notices when any program changes an account.
///
/// Once a second it asks SQLite for a number that changes with every commit by another connection. Only if that has
/// changed, it reads a number that changes with the accounts. Both are in memory, so a check costs a few microseconds.
final class AccountWatch: Sendable {
    /// How often to check.
    static let interval = DispatchTimeInterval.seconds(1)

    private struct State {
        var version: Int64?
        var revision: Int64?
        var isStopped = false
    }

    private let files: DatabaseFiles?
    private let queue: DatabaseQueue
    private let state = Mutex(State())

    init(_ directory: DataDirectory, files: DatabaseFiles? = nil) throws {
        self.files = files
        var configuration = Configuration.chat
        configuration.readonly = true
        queue = try DatabaseQueue(path: directory.databasePath, configuration: configuration)
        try look {}
    }

    /// Calls `body` on a queue whenever accounts have changed; if `body` fails, it is called again at the next check.
    func start(on target: DispatchQueue, _ body: @escaping @Sendable () throws -> Void) {
        target.asyncAfter(deadline: .now() + Self.interval) { [weak self] in
            guard let self, !state.withLock(\.isStopped) else { return }
            // Warns about missing database files even if nobody writes.
            try? files?.check(.mounts)
            try? look(body)
            start(on: target, body)
        }
    }

    /// Stops watching.
    func stop() {
        state.withLock { $0.isStopped = true }
        try? queue.close()
    }

    /// Calls `body` if the accounts have changed since the last check at which it succeeded.
    ///
    /// - Throws: Whatever `body` throws, or an error if the database can't be read.
    func look(_ body: () throws -> Void) throws {
        guard let news = try news() else { return }
        if news.revision != state.withLock(\.revision) { try body() }
        state.withLock { ($0.version, $0.revision) = (news.version, news.revision) }
    }

    /// The current numbers, if anything was committed since the last check; else nil.
    private func news() throws -> (version: Int64?, revision: Int64)? {
        try state.withLock { state in
            // A closed connection must not be used.
            guard !state.isStopped else { return nil }
            let version = try queue.read { try Int64.fetchOne($0, sql: "PRAGMA data_version") }
            guard version != state.version else { return nil }
            return (version, try queue.read { try AccountTable(database: $0).revision })
        }
    }
}
