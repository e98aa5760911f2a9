internal import ChatSession
internal import Synchronization

/// Where the network's thread leaves what the interface has yet to see.
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

    private let state = Mutex(State())
    private let pipe: WakePipe

    /// Creates an inbox that ends the wait on a pipe when something comes in.
    init(waking pipe: WakePipe) {
        self.pipe = pipe
    }

    /// Adds updates; from any thread.
    func post(_ updates: [SessionUpdate]) {
        state.withLock { state in
            state.updates += updates
            for case .appended(let entries) in updates { state.entries += entries.count }
            if state.entries > Self.entryLimit { Self.dropOldest(&state) }
        }
        pipe.wake()
    }

    /// Takes all that is there, in order.
    func take() -> [SessionUpdate] {
        state.withLock { state in
            defer { state = State() }
            return state.updates
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
