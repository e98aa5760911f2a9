internal import ChatProtocol

extension Room {
    /// Handles a CHAT.
    mutating func chat(_ request: ChatRequest, from connection: ConnectionID, _ member: Member) {
        let size = request.text.utf8.count
        guard size <= configuration.maximumTextBytes else {
            reply(.error(Phrases.longText(most: configuration.maximumTextBytes)), to: connection)
            return
        }
        var nonce: Nonce?
        var fingerprint = 0
        // An unframed client does not see its tag again, so it is of no use.
        if let tag = request.nonce, !tag.isEmpty, member.framing != .none {
            guard tag.utf8.count <= Limits.nonceBytes else {
                reply(.error(Phrases.longNonce), to: connection)
                return
            }
            let own = Nonce(owner: member.nonceOwner, tag: tag)
            fingerprint = NonceTable.fingerprint(of: request)
            // Check this before the recipient: they may have left since the first time.
            if let entry = nonces.entry(for: own, fingerprint: fingerprint) {
                answerRepeat(of: entry, request, from: connection)
                return
            }
            nonce = own
        }
        guard let (recipient, end) = resolve(request.recipient, from: connection) else { return }
        guard queue.recordCount < configuration.maximumPendingMessages,
            queue.bytes < configuration.maximumPendingBytes
        else {
            reply(.error(Phrases.notStoredBusy), to: connection)
            return
        }

        let id = takeID()
        let message = ChatMessage(
            id: id,
            sender: member.nickname.text,
            recipient: recipient,
            color: member.color,
            text: request.text
        )
        let visibility: HistoryRecord.Visibility =
            if let end {
                .between(member.identity(on: connection), end.identity)
            } else {
                .everyone
            }
        let record = HistoryRecord(id: id, moment: now, visibility: visibility, nonce: nonce, content: .chat(message))
        let ledger = nonce.map { nonce in
            let entry = NonceTable.Entry(
                id: id,
                moment: now,
                sender: message.sender,
                recipient: recipient,
                color: message.color,
                fingerprint: fingerprint
            )
            return nonces.insert(entry, for: nonce)
        }
        effects.append(.store(record))
        queue.append(
            .chat(
                PublicationQueue.Chat(
                    record: record,
                    sender: connection,
                    recipient: end?.connection,
                    tag: nonce?.tag,
                    ledger: ledger,
                    bytes: size
                )
            )
        )
    }

    /// Finds the recipient of a message; if there is none, answers the sender with the reason.
    private mutating func resolve(
        _ recipient: Recipient?,
        from connection: ConnectionID
    ) -> (Recipient, (connection: ConnectionID, identity: Identity)?)? {
        switch recipient {
        case .everyone:
            return (.everyone, nil)
        case .user(let name):
            guard let (other, member) = member(called: name) else {
                reply(.error(Phrases.unknownRecipient(name)), to: connection)
                return nil
            }
            return (.user(member.nickname.text), (other, member.identity(on: other)))
        case nil:
            reply(.error(Phrases.missingRecipient), to: connection)
            return nil
        }
    }

    /// Answers a CHAT that was sent before, now or once the first one is stored.
    private mutating func answerRepeat(
        of entry: NonceTable.Entry,
        _ request: ChatRequest,
        from connection: ConnectionID
    ) {
        if let oldest = queue.oldestID, entry.id >= oldest {
            if repeats[entry.id, default: []].count < RoomLimits.repeats {
                repeats[entry.id, default: []].append(connection)
            } else {
                reply(.error(Phrases.tooManyRepeats), to: connection)
            }
            return
        }
        let message = ChatMessage(
            id: entry.id,
            sender: entry.sender,
            recipient: entry.recipient,
            color: entry.color,
            nonce: request.nonce,
            text: request.text
        )
        reply(Response(at: entry.moment, .chat(message)), to: connection)
    }

    // MARK: After the store

    /// Sends a message that is stored.
    mutating func publish(_ chat: PublicationQueue.Chat) {
        let response = chat.record.response
        keepRecent(chat.record)
        if let recipient = chat.recipient {
            if recipient != chat.sender, isOpen(recipient) { effects.append(.deliver(response, to: recipient)) }
            if isOpen(chat.sender) { effects.append(.send(chat.senderCopy, to: chat.sender)) }
        } else if chat.tag != nil || members[chat.sender]?.framing == Framing.none, isOpen(chat.sender) {
            // To its sender it is an answer.
            let variation = Broadcast.Variation(connection: chat.sender, response: chat.senderCopy)
            effects.append(.broadcast(Broadcast(response, variation: variation)))
        } else {
            effects.append(.broadcast(Broadcast(response)))
        }
        for connection in takeRepeats(of: chat) { effects.append(.send(chat.senderCopy, to: connection)) }
    }

    /// Tells the sender that a message could not be stored, and so was not sent.
    mutating func giveUp(_ chat: PublicationQueue.Chat) {
        if let tag = chat.tag, let ledger = chat.ledger { nonces.remove(tag, from: ledger, ifFor: chat.record.id) }
        let error = Response(at: now, .error(Phrases.notStored))
        if isOpen(chat.sender) { effects.append(.send(error, to: chat.sender)) }
        for connection in takeRepeats(of: chat) { effects.append(.send(error, to: connection)) }
    }

    private mutating func takeRepeats(of chat: PublicationQueue.Chat) -> [ConnectionID] {
        guard !repeats.isEmpty, let connections = repeats.removeValue(forKey: chat.record.id) else { return [] }
        return connections.filter { isOpen($0) }
    }
}

extension PublicationQueue.Chat {
    /// The sender's copy; its tag tells the sender that the message is stored.
    var senderCopy: Response {
        guard let tag, case .chat(var message) = record.content else { return record.response }
        message.nonce = tag
        return Response(at: record.moment, .chat(message))
    }
}
