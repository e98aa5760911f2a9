internal import ChatProtocol
internal import ChatSession

/// What is shown of the connection.
struct ConnectionDisplay: Sendable {
    /// As the session last said; nil before it said anything.
    private(set) var status: ConnectionStatus?
    /// When the next attempt starts, in milliseconds.
    private var retryAt: Int64?

    /// Takes what the session says.
    mutating func take(_ status: ConnectionStatus, at now: Timestamp) {
        self.status = status
        retryAt = nil
        if case .waiting(_, let milliseconds, _) = status {
            let (sum, overflow) = now.unixMilliseconds.addingReportingOverflow(Int64(milliseconds))
            retryAt = overflow ? Int64.max : sum
        }
    }

    /// Whether the reader is in the chat.
    var isOnline: Bool {
        if case .online = status { true } else { false }
    }

    /// Whether the connection is encrypted; nil where there is none.
    var isEncrypted: Bool? {
        switch status {
        case .loggingIn(let channel), .online(let channel, _, _): channel.isEncrypted
        case .connecting, .waiting, .ended, nil: nil
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
