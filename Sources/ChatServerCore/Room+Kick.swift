internal import ChatProtocol

extension Room {
    /// Handles a KICK from a member who may do that.
    ///
    /// An admin can throw out other admins, but not themselves: that would be a mistake, and DISCON is there for
    /// leaving.
    mutating func kick(_ request: KickRequest, from connection: ConnectionID, _ admin: Member) {
        if let term = request.ban {
            return ban(request, for: term, from: connection, admin)
        }
        guard let name = request.user, !name.isEmpty else {
            return reply(.error(Phrases.missingUser), to: connection)
        }
        guard let target = member(called: name) else {
            return reply(.error(Phrases.unknownUser(name)), to: connection)
        }
        guard target.connection != connection else { return reply(.error(Phrases.kickSelf), to: connection) }
        guard request.reason.utf8.count <= RoomLimits.kickReasonBytes else {
            return reply(.error(Phrases.longReason), to: connection)
        }
        expel(target, request.reason, by: admin)
    }

    /// Throws a member out, and tells everybody.
    mutating func expel(
        _ target: (connection: ConnectionID, member: Member),
        _ reason: String,
        _ ban: Ban? = nil,
        by admin: Member
    ) {
        let kicked = target.member.nickname.text
        let kicker = admin.nickname.text
        effects.append(
            .audit(AuditEntry(.kick, connection: target.connection, nickname: kicked, detail: "kicked by \(kicker)"))
        )
        let lastWord = ban.map { Response.Body.warning(Phrases.kicked(reason, $0), .banned, until: $0.expires) }
        dismiss(target.connection, lastWord ?? .warning(Phrases.kicked(reason), .kicked))
        announce(
            .kick(user: kicked),
            of: kicker,
            ban == nil ? Phrases.kicked(kicked, by: kicker) : Phrases.kickedAndBanned(kicked, by: kicker),
            .leave(target.connection)
        )
    }

    /// The member with a nickname, in any spelling.
    func member(called name: String) -> (connection: ConnectionID, member: Member)? {
        let key = NicknameKey(UnframedNickname.read(name))
        // A reserved nickname belongs to nobody yet.
        guard let holder = holders[key], let member = members[holder], member.nickname.key == key else { return nil }
        return (holder, member)
    }
}
