internal import ChatProtocol
internal import NIOCore

extension Response {
    /// The response as messages for the queue of an original client, in order.
    ///
    /// - Parameter isBroadcast: Whether everybody gets it.
    /// - Returns: At least one message, none longer than the client can read.
    func unframedMessages(isBroadcast: Bool) -> [PacedMessage] {
        let kind: PacedMessage.Kind =
            switch body {
            case .users: .userList
            default: isBroadcast ? .broadcast : .answer
            }
        return unframedParts().map { part in
            var bytes: [UInt8] = []
            part.encode(into: &bytes, framing: .none)
            return PacedMessage(ByteBuffer(bytes: bytes), kind: kind)
        }
    }
}
