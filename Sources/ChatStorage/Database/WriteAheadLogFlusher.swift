internal import ChatSystem
internal import Dispatch
internal import Glibc
internal import Synchronization

/// Makes sure that a commit is on the disk within a second, on a thread of its own.
///
/// SQLite syncs only at a checkpoint, which may be minutes away when there are few messages. The write-ahead log is
/// synced through a separate file descriptor. SQLite holds no lock on that file, so closing the descriptor releases
/// none.
final class WriteAheadLogFlusher: Sendable {
    private struct State {
        var isScheduled = false
        var isClosed = false
    }

    private let path: String
    private let queue = DispatchQueue(label: "chat-tui.flush")
    private let state = Mutex(State())

    /// - Parameter path: The path of the write-ahead log.
    init(_ path: String) {
        self.path = path
    }

    /// Called after a commit: schedules a sync, so that the commit is on the disk within a second.
    func noteCommit() {
        let schedules = state.withLock { state in
            guard !state.isScheduled, !state.isClosed else { return false }
            state.isScheduled = true
            return true
        }
        guard schedules else { return }
        queue.asyncAfter(deadline: .now() + .seconds(1)) { self.flush() }
    }

    /// Syncs what is left.
    func close() {
        state.withLock { $0.isClosed = true }
        queue.sync { self.flush() }
    }

    private func flush() {
        // Reset before the sync: a commit during the sync needs another one.
        state.withLock { $0.isScheduled = false }
        // SQLite reports a failing disk itself, at the next checkpoint at the latest.
        try? OpenFile(opening: path, O_RDONLY).synchronize()
    }
}
