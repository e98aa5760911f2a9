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

    private let queue: DatabaseQueue
    private let state = Mutex(State())

    init(_ directory: DataDirectory) throws {
        var configuration = Configuration.chat
        configuration.readonly = true
        queue = try DatabaseQueue(path: directory.databasePath, configuration: configuration)
        _ = hasChanged()
    }

    /// Calls `body` on a queue whenever there is news.
    func start(on target: DispatchQueue, _ body: @escaping @Sendable () -> Void) {
        target.asyncAfter(deadline: .now() + Self.interval) { [weak self] in
            guard let self, !state.withLock(\.isStopped) else { return }
            if hasChanged() { body() }
            start(on: target, body)
        }
    }

    /// Ends it.
    func stop() {
        state.withLock { $0.isStopped = true }
        try? queue.close()
    }

    /// Whether the accounts changed since the last look.
    func hasChanged() -> Bool {
        state.withLock { state in
            // A closed connection must not be asked anything.
            guard !state.isStopped,
                let version = try? queue.read({ try Int64.fetchOne($0, sql: "PRAGMA data_version") }),
                version != state.version,
                let revision = try? queue.read({ try AccountTable(database: $0).revision })
            else { return false }
            state.version = version
            defer { state.revision = revision }
            return revision != state.revision
        }
    }
}
