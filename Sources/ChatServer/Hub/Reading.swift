internal import ChatProtocol
internal import ChatServerCore

/// Whether one connection is read from, and what its requests have cost it.
struct Reading {
    /// Whether the next request is taken.
    enum State {
        /// It is.
        case open
        /// It waits until the loop has looked at the others, or until the store
        /// or the peer has caught up.
        case paused
        /// It waits until the debt is paid.
        case resting
    }

    /// Whether the next request is taken.
    var state = State.open

    /// How many pages of history are on their way to an unframed peer, which gets
    /// its answers in the order of its requests.
    var awaitedPages = 0

    /// How fast it may ask for things.
    var budget = RequestBudget()
    /// The requests of one tick.
    private var taken = (count: 0, tick: UInt64(0))

    /// Counts a request, and says whether it is the last one for this tick.
    mutating func countRequest(in tick: UInt64, atMost most: Int) -> Bool {
        if taken.tick != tick { taken = (0, tick) }
        taken.count += 1
        return taken.count >= most
    }
}
