/// The recipient of a chat message: the `rec` key.
public enum Recipient: Hashable, Sendable {
    /// Everyone in the chat, written `-ALL`, since no nickname starts with a dash.
    case everyone
    /// One user, by nickname.
    case user(String)

    /// Reads the unescaped value of the `rec` key.
    public init(wire: String) {
        self = wire == "-ALL" ? .everyone : .user(wire)
    }

    /// The unescaped value of the `rec` key.
    public var wire: String {
        switch self {
        case .everyone: "-ALL"
        case .user(let nickname): nickname
        }
    }
}

/// How messages are told apart on a connection.
public enum Framing: String, Hashable, Sendable {
    /// The original's: one send is one message.
    case none
    /// `<decimal length in bytes>:<message>,` as negotiated by CON and CONVER.
    case netstring
}
