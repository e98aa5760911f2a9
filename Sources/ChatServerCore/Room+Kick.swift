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
        guard let name = request.user, !name.isEmpty else {
            reply(.error(Phrases.missingUser), to: connection, at: now, &effects)
            return
        }
        guard let (target, member) = member(called: name) else {
            reply(.error(Phrases.unknownUser(name)), to: connection, at: now, &effects)
            return
        }
        guard target != connection else {
            reply(.error(Phrases.kickSelf), to: connection, at: now, &effects)
            return
        }
        guard request.reason.utf8.count <= RoomLimits.kickReasonBytes else {
            reply(.error(Phrases.longReason), to: connection, at: now, &effects)
            return
        }
        let kicked = member.nickname.text
        let kicker = admin.nickname.text
        effects.append(
            .audit(AuditEntry(.kick, connection: target, nickname: kicked, detail: "kicked by \(kicker)"))
        )
        dismiss(target, .warning(Phrases.kicked(request.reason)), at: now, &effects)
        announce(
            .kick(user: kicked),
            of: kicker,
            Phrases.kicked(kicked, by: kicker),
            .leave(target),
            at: now,
            &effects
        )
    }

    /// Who is logged in under a nickname, in any spelling.
    func member(called name: String) -> (ConnectionID, Member)? {
        let key = NicknameKey(name)
        // A nickname that somebody has only reserved is nobody's yet.
        guard let holder = holders[key], let member = members[holder], member.nickname.key == key else { return nil }
        return (holder, member)
    }
}
