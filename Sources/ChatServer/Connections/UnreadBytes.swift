internal import ChatProtocol
internal import NIOCore

/// Whether the next read may hold several writes of the peer, because they had to wait in the socket.
enum UnreadBytes {
    /// How long after reading continued a read may still hold bytes that waited before.
    private static let memory = TimeAmount.seconds(1)

    /// Everything was read as it came.
    case none
    /// Reading had stopped, and continued at this time.
    case since(NIODeadline)
    /// The last read filled its buffer.
    case left

    /// Records a read.
    ///
    /// - Parameters:
    ///   - fillsBuffer: Whether there may be more in the socket.
    ///   - isLate: Whether the event loop stood still before.
    ///   - now: The time.
    /// - Returns: Whether its bytes may be several writes.
    mutating func read(fillsBuffer: Bool, isLate: Bool, at now: NIODeadline) -> UnframedRequestDecoder.Arrival {
        let before = self
        self = fillsBuffer ? .left : .none
        guard !fillsBuffer else { return .full }
        return switch before {
        case .none: isLate ? .delayed : .prompt
        case .since(let moment): now - moment <= Self.memory || isLate ? .delayed : .prompt
        case .left: .delayed
        }
    }
}
