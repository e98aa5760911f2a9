internal import ChatProtocol
internal import ChatServerCore

/// Whether requests of one connection are handled now, and what they have cost it.
struct RequestThrottle {
    /// Whether the next request is handled.
    enum State {
        /// It is handled at once.
        case open
        /// It waits until the loop has looked at the others, or until the store or the peer has caught up.
        case paused
        /// It waits until the connection's debt is paid.
        case resting
    }

    /// Whether the next request is handled.
    var state = State.open

    /// How many pages of history an unframed peer still has to get.
    ///
    /// It gets its answers in the order of its requests.
    var awaitedPages = 0

    /// How fast the connection may send requests.
    var budget = RequestBudget()
    /// How many requests were handled, and in which tick.
    private var taken = (count: 0, tick: UInt64(0))

    /// Counts a request.
    ///
    /// - Returns: Whether it is the last one for this tick.
    mutating func countRequest(in tick: UInt64, atMost most: Int) -> Bool {
        if taken.tick != tick { taken = (0, tick) }
        taken.count += 1
        return taken.count >= most
    }
}
