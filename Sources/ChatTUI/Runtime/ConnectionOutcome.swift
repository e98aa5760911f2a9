internal import ChatSession

/// What to report about the connection after the screen is closed.
struct ConnectionOutcome: Hashable, Sendable {
    /// Whether the server was ever reached, that is, whether it has answered anything.
    private(set) var wasReached = false
    /// Why there is no connection, in words; nil while there is one.
    private(set) var reason: String?
    /// Whether there is no connection because the server was not trusted.
    private(set) var isDistrusted = false

    /// Records what an update says about the connection.
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
