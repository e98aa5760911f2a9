internal import ChatProtocol
internal import DequeModule

extension Session {
    /// The longest nickname that a message may be addressed to, in bytes.
    private static var recipientBytes: Int { 256 }

    // MARK: Sending messages

    mutating func say(_ text: String, to recipient: Recipient) {
        guard text.contains(where: { !$0.isWhitespace }) else { return }
        if case .user(let nickname) = recipient, nickname.isEmpty || nickname.utf8.count > Self.recipientBytes {
            notice("That is nobody's nickname.", isFailure: true)
            return
        }
        guard outbox.hasRoom(for: text) else {
            notice("Too much is waiting to be sent: say this again when the server is back.", isFailure: true)
            return
        }
        let message = outgoing(text, to: recipient)
        outbox.append(message)
        update(.appended([message.entry]))
        sendOutbox()
    }

    /// - Parameter place: Where the message stands while it is pending; by default at the end.
    private mutating func outgoing(
        _ text: String,
        to recipient: Recipient,
        at place: TimelineEntry.Place? = nil
    ) -> Outbox.Message {
        let id = timeline.nextID()
        return Outbox.Message(
            entry: TimelineEntry(
                id: id,
                place: place ?? .pending(id.number),
                time: now.wireTime,
                at: now.unixMilliseconds,
                kind: .chat(
                    sender: SafeText(line: ownNickname),
                    recipient: Self.safe(recipient),
                    color: credentials?.color,
                    isOwn: true
                ),
                text: SafeText(block: text),
                delivery: .pending
            ),
            recipient: recipient,
            text: text,
            nonce: random.nonce()
        )
    }

    /// Sends the waiting messages, as far as the connection allows now.
    mutating func sendOutbox() {
        guard online != nil else { return }
        guard isFramed else { return advanceExchange() }
        while let message = nextToSend(maximumBytes: Limits.chatTextBytes) {
            outbox.markSent(message.entry.id)
            unanswered.append(.chat(message.entry.id))
            emit(
                .send(.chat(ChatRequest(recipient: message.recipient, nonce: message.nonce, text: message.text)))
            )
        }
    }

    /// The first unsent message.
    ///
    /// A text that is too long for one message is split into several, each with an entry and an answer of its own.
    mutating func nextToSend(maximumBytes: Int) -> Outbox.Message? {
        guard let message = outbox.firstUnsent else { return nil }
        guard message.text.utf8.count > maximumBytes else { return message }
        let texts = TextSplitting.split(message.text, maximumBytes: maximumBytes).map(String.init)
        var first = message
        first.text = texts.first ?? ""
        first.entry.text = SafeText(block: first.text)
        var parts = [first]
        for (index, text) in texts.enumerated().dropFirst() {
            let place = TimelineEntry.Place.pending(message.entry.id.number, part: index)
            parts.append(outgoing(text, to: message.recipient, at: place))
        }
        outbox.replace(message.entry.id, with: parts)
        update(.changed(first.entry))
        update(.appended(parts.dropFirst().map(\.entry)))
        return first
    }

    // MARK: Results of sending

    /// Marks one of our messages as accepted by the server.
    mutating func accept(
        _ message: Outbox.Message,
        _ chat: ChatMessage,
        _ response: Response,
        at place: TimelineEntry.Place
    ) {
        var entry = message.entry
        entry.place = place
        entry.messageID = chat.id
        entry.time = response.time
        entry.at = response.at
        entry.kind = kind(of: chat)
        entry.text = SafeText(block: chat.text)
        entry.delivery = .accepted
        _ = timeline.settle(at: place)
        update(.changed(entry))
    }

    /// Marks one of our messages as failed.
    mutating func fail(_ message: Outbox.Message, _ reason: String, _ refusal: Refusal? = nil) {
        end(message, .failed(SafeText(block: Self.reason(reason, refusal, to: message.recipient))))
    }

    /// Gives one of our messages a state that is final.
    mutating func end(_ message: Outbox.Message, _ delivery: TimelineEntry.Delivery) {
        var entry = message.entry
        entry.place = timeline.placeAtEnd()
        entry.delivery = delivery
        _ = timeline.settle(at: entry.place)
        update(.changed(entry))
    }

    /// Explains to the author why a message was refused.
    private static func reason(_ words: String, _ refusal: Refusal?, to recipient: Recipient) -> String {
        guard case .user(let nickname) = recipient, refusal == .recipientAbsent else { return words }
        return "\(SafeText(line: nickname)) is not here."
    }

    // MARK: Received messages (framed)

    mutating func received(_ chat: ChatMessage, _ response: Response) {
        let id = chat.id
        // Our own messages are not part of a replay if they come with their nonce.
        let isLive = chat.nonce != nil || noteArrival(id)
        if isOwn(chat.sender), let message = takeAnswered(by: chat, isLive: isLive) {
            if let id { note(id) }
            unanswered.removeAll { $0 == .chat(message.entry.id) }
            accept(message, chat, response, at: id.map { timeline.place(of: $0) } ?? timeline.placeAtEnd())
            return
        }
        if let id {
            guard !isDuplicate(id) else { return }
            note(id)
        }
        add(entry(chat, response, at: id.map { timeline.place(of: $0) } ?? timeline.placeAtEnd()))
    }

    /// Finds the pending message that a CHATR answers, and removes it from the outbox.
    private mutating func takeAnswered(by chat: ChatMessage, isLive: Bool) -> Outbox.Message? {
        if let nonce = chat.nonce { return outbox.take { $0.nonce == nonce } }
        // In a replay our own messages may come without their nonce. A message that was sent on an earlier connection
        // and is in the history has arrived.
        guard !isLive, chat.id.map({ !isDuplicate($0) }) ?? false else { return nil }
        return outbox.take { $0.wasSent && $0.recipient == chat.recipient && $0.text == chat.text }
    }

    // MARK: Errors

    mutating func received(error text: String, _ refusal: Refusal?, _ response: Response) {
        let words = Self.withoutErrorMark(text)
        let refusal = refusal ?? Refusal(sentence: text)
        if isFramed {
            if refuseOldest(words, refusal) { return }
        } else if online != nil {
            if errorEndsExchange(words, refusal) { return }
        }
        appendLocal(.error, SafeText(block: words), response)
    }

    /// Ends the oldest request that an ERR may answer; the server answers requests in order.
    ///
    /// - Returns: Whether that request reports the failure itself.
    private mutating func refuseOldest(_ words: String, _ refusal: Refusal?) -> Bool {
        switch unanswered.popFirst() {
        case .chat(let id)?:
            guard let message = outbox.take(where: { $0.entry.id == id }) else { return false }
            fail(message, words, refusal)
        case .kick(let user)?:
            kickFailed(user, words, refusal)
        case nil:
            return false
        }
        return true
    }
}
