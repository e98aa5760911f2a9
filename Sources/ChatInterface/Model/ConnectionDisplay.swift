internal import ChatProtocol
internal import ChatSession

/// The state of the connection as the screen shows it.
struct ConnectionDisplay: Sendable {
    /// The status that the session reported last; nil before the first.
    private(set) var status: ConnectionStatus?
    /// Whether the reader has been in the chat.
    private(set) var wasOnline = false
    /// Whether the server is not trusted; just trying again does not change that.
    private(set) var isDistrusted = false
    /// When the next attempt starts, in milliseconds.
    private var retryAt: Int64?
    /// The reason for having no connection that the reader was told last.
    private var toldReason: String?
    /// The last warning of the server.
    private var warning: String?

    /// Remembers a warning of the server, because it may be its last message.
    mutating func note(warning: SafeText) {
        self.warning = SafeText(line: warning.text).text
    }

    /// Changes to the status that the session reports.
    ///
    /// - Returns: Why there is no connection, if that is news: several attempts that fail for the same reason are not.
    mutating func change(to status: ConnectionStatus, at now: Timestamp) -> SafeText? {
        self.status = status
        retryAt = nil
        switch status {
        case .distrusted: isDistrusted = true
        case .loggingIn, .online: isDistrusted = false
        case .connecting, .waiting, .ended: break
        }
        if case .waiting(_, let milliseconds, _) = status {
            let (sum, overflow) = now.unixMilliseconds.addingReportingOverflow(Int64(milliseconds))
            retryAt = overflow ? Int64.max : sum
        }
        switch status {
        case .connecting, .loggingIn, .distrusted: return nil
        case .online:
            wasOnline = true
            toldReason = nil
            return nil
        case .waiting(let reason, _, _), .ended(let reason):
            guard reason != toldReason else { return nil }
            toldReason = reason
            if case .ended = status, reason == warning {
                // The line above gives the reason.
                return SafeText(line: "You are no longer in the chat: \(Self.wayOut).")
            }
            if case .waiting = status, let warning, reason.hasSuffix(": \(warning)") {
                return SafeText(line: "The server closed the connection; the chat reconnects by itself.")
            }
            return SafeText(line: reason)
        }
    }

    /// How messages are framed; nil while the reader is not in the chat.
    ///
    /// Only servers of this project frame them.
    var framing: Framing? {
        if case .online(_, let framing, _) = status { framing } else { nil }
    }

    /// Whether no further attempt is made by itself.
    var isOver: Bool {
        switch status {
        case .ended, .distrusted: true
        case .connecting, .loggingIn, .online, .waiting, nil: false
        }
    }

    /// What can be done then.
    static let wayOut = "/reconnect tries again, /quit leaves"

    /// Whether the reader is in the chat.
    var isOnline: Bool {
        framing != nil
    }

    /// The connection; nil if there is none.
    var channel: SessionEvent.Channel? {
        switch status {
        case .loggingIn(let channel), .online(let channel, _, _): channel
        case .connecting, .waiting, .ended, .distrusted, nil: nil
        }
    }

    /// Whole seconds until the next attempt.
    func secondsLeft(at now: Timestamp) -> Int {
        guard let retryAt else { return 0 }
        let (left, overflow) = retryAt.subtractingReportingOverflow(now.unixMilliseconds)
        guard !overflow, left > 0 else { return 0 }
        return Int(left / 1000) + (left % 1000 > 0 ? 1 : 0)
    }
}
