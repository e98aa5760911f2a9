internal import ChatProtocol

extension Room {
    /// Takes a request.
    mutating func receive(
        _ request: Request,
        from connection: ConnectionID,
        at now: Timestamp,
        _ effects: inout [RoomEffect]
    ) {
        guard let member = members[connection] else {
            receiveBeforeLogin(request, from: connection, at: now, &effects)
            return
        }
        guard member.isAdmitted else {
            postpone(.request(request), from: connection, at: now, &effects)
            return
        }
        guard Permissions.allows(request.permission, to: member.standing) else {
            let refusal = request.permission == .logIn ? Phrases.alreadyConnected : Phrases.notAdmin
            let answer = request.confirmation.map { Response.Body.confirm(Confirmation(subject: $0, text: refusal)) }
            reply(answer ?? .error(refusal), to: connection, at: now, &effects)
            return
        }
        switch request {
        case .chat(let request): chat(request, from: connection, member, at: now, &effects)
        case .update(let request): update(request, from: connection, member, at: now, &effects)
        case .refresh(let query): refresh(query, from: connection, member, at: now, &effects)
        case .kick(let request): kick(request, from: connection, member, at: now, &effects)
        case .unban(let user): unban(user, from: connection, member, at: now, &effects)
        case .bans: listBans(to: connection, member, at: now, &effects)
        case .users: replyUsers(to: connection, at: now, &effects)
        case .disconnect: leave(connection, member, at: now, &effects)
        // Not in line with the other answers: the peer asks for a sign of life.
        case .ping(let content): effects.append(.send(Response(at: now, .pong(content)), to: connection))
        case .pong, .connect: break
        }
    }

    private mutating func receiveBeforeLogin(
        _ request: Request,
        from connection: ConnectionID,
        at now: Timestamp,
        _ effects: inout [RoomEffect]
    ) {
        guard let greeting = greetings[connection] else { return }
        guard Permissions.allows(request.permission, to: .stranger) else {
            turnDown(Phrases.unknownAttempt, connection, at: now, &effects)
            return
        }
        switch request {
        case .connect(let request): connect(request, from: connection, greeting, at: now, &effects)
        case .ping(let content): effects.append(.send(Response(at: now, .pong(content)), to: connection))
        default: break
        }
    }

    /// Takes something that is no request.
    mutating func receiveUndecodable(
        _ reason: String,
        from connection: ConnectionID,
        at now: Timestamp,
        _ effects: inout [RoomEffect]
    ) {
        let text = Phrases.undecodable(reason)
        guard let member = members[connection] else {
            guard greetings[connection] != nil else { return }
            turnDown(text, connection, at: now, &effects)
            return
        }
        if member.isAdmitted {
            reply(.error(text), to: connection, at: now, &effects)
        } else {
            postpone(.undecodable(reason), from: connection, at: now, &effects)
        }
    }

    /// Keeps what came before its sender's CONVER is out until it is: nothing
    /// else may reach a client that waits for its login's answer.
    private mutating func postpone(
        _ early: PublicationQueue.Early,
        from connection: ConnectionID,
        at now: Timestamp,
        _ effects: inout [RoomEffect]
    ) {
        guard let member = members[connection] else { return }
        guard member.deferredRequests < RoomLimits.deferredRequests else {
            let entry = AuditEntry(.leave, connection: connection, nickname: member.nickname.text, detail: "flooded")
            effects.append(.audit(entry))
            dismiss(connection, .warning(Phrases.tooManyBeforeLogin), at: now, &effects)
            announceLeave(of: member, connection, at: now, &effects)
            return
        }
        members[connection]?.deferredRequests += 1
        enqueue(.early(connection, early), at: now, &effects)
    }
}
