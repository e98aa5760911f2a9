internal import ChatProtocol
internal import DequeModule

/// What an admin gets to hear once a change of the bans is stored.
struct BanAnswer: Sendable {
    var connection: ConnectionID
    var subject: Confirmation.Subject
    var text: String
}

extension Room {
    /// Takes the bans of earlier runs, oldest first; before anyone connects.
    public mutating func restore(_ bans: [Ban]) {
        for ban in bans.suffix(RoomLimits.bans) { self.bans.insert(ban) }
    }

    // MARK: At the door

    /// Why a guest may not come in, or be called so; nil where nothing is in the way.
    func banFault(ofGuest nickname: Nickname, from address: NetworkAddress, at now: Timestamp) -> String? {
        if let ban = bans.ban(of: nickname.key, at: now) { return Phrases.banned(ban) }
        return bans.ban(of: address, at: now).map { Phrases.addressBanned($0) }
    }

    /// Why somebody who proved to own an account may not come in.
    ///
    /// Their address does not matter: others who share it are not to blame. An
    /// admin can't be banned, so whom the operator makes one is free.
    func banFault(of account: Account, at now: Timestamp) -> String? {
        guard account.role != .admin else { return nil }
        return bans.ban(of: account, at: now).map { Phrases.banned($0) }
    }

    // MARK: Requests

    /// Takes a KICK that bans: of somebody who is here, or of a nickname.
    mutating func ban(
        _ request: KickRequest,
        for term: BanTerm,
        from connection: ConnectionID,
        _ admin: Member,
        at now: Timestamp,
        _ effects: inout [RoomEffect]
    ) {
        guard let name = request.user, !name.isEmpty else {
            return confirm(.kick, Phrases.missingUser, to: connection, at: now, &effects)
        }
        let target = member(called: name)
        let owner = target?.member.account ?? directory.owner(of: NicknameKey(name))
        guard let nickname = target?.member.nickname ?? owner?.nickname ?? (try? Nickname(name)) else {
            return confirm(.kick, Phrases.unknownUser(name), to: connection, at: now, &effects)
        }
        if let fault = fault(inBanning: nickname, owner, request, by: admin, at: now) {
            return confirm(.kick, fault, to: connection, at: now, &effects)
        }
        let ban = Ban(
            nickname: nickname,
            account: owner?.id,
            // Neither a network that others share with the machine, nor the
            // admin's own: that would hit whoever else is there.
            address: (target?.member.address).flatMap { $0.canBeBanned && $0 != admin.address ? $0 : nil },
            created: now.unixMilliseconds,
            expires: term.expiry(from: now),
            admin: admin.nickname.text,
            // It stands in lists: one line, and nothing that a database would cut.
            reason: SafeText(line: request.reason).text
        )
        let expired = bans.removeExpired(at: now)
        bans.insert(ban)
        let entry = AuditEntry(
            .ban,
            connection: target?.connection ?? connection,
            nickname: nickname.text,
            detail: "by \(admin.nickname.text) \(Phrases.until(ban.expires))"
        )
        effects.append(.audit(entry))
        let answer = BanAnswer(connection: connection, subject: .kick, text: Phrases.confirmed(ban))
        change(BanChange(removed: expired, added: ban), answer, &effects)
        if let target { expel(target, request.reason, ban, by: admin, at: now, &effects) }
    }

    /// Why a ban can't be; nil where it can.
    private func fault(
        inBanning nickname: Nickname,
        _ owner: Account?,
        _ request: KickRequest,
        by admin: Member,
        at now: Timestamp
    ) -> String? {
        if nickname.key == admin.nickname.key { return Phrases.banSelf }
        if owner?.role == .admin { return Phrases.banAdmin(nickname.text) }
        if request.reason.utf8.count > RoomLimits.kickReasonBytes { return Phrases.longReason }
        if !bans.hasRoom(for: nickname.key, at: now) { return Phrases.tooManyBans }
        return banAnswers.count < RoomLimits.banChanges ? nil : Phrases.error(Phrases.busy)
    }

