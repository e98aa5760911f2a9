internal import ChatProtocol
internal import NIOCore

/// Whether the next read may bring several writes of the peer, because they had
/// to wait in the socket.
enum UnreadBytes {
    /// For how long after reading went on a read may bring what waited before.
    private static let memory = TimeAmount.seconds(1)

    /// Everything was read as it came.
    case none
    /// Reading had stopped, and went on at this moment.
    case since(NIODeadline)
    /// The last read filled its buffer.
    case left

    /// Notes a read.
    ///
    /// - Returns: How its bytes came.
    mutating func read(fillsBuffer: Bool, at now: NIODeadline) -> UnframedRequestDecoder.Arrival {
        let before = self
        self = fillsBuffer ? .left : .none
        guard !fillsBuffer else { return .full }
        return switch before {
        case .none: .prompt
        case .since(let moment): now - moment <= Self.memory ? .delayed : .prompt
        case .left: .delayed
        }
    }
}
