public import ChatProtocol

/// The one room of a server: who is in it and what they may do.
public struct Room: Sendable {
    /// Creates an empty room.
    public init(configuration: RoomConfiguration = RoomConfiguration()) {
    }

    /// Takes one event and says what to do about it.
    ///
    /// - Parameters:
    ///   - event: What happened.
    ///   - now: When.
    ///   - effects: Appended to, in the order in which to carry them out.
    public mutating func handle(_ event: RoomEvent, at now: Timestamp, effects: inout [RoomEffect]) {
    }
}

/// What an operator can choose about the room.
public struct RoomConfiguration: Hashable, Sendable {
    /// Whether UPDATE with a password makes a guest a member.
    public var allowsRegistration: Bool
    /// The number that the next message gets: one more than the highest ever stored.
    public var nextMessageID: MessageID

    /// Creates a configuration.
    public init(allowsRegistration: Bool = true, nextMessageID: MessageID = MessageID(1)) {
        self.allowsRegistration = allowsRegistration
        self.nextMessageID = nextMessageID
    }
}
