internal import ChatProtocol
internal import NIOCore

/// Whether the next read may hold several writes of the peer, because they had to wait in the socket.
struct UnreadBytes {
    /// How long after something waited a read may still hold some of it.
    private static let memory = TimeAmount.seconds(1)

    /// When something was last known to wait in the socket; nil if everything was read as it came.
    private var lastWait: NIODeadline?

    /// Records that reading had stopped, and continues now.
    mutating func readingContinued(at now: NIODeadline) {
        lastWait = now
    }

    /// Records a read.
    ///
    /// - Parameters:
    ///   - fillsBuffer: Whether there may be more in the socket.
    ///   - isJoined: Whether the bytes came in several segments.
    ///   - now: The time.
    /// - Returns: Whether its bytes may be several writes.
    mutating func read(fillsBuffer: Bool, isJoined: Bool, at now: NIODeadline) -> UnframedRequestDecoder.Arrival {
        let hasWaited = lastWait.map { now - $0 <= Self.memory } ?? false
        lastWait = fillsBuffer ? now : nil
        if fillsBuffer { return .full }
        return hasWaited || isJoined ? .delayed : .prompt
    }
}
