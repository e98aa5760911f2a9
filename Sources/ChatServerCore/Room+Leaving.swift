internal import ChatProtocol

extension Room {
    /// Handles a DISCON.
    mutating func leave(_ connection: ConnectionID, _ member: Member) {
        let entry = AuditEntry(.leave, connection: connection, nickname: member.nickname.text, detail: "disconnected")
        effects.append(.audit(entry))
        let confirmation = Confirmation(subject: .disconnect, text: Phrases.disconnected)
        dismiss(connection, .confirm(confirmation))
        announceLeave(of: member, connection)
    }

    /// Handles the end of a connection.
    mutating func lose(_ connection: ConnectionID, because reason: LossReason) {
        greetings[connection] = nil
        departing.remove(connection)
        guard let member = members[connection] else { return }
        remove(connection, member)
        let entry = AuditEntry(.leave, connection: connection, nickname: member.nickname.text, detail: reason.detail)
        effects.append(.audit(entry))
        if reason == .serverClosed {
            // The member did not leave: the server closes, and has told everyone.
            enqueue(.forget(connection))
        } else {
            announceLeave(of: member, connection)
        }
    }

    /// Sends a last message to a member and closes the connection, after everything that came before.
    ///
    /// The caller has to tell the others.
    mutating func dismiss(_ connection: ConnectionID, _ lastWord: Response.Body) {
        guard let member = members[connection] else { return }
        remove(connection, member)
        departing.insert(connection)
        enqueue(.send(Response(at: now, lastWord), connection))
        enqueue(.close(connection))
    }

    /// Tells the others that a member is gone.
    mutating func announceLeave(of member: Member, _ connection: ConnectionID) {
        let nickname = member.nickname.text
        announce(.leave, of: nickname, Phrases.left(nickname), .leave(connection))
    }

    /// Removes a member from every table.
    private mutating func remove(_ connection: ConnectionID, _ member: Member) {
        members[connection] = nil
        operators.remove(connection)
        release(member.nickname.key, of: connection)
        if let change = member.change {
            if let reserved = change.nickname { release(reserved.key, of: connection) }
            orphanedChanges[connection] = OrphanedChange(
                nickname: member.nickname,
                isRegistration: member.account == nil
            )
        }
        guard member.framing == .none else { return }
        if member.isAdmitted { unframedCount -= 1 }
        endRefreshes(member.refreshesInFlight)
    }

    /// Makes a nickname free for others.
    mutating func release(_ key: NicknameKey, of connection: ConnectionID) {
        if holders[key] == connection { holders.free(key) }
    }

    /// Tells everybody that the server is about to close.
    mutating func announceClosing(inSeconds seconds: Int) {
        isClosing = true
        let text = Phrases.closing(inSeconds: seconds)
        let framed = Response.Body.closing(text, reconnectSeconds: RoomLimits.returnSeconds(of: members.count))
        let unframed = Response.Body.warning(text)
        effects.append(.broadcast(Broadcast(Response(at: now, framed), to: .framed)))
        effects.append(.broadcast(Broadcast(Response(at: now, unframed), to: .unframed)))
    }
}

extension LossReason {
    /// The reason, for the operator's log.
    fileprivate var detail: String {
        switch self {
        case .peerClosed: "closed by the peer"
        case .failed: "connection failed"
        case .tooSlow: "too slow"
        case .silent: "no answer to PING"
        case .outOfStep: "broken framing"
        case .serverClosed: "server closing"
        case .requested: "closed by the server"
        }
    }
}
