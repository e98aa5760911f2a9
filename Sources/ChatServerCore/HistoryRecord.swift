public import ChatProtocol

/// A numbered message as it is stored.
///
/// It holds enough to send the message again exactly as it was first sent, and to know who may see it.
public struct HistoryRecord: Hashable, Sendable {
    /// Who may see a record.
    public enum Visibility: Hashable, Sendable {
        /// Everyone who is in the chat.
        case everyone
        /// Only its sender and its recipient.
        case between(Identity, Identity)
    }

    /// What the record holds.
    public indirect enum Content: Hashable, Sendable {
        /// A CHATR; its id is the record's.
        case chat(ChatMessage)
        /// An INFO; its id is the record's.
        case info(Info)
    }

    /// The server's number.
    public var id: MessageID
    /// When it was said.
    public var moment: Timestamp
    /// Who may see it.
    public var visibility: Visibility
    /// The client's tag together with its owner, to recognize repeats.
    public var nonce: Nonce?
    /// The message itself.
    public var content: Content

    /// Creates a record.
    public init(id: MessageID, moment: Timestamp, visibility: Visibility, nonce: Nonce? = nil, content: Content) {
        self.id = id
        self.moment = moment
        self.visibility = visibility
        self.nonce = nonce
        self.content = content
    }

    /// Whether somebody may see this record.
    public func isVisible(to viewer: Identity) -> Bool {
        switch visibility {
        case .everyone: true
        case .between(let one, let other): viewer == one || viewer == other
        }
    }

    /// The response that sends the record, with its original time and number.
    public var response: Response {
        switch content {
        case .chat(let message): Response(at: moment, .chat(message))
        case .info(let info): Response(at: moment, .info(info))
        }
    }
}
