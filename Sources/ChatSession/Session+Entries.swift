internal import ChatProtocol

extension Session {
    /// Adds an entry at its place.
    mutating func add(_ entry: TimelineEntry) {
        update(timeline.settle(at: entry.place) ? .appended([entry]) : .inserted([entry]))
    }

    /// Adds a line about this connection that is not a message of the chat.
    mutating func appendLocal(_ kind: TimelineEntry.Kind, _ text: SafeText, _ response: Response?) {
        add(
            TimelineEntry(
                id: timeline.nextID(),
                place: timeline.placeAtEnd(),
                time: response?.time ?? now.wireTime,
                at: response?.at ?? now.unixMilliseconds,
                kind: kind,
                text: text
            )
        )
    }

    /// The kind of entry for a chat message.
    func kind(of message: ChatMessage) -> TimelineEntry.Kind {
        .chat(
            sender: SafeText(line: message.sender),
            recipient: Self.safe(message.recipient),
            color: ChatColor(message.color),
            isOwn: isOwn(message.sender)
        )
    }

    /// Creates an entry for a message by somebody else, or by us on another connection.
    mutating func entry(_ message: ChatMessage, _ response: Response, at place: TimelineEntry.Place) -> TimelineEntry {
        TimelineEntry(
            id: timeline.nextID(),
            place: place,
            messageID: message.id,
            time: response.time,
            at: response.at,
            kind: kind(of: message),
            text: SafeText(block: message.text)
        )
    }

    /// Creates an entry for an INFO.
    mutating func entry(_ info: Info, _ response: Response, at place: TimelineEntry.Place) -> TimelineEntry {
        TimelineEntry(
            id: timeline.nextID(),
            place: place,
            messageID: info.id,
            time: response.time,
            at: response.at,
            kind: .info(sender: SafeText(line: info.sender), event: info.event?.safe),
            text: SafeText(line: info.text)
        )
    }

    static func safe(_ recipient: Recipient) -> SafeRecipient {
        switch recipient {
        case .everyone: .everyone
        case .user(let nickname): .user(SafeText(line: nickname))
        }
    }
}
