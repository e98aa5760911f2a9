public import ChatProtocol

/// The settings of the room that an operator can choose.
public struct RoomConfiguration: Hashable, Sendable {
    /// Whether UPDATE with a password makes a guest a member.
    public var allowsRegistration: Bool
    /// The number that the next message gets: one more than the highest ever stored.
    public var nextMessageID: MessageID
    /// The longest text of a CHAT in bytes, at most ``Limits/chatTextBytes``.
    public var maximumTextBytes: Int
    /// How many messages may wait for the store; beyond that CHAT and UPDATE are refused.
    public var maximumPendingMessages: Int
    /// How many bytes of text may wait for the store; beyond that CHAT is refused.
    public var maximumPendingBytes: Int
    /// The bounds on wrong passwords, by address and account; nil for no bound.
    public var guesses: GuessThrottle.Bounds?
    /// The bounds on how many passwords one address may set; nil for no bound.
    public var newPasswords: PasswordBudget.Bounds?

    /// The secret by which the server recognizes its own user; nil if there is none.
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
