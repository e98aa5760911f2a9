internal import ChatProtocol

extension Room {
    /// Takes a KICK of somebody who may.
    ///
    /// An admin can throw out other admins, but not themselves: that would be a
    /// slip of the hand, and DISCON is there for leaving.
    mutating func kick(
        _ request: KickRequest,
        from connection: ConnectionID,
        _ admin: Member,
        at now: Timestamp,
        _ effects: inout [RoomEffect]
    ) {
        if let term = request.ban {
            return ban(request, for: term, from: connection, admin, at: now, &effects)
        }
        guard let name = request.user, !name.isEmpty else {
            reply(.error(Phrases.missingUser), to: connection, at: now, &effects)
            return
        }
        guard let target = member(called: name) else {
            reply(.error(Phrases.unknownUser(name)), to: connection, at: now, &effects)
            return
        }
        guard target.connection != connection else {
            reply(.error(Phrases.kickSelf), to: connection, at: now, &effects)
            return
        }
        guard request.reason.utf8.count <= RoomLimits.kickReasonBytes else {
            reply(.error(Phrases.longReason), to: connection, at: now, &effects)
            return
        }
        expel(target, request.reason, by: admin, at: now, &effects)
    }

    /// Throws somebody out, and tells everybody.
    mutating func expel(
        _ target: (connection: ConnectionID, member: Member),
        _ reason: String,
        _ ban: Ban? = nil,
        by admin: Member,
        at now: Timestamp,
        _ effects: inout [RoomEffect]
    ) {
        let kicked = target.member.nickname.text
        let kicker = admin.nickname.text
        effects.append(
            .audit(AuditEntry(.kick, connection: target.connection, nickname: kicked, detail: "kicked by \(kicker)"))
        )
        let lastWord = ban.map { Phrases.kicked(reason, $0) } ?? Phrases.kicked(reason)
        dismiss(target.connection, .warning(lastWord), at: now, &effects)
        announce(
            .kick(user: kicked),
            of: kicker,
            ban == nil ? Phrases.kicked(kicked, by: kicker) : Phrases.kickedAndBanned(kicked, by: kicker),
            .leave(target.connection),
            at: now,
            &effects
        )
    }

    /// Who is logged in under a nickname, in any spelling.
    func member(called name: String) -> (connection: ConnectionID, member: Member)? {
        let key = NicknameKey(name)
        // A nickname that somebody has only reserved is nobody's yet.
        guard let holder = holders[key], let member = members[holder], member.nickname.key == key else { return nil }
        return (holder, member)
    }
}
