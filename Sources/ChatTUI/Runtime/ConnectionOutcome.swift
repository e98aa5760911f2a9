internal import ChatSession

/// What to report about the connection after the screen is closed.
struct ConnectionOutcome: Hashable, Sendable {
    /// Whether a chat server was ever reached: the user was let in, or refused in its words.
    private(set) var wasReached = false
    /// Why the user is not in the chat, in words; nil if they are, or if they were asked for something.
    private(set) var reason: String?
    /// Whether there is no connection because the server was not trusted.
    private(set) var isDistrusted = false

    /// Records what an update says about the connection.
    mutating func note(_ update: SessionUpdate) {
        switch update {
        case .status(let status): note(status)
        case .loginNeeded(let refusal, _):
            if refusal != nil { wasReached = true }
            reason = nil
        case .plainPasswordQuestion: reason = nil
        default: break
        }
    }

    private mutating func note(_ status: ConnectionStatus) {
        switch status {
        case .connecting: isDistrusted = false
        // An open connection does not show that a chat answers on it.
        case .loggingIn: reason = reason ?? "it did not answer the login"
        case .online:
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
