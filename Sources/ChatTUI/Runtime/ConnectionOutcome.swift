internal import ChatSession

/// What there is to say about the connection once the screen is gone.
struct ConnectionOutcome: Hashable, Sendable {
    /// Whether the chat was ever reached: the server answered, whatever it said.
    private(set) var wasReached = false
    /// Why it is not connected, in words; nil while it is.
    private(set) var reason: String?

    /// Takes what the session says.
    mutating func take(_ update: SessionUpdate) {
        guard case .status(let status) = update else { return }
        switch status {
        case .connecting: break
        case .loggingIn, .online:
            wasReached = true
            reason = nil
        case .waiting(let reason, _, _), .ended(let reason):
            self.reason = reason
        }
    }
}
