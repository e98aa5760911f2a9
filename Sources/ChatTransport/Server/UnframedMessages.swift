public import ChatProtocol
internal import NIOCore

extension Response {
    /// The response as messages that an original client can read, in order.
    ///
    /// None is longer than the maximum: a longer text goes out in several
    /// messages, split between grapheme clusters; where the client waits for
    /// exactly one answer (CONVER, CONFIRM, PONG), the rest is left out; a user
    /// list names as many users as fit.
    ///
    /// - Parameters:
    ///   - isBroadcast: Whether everybody gets it.
    ///   - maximumBytes: The most bytes of one message.
    /// - Returns: At least one message.
    public func unframedMessages(
        isBroadcast: Bool,
        maximumBytes: Int = Limits.unframedMessageBytes
    ) -> [PacedMessage] {
        let kind: PacedMessage.Kind =
            switch body {
            case .users: .userList
            default: isBroadcast ? .broadcast : .answer
            }
        return unframedParts(maximumBytes: maximumBytes).map { PacedMessage($0.unframedBytes(), kind: kind) }
    }

    private func unframedBytes() -> ByteBuffer {
        var bytes: [UInt8] = []
        encode(into: &bytes, framing: .none)
        return ByteBuffer(bytes: bytes)
    }
}
