public import ChatProtocol

/// What an operator can choose about the room.
public struct RoomConfiguration: Hashable, Sendable {
    /// Whether UPDATE with a password makes a guest a member.
    public var allowsRegistration: Bool
    /// The number that the next message gets: one more than the highest ever stored.
    public var nextMessageID: MessageID
    /// The longest text of a CHAT in bytes, at most ``Limits/chatTextBytes``.
    public var maximumTextBytes: Int
    /// How many messages may wait for the store; CHAT and UPDATE are refused beyond.
    public var maximumPendingMessages: Int
    /// How many bytes of text may wait for the store; CHAT is refused beyond.
    public var maximumPendingBytes: Int

    /// Creates a configuration.
    public init(
        allowsRegistration: Bool = true,
        nextMessageID: MessageID = MessageID(1),
        maximumTextBytes: Int = Limits.chatTextBytes,
        maximumPendingMessages: Int = 65_536,
        maximumPendingBytes: Int = 67_108_864
    ) {
        self.allowsRegistration = allowsRegistration
        self.nextMessageID = nextMessageID
        self.maximumTextBytes = min(maximumTextBytes, Limits.chatTextBytes)
        self.maximumPendingMessages = maximumPendingMessages
        self.maximumPendingBytes = maximumPendingBytes
    }
}
