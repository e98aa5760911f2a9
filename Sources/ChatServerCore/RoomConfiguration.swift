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
    /// How many wrong passwords are taken, from where and for whom; nil for any number.
    public var guesses: GuessThrottle.Bounds?
    /// How many passwords one address may set; nil for any number.
    public var newPasswords: PasswordBudget.Bounds?

    /// What the server's own user proves to be it with; nil where there is none.
    public var operatorSecret: OperatorSecret?

    /// Creates a configuration.
    public init(
        allowsRegistration: Bool = true,
        nextMessageID: MessageID = MessageID(1),
        maximumTextBytes: Int = Limits.chatTextBytes,
        maximumPendingMessages: Int = 65_536,
        maximumPendingBytes: Int = 67_108_864,
        guesses: GuessThrottle.Bounds? = GuessThrottle.Bounds(),
        newPasswords: PasswordBudget.Bounds? = PasswordBudget.Bounds(),
        operatorSecret: OperatorSecret? = nil
    ) {
        self.operatorSecret = operatorSecret
        self.allowsRegistration = allowsRegistration
        self.nextMessageID = nextMessageID
        self.maximumTextBytes = min(maximumTextBytes, Limits.chatTextBytes)
        self.maximumPendingMessages = maximumPendingMessages
        self.maximumPendingBytes = maximumPendingBytes
        self.guesses = guesses
        self.newPasswords = newPasswords
    }
}
