internal import ChatSession
internal import ChatSystem
internal import Glibc
internal import Synchronization

/// Where other threads and signal handlers leave what the program has yet to
/// see, with a pipe that ends its sleep in poll(2).
///
/// It is bounded: while the program can't look (its terminal takes no output),
/// only as many entries are kept as the screen would keep anyway.
final class Inbox: Sendable {
    /// How many entries of the timeline may wait; above the screen's own bound.
    static let entryLimit = 20_000

    private struct State {
        var updates: [SessionUpdate] = []
        var entries = 0
    }

    /// Becomes readable when there is something to see to.
    let readDescriptor: Int32
    /// Where a signal handler writes the number of its signal; never waits.
    let writeDescriptor: Int32
    private let state = Mutex(State())
    private let isAwake = Atomic<Bool>(false)

    /// - Throws: ``SystemError`` when the process may open no more descriptors.
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

    /// Adds updates; from any thread.
    func post(_ updates: [SessionUpdate]) {
        state.withLock { state in
            state.updates += updates
            for case .appended(let entries) in updates { state.entries += entries.count }
            if state.entries > Self.entryLimit { Self.dropOldest(&state) }
        }
        // However much is posted before the program looks, it is one byte.
        guard !isAwake.exchange(true, ordering: .acquiringAndReleasing) else { return }
        var byte: UInt8 = 0
        _ = write(writeDescriptor, &byte, 1)
    }

    /// Empties the inbox: signals and updates, each in order.
    ///
    /// The only way to empty the pipe, so that no wake-up can get lost without
    /// what it announced.
    func take() -> (signals: [Int32], updates: [SessionUpdate]) {
        let signals = drain()
        let updates = state.withLock { state in
            defer { state = State() }
            return state.updates
        }
        return (signals, updates)
    }

    private func drain() -> [Int32] {
        // Last: a wake-up while the pipe is being emptied would otherwise lose its
        // byte to this very reading, and leave no later one to be written. What
        // came without a byte was there before this, and is found by looking.
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
