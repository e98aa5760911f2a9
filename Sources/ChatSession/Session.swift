public import ChatProtocol

/// The client's side of the protocol: connects, logs in, keeps the timeline
/// and the roster, and comes back after a loss.
public struct Session: Sendable {
    /// Creates a session that has not started.
    ///
    /// - Parameters:
    ///   - credentials: Who to log in as; nil where the user has to be asked.
    ///   - seed: Randomness for nonces and the jitter of reconnects.
    public init(credentials: Credentials?, seed: UInt64) {
    }

    /// Takes one event and says what to do about it.
    ///
    /// - Parameters:
    ///   - event: What happened.
    ///   - now: When.
    /// - Returns: What to do, in order.
    public mutating func handle(_ event: SessionEvent, at now: Timestamp) -> [SessionEffect] {
        []
    }
}
