internal import ChatProtocol

extension Session {
    /// Adds an entry where its place says.
    mutating func add(_ entry: TimelineEntry) {
        update(timeline.settle(at: entry.place) ? .appended([entry]) : .inserted([entry]))
    }

    /// Adds a line that is about this connection and no message of the chat's.
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

    /// What an entry of a chat message says of it.
    func kind(of message: ChatMessage) -> TimelineEntry.Kind {
        .chat(
            sender: SafeText(line: message.sender),
            recipient: Self.safe(message.recipient),
            color: ChatColor(message.color),
            isOwn: isOwn(message.sender)
        )
    }

    /// An entry of a message that somebody else wrote, or that we wrote
    /// elsewhere.
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

    /// An entry of an INFO.
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
