public import ChatProtocol

/// One line of the chat as a reader sees it. All text is safe to show.
public struct TimelineEntry: Hashable, Sendable, Identifiable {
    /// The session's own number; lasts while the session does.
    public struct ID: Hashable, Sendable {
        /// The running number.
        public let number: Int

        /// Creates an id.
        public init(_ number: Int) {
            self.number = number
        }
    }

    /// How far an own message has come.
    public enum Delivery: Hashable, Sendable {
        /// The server has it (or it is not ours).
        case accepted
        /// Sent or waiting to be sent; the server has not answered yet.
        case pending
        /// The server refused it.
        case failed(SafeText)
    }

    /// What kind of line it is.
    public enum Kind: Hashable, Sendable {
        /// Somebody said something.
        case chat(sender: SafeText, recipient: SafeRecipient, color: ChatColor?, isOwn: Bool)
        /// Something happened to a user.
        case info(sender: SafeText, event: Info.Event?)
        /// A WARN of the server's.
        case warning
        /// An ERR of the server's.
        case error
    }

    /// Names the entry.
    public var id: ID
    /// The server's number, where the server gives numbers.
    public var messageID: MessageID?
    /// The server's local time.
    public var time: WireTime
    /// Milliseconds since the Unix epoch, where the server says.
    public var at: Int64?
    /// What kind of line it is.
    public var kind: Kind
    /// What it says.
    public var text: SafeText
    /// How far it has come.
    public var delivery: Delivery

    /// Creates an entry.
    public init(
        id: ID,
        messageID: MessageID? = nil,
        time: WireTime,
        at: Int64? = nil,
        kind: Kind,
        text: SafeText,
        delivery: Delivery = .accepted
    ) {
        self.id = id
        self.messageID = messageID
        self.time = time
        self.at = at
        self.kind = kind
        self.text = text
        self.delivery = delivery
    }

}

/// A recipient whose nickname is safe to show.
public enum SafeRecipient: Hashable, Sendable {
    /// Everyone in the chat.
    case everyone
    /// One user.
    case user(SafeText)
}