    /// Takes an UNBAN.
    mutating func unban(
        _ name: String?,
        from connection: ConnectionID,
        _ admin: Member,
        at now: Timestamp,
        _ effects: inout [RoomEffect]
    ) {
        guard let name, !name.isEmpty else {
            return confirm(.unban, Phrases.missingUser, to: connection, at: now, &effects)
        }
        guard banAnswers.count < RoomLimits.banChanges else {
            return confirm(.unban, Phrases.error(Phrases.busy), to: connection, at: now, &effects)
        }
        let key = NicknameKey(name)
        let lifted = bans.remove(key, account: directory.owner(of: key)?.id, at: now)
        guard !lifted.isEmpty else {
            return confirm(.unban, Phrases.notBanned(name), to: connection, at: now, &effects)
        }
        let detail = "by \(admin.nickname.text)"
        effects.append(.audit(AuditEntry(.unban, connection: connection, nickname: name, detail: detail)))
        let answer = BanAnswer(connection: connection, subject: .unban, text: Phrases.unbanned(name))
        change(BanChange(removed: lifted + bans.removeExpired(at: now)), answer, &effects)
    }

    /// Takes a BANS.
    mutating func listBans(
        to connection: ConnectionID,
        _ admin: Member,
        at now: Timestamp,
        _ effects: inout [RoomEffect]
    ) {
        let bans = bans.inForce(at: now)
        var confirmation = Confirmation(subject: .bans, text: Phrases.count(of: bans))
        switch admin.framing {
        case .netstring:
            confirmation.bans = bans.map {
                BanEntry(nickname: $0.nickname.text, until: $0.expires, admin: $0.admin, reason: $0.reason)
            }
        case .none:
            confirmation.text = Phrases.list(of: bans)
        }
        reply(.confirm(confirmation), to: connection, at: now, &effects)
    }

    // MARK: Accounts that come late

    /// Lets the ban of a guest who is gone hold for the account, too, that they
    /// had asked for: else a registration under way would be a way around it.
    mutating func extendBan(
        of guest: Nickname,
        to account: Account,
        _ connection: ConnectionID,
        at now: Timestamp,
        _ effects: inout [RoomEffect]
    ) {
        guard var ban = bans.ban(of: guest.key, at: now), ban.account == nil else { return }
        ban.account = account.id
        bans.replace(ban)
        let detail = "with \(guest.text), by \(ban.admin) \(Phrases.until(ban.expires))"
        let entry = AuditEntry(.ban, connection: connection, nickname: account.nickname.text, detail: detail)
        effects.append(.audit(entry))
        change(BanChange(added: ban), nil, &effects)
    }

    // MARK: The store

    private mutating func change(_ change: BanChange, _ answer: BanAnswer?, _ effects: inout [RoomEffect]) {
        banAnswers.append(answer)
        effects.append(.changeBans(change))
    }

    /// Takes the answer of the bans' store to the oldest change.
    mutating func finishBanChange(isStored: Bool, at now: Timestamp, _ effects: inout [RoomEffect]) {
        guard let answer = banAnswers.popFirst() ?? nil else { return }
        // Whoever asked may have gone.
        guard members[answer.connection] != nil else { return }
        let text = isStored ? answer.text : Phrases.onlyInMemory(answer.text)
        confirm(answer.subject, text, to: answer.connection, at: now, &effects)
    }

    /// Answers a request about bans.
    mutating func confirm(
        _ subject: Confirmation.Subject,
        _ text: String,
        to connection: ConnectionID,
        at now: Timestamp,
        _ effects: inout [RoomEffect]
    ) {
        reply(.confirm(Confirmation(subject: subject, text: text)), to: connection, at: now, &effects)
    }
}

extension BanTerm {
    /// When a ban ends that begins now; nil for never.
    fileprivate func expiry(from now: Timestamp) -> Int64? {
        guard case .seconds(let seconds) = self else { return nil }
        let (expiry, overflow) = now.unixMilliseconds.addingReportingOverflow(Int64(seconds) * 1000)
        return overflow ? nil : expiry
    }
}

extension Request {
    /// What a refusal confirms, for requests that are answered with a CONFIRM
    /// whatever comes of them.
    var confirmation: Confirmation.Subject? {
        switch self {
        case .kick(let request): request.ban == nil ? nil : .kick
        case .unban: .unban
        case .bans: .bans
        default: nil
        }
    }
}
