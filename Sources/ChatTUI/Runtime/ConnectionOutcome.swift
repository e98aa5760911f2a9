internal import ChatSession

/// What there is to say about the connection once the screen is gone.
struct ConnectionOutcome: Hashable, Sendable {
    /// Whether the chat was ever reached: the server answered, whatever it said.
    private(set) var wasReached = false
    /// Why it is not connected, in words; nil while it is.
    private(set) var reason: String?
    /// Whether it is not connected because the server was not trusted.
    private(set) var isDistrusted = false

    /// Notes what an update says about the connection.
    mutating func note(_ update: SessionUpdate) {
        guard case .status(let status) = update else { return }
        switch status {
        case .connecting: isDistrusted = false
        case .loggingIn, .online:
            wasReached = true
            reason = nil
        case .waiting(let reason, _, _), .ended(let reason):
            self.reason = reason
        case .distrusted(let reason):
            self.reason = reason
            isDistrusted = true
        }
    }
}
