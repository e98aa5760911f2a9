internal import ChatProtocol
internal import DequeModule

/// Own messages that the server has not yet answered, oldest first.
struct Outbox: Sendable {
    /// The most messages that wait, and the most bytes of text in them: what
    /// is typed or pasted while the server is away.
    static let messageLimit = 500
    static let byteLimit = 1_048_576

    struct Message: Sendable {
        var entry: TimelineEntry
        var recipient: Recipient
        var text: String
        var nonce: String
        /// Whether it went out on the connection of the moment.
        var isSent = false
        /// Whether it ever went out: then the server may have it.
        var wasSent = false
    }

    private(set) var messages: Deque<Message> = []
    private var bytes = 0

    /// Whether another text fits.
    func hasRoom(for text: String) -> Bool {
        messages.count < Self.messageLimit && bytes + text.utf8.count <= Self.byteLimit
    }

    mutating func append(_ message: Message) {
        messages.append(message)
        bytes += message.text.utf8.count
    }

    /// The first message that is not on its way.
    var firstUnsent: Message? { messages.first { !$0.isSent } }

    mutating func markSent(_ id: TimelineEntry.ID) {
        guard let index = messages.firstIndex(where: { $0.entry.id == id }) else { return }
        messages[index].isSent = true
        messages[index].wasSent = true
    }

    /// The connection is gone: what was on its way has to go again.
    mutating func markAllUnsent() {
        for index in messages.indices { messages[index].isSent = false }
    }

    /// Removes and returns the first message that fits a description.
    mutating func take(where fits: (Message) -> Bool) -> Message? {
        guard let index = messages.firstIndex(where: fits) else { return nil }
        let message = messages.remove(at: index)
        bytes -= message.text.utf8.count
        return message
    }

    /// Puts the parts of a message in its place.
    mutating func replace(_ id: TimelineEntry.ID, with parts: [Message]) {
        guard let index = messages.firstIndex(where: { $0.entry.id == id }) else { return }
        messages.replaceSubrange(index..<index + 1, with: parts)
    }
}
