internal import ChatProtocol
internal import DequeModule

/// The user's own messages that the server has not answered yet, oldest first.
struct Outbox: Sendable {
    /// The most messages that may wait, and the most bytes of text in them: a user can go on typing or pasting while
    /// the server is away.
    static let messageLimit = 500
    static let byteLimit = 1_048_576

    struct Message: Sendable {
        var entry: TimelineEntry
        var recipient: Recipient
        var text: String
        var nonce: String
        /// Whether the message was sent on the current connection.
        var isSent = false
        /// Whether the message was ever sent; the server may then have it.
        var wasSent = false
    }

    private(set) var messages: Deque<Message> = []
    private var bytes = 0

    /// Whether there is room for another text.
    func hasRoom(for text: String) -> Bool {
        messages.count < Self.messageLimit && bytes + text.utf8.count <= Self.byteLimit
    }

    mutating func append(_ message: Message) {
        messages.append(message)
        bytes += message.text.utf8.count
    }

    /// The first message that has not been sent on this connection.
    var firstUnsent: Message? { messages.first { !$0.isSent } }

    mutating func markSent(_ id: TimelineEntry.ID) {
        guard let index = messages.firstIndex(where: { $0.entry.id == id }) else { return }
        messages[index].isSent = true
        messages[index].wasSent = true
    }

    /// Marks all messages as unsent, because the connection was lost and they have to be sent again.
    mutating func markAllUnsent() {
        for index in messages.indices { messages[index].isSent = false }
    }

    /// Removes and returns the first message that meets a condition.
    mutating func take(where fits: (Message) -> Bool) -> Message? {
        guard let index = messages.firstIndex(where: fits) else { return nil }
        let message = messages.remove(at: index)
        bytes -= message.text.utf8.count
        return message
    }

    /// Replaces a message by its parts.
    mutating func replace(_ id: TimelineEntry.ID, with parts: [Message]) {
        guard let index = messages.firstIndex(where: { $0.entry.id == id }) else { return }
        messages.replaceSubrange(index..<index + 1, with: parts)
    }
}
