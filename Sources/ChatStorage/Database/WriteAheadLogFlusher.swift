internal import ChatSystem
internal import Dispatch
internal import Glibc
internal import Synchronization

/// Has the disk write down the commits of the last second, beside the writer.
///
/// SQLite itself does it at every checkpoint, which may be minutes away when
/// little is said. The write-ahead log is synced through a descriptor of its
/// own: SQLite holds no lock on that file that closing it could drop.
final class WriteAheadLogFlusher: Sendable {
    private struct State {
        var isScheduled = false
        var isClosed = false
    }

    private let path: String
    private let queue = DispatchQueue(label: "chat-tui.flush")
    private let state = Mutex(State())

    init(_ directory: DataDirectory) {
        path = "\(directory.databasePath)-wal"
    }

    /// Something was committed: within a second it will be on the disk.
    func noteCommit() {
        let schedules = state.withLock { state in
            guard !state.isScheduled, !state.isClosed else { return false }
            state.isScheduled = true
            return true
        }
        guard schedules else { return }
        queue.asyncAfter(deadline: .now() + .seconds(1)) { self.flush() }
    }

    /// Writes down what is left.
    func close() {
        state.withLock { $0.isClosed = true }
        queue.sync { self.flush() }
    }

    private func flush() {
        // Before the sync: what is committed during it needs another.
        state.withLock { $0.isScheduled = false }
        // A failing disk shows itself to SQLite, at the next checkpoint at the latest.
        try? OpenFile(opening: path, O_RDONLY).synchronize()
    }
}
