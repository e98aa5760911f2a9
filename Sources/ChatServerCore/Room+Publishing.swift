internal import ChatProtocol

extension Room {
    // MARK: Into the queue

    /// Does something now, or after everything that waits for the store.
    mutating func enqueue(_ step: PublicationQueue.Step) {
        if queue.isEmpty {
            perform(step)
        } else {
            queue.append(step)
        }
    }

    /// Answers a request, after the answers to those before it.
    mutating func reply(_ body: Response.Body, to connection: ConnectionID) {
        reply(Response(at: now, body), to: connection)
    }

    /// Answers a request with a response that has its time already, after the answers to those before it.
    mutating func reply(_ response: Response, to connection: ConnectionID) {
        if answersAtOnce {
            effects.append(.send(response, to: connection))
        } else {
            queue.append(.send(response, connection))
        }
    }

    /// Answers a USER, after the answers to the requests before it.
    mutating func replyUsers(to connection: ConnectionID) {
        if answersAtOnce {
            perform(.answerUsers(connection))
        } else {
            queue.append(.answerUsers(connection))
        }
    }

    /// Whether answers are sent at once.
    ///
    /// True if the queue is empty. Also if it is overlong, because clients could make it grow without end; then answers
    /// may overtake.
    private var answersAtOnce: Bool {
        queue.isEmpty || queue.count >= 2 * configuration.maximumPendingMessages
    }

    /// The number for the next record.
    mutating func takeID() -> MessageID {
        let id = nextID
        nextID = MessageID(id.number &+ 1)
        return id
    }

    /// Announces something about a user to everybody, once it is stored.
    mutating func announce(_ event: Info.Event, of sender: String, _ text: String, _ change: PublishedRoster.Change) {
        let id = takeID()
        let info = Info(id: id, sender: sender, event: event, text: text)
        let record = HistoryRecord(id: id, moment: now, visibility: .everyone, content: .info(info))
        effects.append(.store(record))
        queue.append(.info(record, change))
    }

    // MARK: Out of the queue

    /// Publishes the oldest records, and the steps that waited only for them.
    mutating func publish(_ count: Int, areStored: Bool) {
        var left = count
        while left > 0, let record = queue.popRecord() {
            left -= 1
            switch record {
            case .chat(let chat) where areStored: publish(chat)
            case .chat(let chat): giveUp(chat)
            case .info(let record, let change): publish(record, change, isStored: areStored)
            }
            while let step = queue.popStep() { perform(step) }
        }
    }

    private mutating func publish(_ record: HistoryRecord, _ change: PublishedRoster.Change, isStored: Bool) {
        guard case .info(var info) = record.content else { return }
        if isStored {
            keepRecent(record)
        } else {
            // It did happen, and clients keep their user lists by it. But its number is not in the store, so a later
            // start could give it to something else: nobody may learn it.
            info.id = nil
        }
        effects.append(.broadcast(Broadcast(Response(at: record.moment, .info(info)))))
        roster.apply(change)
        isRosterStale = true
        if case .join(let connection, _) = change, members[connection]?.framing == .netstring {
            listsDue.append(connection)
        }
    }

    /// Carries out a step that waits for nothing any more.
    private mutating func perform(_ step: PublicationQueue.Step) {
        switch step {
        case .admit(let connection, let response, let framing):
            guard isOpen(connection) else { return }
            effects.append(.admit(connection, response, framing: framing))
            guard members[connection] != nil else { return }
            members[connection]?.isAdmitted = true
            if framing == .none { unframedCount += 1 }
        case .send(let response, let connection):
            guard isOpen(connection) else { return }
            effects.append(.send(response, to: connection))
        case .forget(let connection):
            roster.apply(.leave(connection))
        case .answerUsers(let connection):
            guard isOpen(connection) else { return }
            effects.append(.send(Response(at: now, .users(userList())), to: connection))
        case .adminsChanged:
            isRosterStale = true
        case .close(let connection):
            guard isOpen(connection) else { return }
            effects.append(.close(connection))
        case .early(let connection, .request(let request)):
            receive(request, from: connection)
        case .early(let connection, .undecodable(let reason)):
            receiveUndecodable(reason, from: connection)
        }
    }

    // MARK: USER lists

    /// Sends the USER lists that are due after an event.
    ///
    /// One list covers all its changes: it says how things are now, not how they became so.
    mutating func sendLists() {
        if isRosterStale {
            isRosterStale = false
            if unframedCount > 0, !isClosing {
                let list = UserList(users: roster.first(RoomLimits.unframedUsers), admins: admins)
                effects.append(.broadcast(Broadcast(Response(at: now, .users(list)), to: .unframed)))
            }
        }
        guard !listsDue.isEmpty else { return }
        let newcomers = listsDue.filter { members[$0] != nil }
        listsDue = []
        guard !newcomers.isEmpty else { return }
        effects.append(.sendAlike(Response(at: now, .users(userList())), to: newcomers))
    }

    /// Everybody, as far as the connections have been told.
    mutating func userList() -> UserList {
        UserList(users: roster.all(), admins: admins)
    }

    /// The nicknames of all admins: accounts, logged in or not, and the server's own users.
    private var admins: [String] {
        guard !operators.isEmpty else { return directory.admins }
        let names = operators.sorted().compactMap { roster[$0]?.nickname }
        return directory.admins + names.filter { !directory.admins.contains($0) }
    }
}
