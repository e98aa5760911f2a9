internal import Dispatch
internal import GRDB
internal import Synchronization

/// Notices when any program changes an account.
///
/// Once a second it asks SQLite for a number that changes with every commit of
/// another connection; only then for one that changes with the accounts. Both
/// are in memory, so that this costs a few microseconds.
final class AccountWatch: Sendable {
    /// How often it looks.
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

    /// Calls `body` on a queue whenever there is news; where it fails, again at
    /// the next look.
    func start(on target: DispatchQueue, _ body: @escaping @Sendable () throws -> Void) {
        target.asyncAfter(deadline: .now() + Self.interval) { [weak self] in
            guard let self, !state.withLock(\.isStopped) else { return }
            // So that it is said although nobody writes.
            try? files?.check()
            try? look(body)
            start(on: target, body)
        }
    }

    /// Ends it.
    func stop() {
        state.withLock { $0.isStopped = true }
        try? queue.close()
    }

    /// Calls `body` if the accounts changed since the last look at which it
    /// succeeded.
    ///
    /// - Throws: What `body` throws, or where the database can't be read.
    func look(_ body: () throws -> Void) throws {
        guard let news = try news() else { return }
        if news.revision != state.withLock(\.revision) { try body() }
        state.withLock { ($0.version, $0.revision) = (news.version, news.revision) }
    }

    /// The numbers of now, if anything was committed since the last look.
    private func news() throws -> (version: Int64?, revision: Int64)? {
        try state.withLock { state in
            // A closed connection must not be asked anything.
            guard !state.isStopped else { return nil }
            let version = try queue.read { try Int64.fetchOne($0, sql: "PRAGMA data_version") }
            guard version != state.version else { return nil }
            return (version, try queue.read { try AccountTable(database: $0).revision })
        }
    }
}
