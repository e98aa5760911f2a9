internal import ChatProtocol

extension Room {
    /// Handles a request.
    mutating func receive(_ request: Request, from connection: ConnectionID) {
        guard let member = members[connection] else { return receiveBeforeLogin(request, from: connection) }
        guard member.isAdmitted else { return postpone(.request(request), from: connection) }
        guard Permissions.allows(request.permission, to: member.standing) else {
            let fault = request.permission == .logIn ? Phrases.alreadyConnected : Phrases.notAdmin
            let answer = request.confirmation.map { Response.Body.confirm(Confirmation(subject: $0, faults: [fault])) }
            return reply(answer ?? .error(fault), to: connection)
        }
        switch request {
        case .chat(let request): chat(request, from: connection, member)
        case .update(let request): update(request, from: connection, member)
        case .refresh(let query): refresh(query, from: connection, member)
        case .kick(let request): kick(request, from: connection, member)
        case .unban(let user): unban(user, from: connection, member)
        case .bans: listBans(to: connection, member)
        case .users: replyUsers(to: connection)
        case .disconnect: leave(connection, member)
        // A PONG does not wait for other answers: the peer wants a sign of life.
        case .ping(let content): effects.append(.send(Response(at: now, .pong(content)), to: connection))
        case .pong, .connect: break
        }
    }

    private mutating func receiveBeforeLogin(_ request: Request, from connection: ConnectionID) {
        guard greetings[connection] != nil else { return }
        guard Permissions.allows(request.permission, to: .stranger) else {
            return refuse(Phrases.unknownAttempt, to: connection)
        }
        switch request {
        case .connect(let request): connect(request, from: connection)
        case .ping(let content): effects.append(.send(Response(at: now, .pong(content)), to: connection))
        default: break
        }
    }

    /// Answers something that is no request.
    mutating func receiveUndecodable(_ reason: String, from connection: ConnectionID) {
        let fault = Phrases.undecodable(reason)
        guard let member = members[connection] else {
            if greetings[connection] != nil { refuse(fault, to: connection) }
            return
        }
        if member.isAdmitted {
            reply(.error(fault), to: connection)
        } else {
            postpone(.undecodable(reason), from: connection)
        }
    }

    /// Keeps what arrived before its sender's CONVER was sent.
    ///
    /// Until then nothing else may reach a client that waits for the answer to its login.
    private mutating func postpone(_ early: PublicationQueue.Early, from connection: ConnectionID) {
        guard let member = members[connection] else { return }
        guard member.deferredRequests < RoomLimits.deferredRequests else {
            let entry = AuditEntry(.leave, connection: connection, nickname: member.nickname.text, detail: "flooded")
            effects.append(.audit(entry))
            dismiss(connection, .warning(Phrases.tooManyBeforeLogin, .throttled))
            announceLeave(of: member, connection)
            return
        }
        members[connection]?.deferredRequests += 1
        enqueue(.early(connection, early))
    }
}
