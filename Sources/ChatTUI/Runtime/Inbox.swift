internal import ChatSession
internal import ChatSystem
internal import Glibc
internal import Synchronization

/// A queue in which other threads and signal handlers leave updates and signals for the program; a pipe wakes the
/// program from poll(2).
///
/// Its size is limited. While the program can't read it (because its terminal accepts no output), it keeps only as many
/// entries as the screen would keep.
final class Inbox: Sendable {
    /// The most timeline entries that may wait; more than the screen keeps.
    static let entryLimit = 20_000

    private struct State {
        var updates: [SessionUpdate] = []
        var entries = 0
    }

    /// Becomes readable when something is waiting.
    let readDescriptor: Int32
    /// Where a signal handler writes the number of its signal; writing never blocks.
    let writeDescriptor: Int32
    private let state = Mutex(State())
    private let isAwake = Atomic<Bool>(false)

    /// - Throws: ``SystemError`` if the process can't open more descriptors.
    init() throws(SystemError) {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0, let read = ends.first, let write = ends.last else { throw SystemError("pipe") }
        for end in ends {
            _ = fcntl(end, F_SETFD, FD_CLOEXEC)
            _ = fcntl(end, F_SETFL, fcntl(end, F_GETFL) | O_NONBLOCK)
        }
        readDescriptor = read
        writeDescriptor = write
    }

    deinit {
        close(readDescriptor)
        close(writeDescriptor)
    }

    /// Adds updates; may be called on any thread.
    func post(_ updates: [SessionUpdate]) {
        state.withLock { state in
            state.updates += updates
            for case .appended(let entries) in updates { state.entries += entries.count }
            if state.entries > Self.entryLimit { Self.dropOldest(&state) }
        }
        // However much is posted before the program reads, one byte is enough.
        guard !isAwake.exchange(true, ordering: .acquiringAndReleasing) else { return }
        var byte: UInt8 = 0
        _ = write(writeDescriptor, &byte, 1)
    }

    /// Empties the queue and returns signals and updates, each in order.
    ///
    /// Nothing else may empty the pipe, so that no wake-up is lost together with what it announced.
    func take() -> (signals: [Int32], updates: [SessionUpdate]) {
        let signals = drain()
        let updates = state.withLock { state in
            defer { state = State() }
            return state.updates
        }
        return (signals, updates)
    }

    private func drain() -> [Int32] {
        // Reset this only after the pipe is empty. Otherwise a wake-up during the reading would lose its byte, and no
        // later one would be written. Whatever was posted without a byte is already in the queue, which is read next.
        defer { isAwake.store(false, ordering: .sequentiallyConsistent) }
        var signals: [Int32] = []
        var bytes = [UInt8](repeating: 0, count: 256)
        while true {
            let count = read(readDescriptor, &bytes, bytes.count)
            guard count > 0 else {
                if count < 0, errno == EINTR { continue }
                return signals
            }
            signals += bytes.prefix(count).filter { $0 != 0 }.map(Int32.init)
        }
    }

    private static func dropOldest(_ state: inout State) {
        var excess = state.entries - entryLimit / 2
        state.entries -= excess
        state.updates = state.updates.compactMap { update in
            guard excess > 0, case .appended(let entries) = update else { return update }
            let kept = entries.dropFirst(excess)
            excess -= entries.count - kept.count
            return kept.isEmpty ? nil : .appended(Array(kept))
        }
    }
}
