internal import ChatProtocol
internal import DequeModule

/// The answer to an admin once a change of the bans is stored.
struct BanAnswer: Sendable {
    var connection: ConnectionID
    var confirmation: Confirmation
}

extension Room {
    /// Restores the bans of earlier runs, oldest first; call it before anyone connects.
    public mutating func restore(_ bans: [Ban]) {
        for ban in bans.suffix(RoomLimits.bans) { self.bans.insert(ban) }
    }

    // MARK: At the door

    /// Why a ban keeps a guest from logging in or taking this nickname; nil if none does.
    func banFault(ofGuest nickname: Nickname, from address: NetworkAddress) -> Fault? {
        if let ban = bans.ban(of: nickname.key, at: now) { return Phrases.banned(ban) }
        return bans.ban(of: address, at: now).map { Phrases.addressBanned($0) }
    }

    /// Why a ban keeps a user with the right password from logging in; nil if none does.
    ///
    /// Their address does not matter, because others may share it. An admin can't be banned, so a user whom the
    /// operator makes an admin is free.
    func banFault(of account: Account) -> Fault? {
        guard account.role != .admin else { return nil }
        return bans.ban(of: account, at: now).map { Phrases.banned($0) }
    }

    // MARK: Requests

    /// Handles a KICK that bans a user who is here, or a nickname.
    mutating func ban(_ request: KickRequest, for term: BanTerm, from connection: ConnectionID, _ admin: Member) {
        guard let name = request.user, !name.isEmpty else {
            return refuse(.kick, Phrases.missingUser, to: connection)
        }
        let target = member(called: name)
        let owner = target?.member.account ?? directory.owner(of: NicknameKey(UnframedNickname.read(name)))
        guard let nickname = target?.member.nickname ?? owner?.nickname ?? (try? Nickname(name)) else {
            return refuse(.kick, Phrases.unknownUser(name), to: connection)
        }
        let isAdmin = target?.member.isAdmin ?? (owner?.role == .admin)
        if let fault = fault(inBanning: nickname, isAdmin: isAdmin, request, by: admin) {
            return refuse(.kick, fault, to: connection)
        }
        let ban = Ban(
            nickname: nickname,
            account: owner?.id,
            // Leave out a network shared with the machine and the admin's own address: a ban there would hit everybody
            // else on it.
            address: (target?.member.address).flatMap { $0.canBeBanned && $0 != admin.address ? $0 : nil },
            created: now.unixMilliseconds,
            expires: term.expiry(from: now),
            admin: admin.nickname.text,
            // The reason is shown in lists, so it is one line without anything that a database would cut off.
            reason: SafeText(line: request.reason).text
        )
        let replaced = bans.ban(of: nickname.key, at: now)
        let expired = bans.removeExpired(at: now)
        bans.insert(ban)
        let entry = AuditEntry(
            .ban,
            connection: target?.connection ?? connection,
            nickname: nickname.text,
            detail: "by \(admin.nickname.text) \(Phrases.until(ban.expires))"
        )
        effects.append(.audit(entry))
        let text = Phrases.confirmed(ban, inPlaceOf: replaced)
        let confirmation = Confirmation(subject: .kick, until: ban.expires, text: text)
        change(BanChange(removed: expired, added: ban), BanAnswer(connection: connection, confirmation: confirmation))
        if let target { expel(target, request.reason, ban, by: admin) }
    }

    /// Why a ban is not possible; nil if it is.
    private func fault(
        inBanning nickname: Nickname,
        isAdmin: Bool,
        _ request: KickRequest,
        by admin: Member
    ) -> Fault? {
        if nickname.key == admin.nickname.key { return Phrases.banSelf }
        if isAdmin { return Phrases.banAdmin(nickname.text) }
        if request.reason.utf8.count > RoomLimits.kickReasonBytes { return Phrases.longReason }
        if !bans.hasRoom(for: nickname.key, at: now) { return Phrases.tooManyBans }
        return banAnswers.count < RoomLimits.banChanges ? nil : Phrases.busy
    }

    /// Handles an UNBAN.
    mutating func unban(_ name: String?, from connection: ConnectionID, _ admin: Member) {
        guard let name, !name.isEmpty else {
            return refuse(.unban, Phrases.missingUser, to: connection)
        }
        guard banAnswers.count < RoomLimits.banChanges else {
            return refuse(.unban, Phrases.busy, to: connection)
        }
        let key = NicknameKey(UnframedNickname.read(name))
        let lifted = bans.remove(key, account: directory.owner(of: key)?.id, at: now)
        guard !lifted.isEmpty else {
            return refuse(.unban, Phrases.notBanned(name), to: connection)
        }
        let detail = "by \(admin.nickname.text)"
        effects.append(.audit(AuditEntry(.unban, connection: connection, nickname: name, detail: detail)))
        let confirmation = Confirmation(subject: .unban, text: Phrases.unbanned(name))
        let answer = BanAnswer(connection: connection, confirmation: confirmation)
        change(BanChange(removed: lifted + bans.removeExpired(at: now)), answer)
    }

    /// Answers a BANS.
    mutating func listBans(to connection: ConnectionID, _ admin: Member) {
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
        reply(.confirm(confirmation), to: connection)
    }

    // MARK: Accounts that come late

    /// Extends the ban of a guest who is gone to the account that they had asked for.
    ///
    /// Otherwise a registration under way would get around the ban.
    mutating func extendBan(of guest: Nickname, to account: Account, _ connection: ConnectionID) {
        guard var ban = bans.ban(of: guest.key, at: now), ban.account == nil else { return }
        ban.account = account.id
        bans.replace(ban)
        let detail = "with \(guest.text), by \(ban.admin) \(Phrases.until(ban.expires))"
        let entry = AuditEntry(.ban, connection: connection, nickname: account.nickname.text, detail: detail)
        effects.append(.audit(entry))
        change(BanChange(added: ban), nil)
    }

    // MARK: The store

    private mutating func change(_ change: BanChange, _ answer: BanAnswer?) {
        banAnswers.append(answer)
        effects.append(.changeBans(change))
    }

    /// Continues once the ban store has answered the oldest change.
    mutating func finishBanChange(isStored: Bool) {
        guard let answer = banAnswers.popFirst() ?? nil else { return }
        // The admin who asked may be gone.
        guard members[answer.connection] != nil else { return }
        guard !isStored else { return reply(.confirm(answer.confirmation), to: answer.connection) }
        refuse(answer.confirmation.subject, Phrases.onlyInMemory(answer.confirmation.text), to: answer.connection)
    }

    private mutating func refuse(_ subject: Confirmation.Subject, _ fault: Fault, to connection: ConnectionID) {
        reply(.confirm(Confirmation(subject: subject, faults: [fault])), to: connection)
    }
}

extension BanTerm {
    /// When a ban that begins now ends; nil for never.
    fileprivate func expiry(from now: Timestamp) -> Int64? {
        guard case .seconds(let seconds) = self else { return nil }
        let (expiry, overflow) = now.unixMilliseconds.addingReportingOverflow(Int64(seconds) * 1000)
        return overflow ? nil : expiry
    }
}

extension Request {
    /// The subject to confirm, for requests that are always answered with a CONFIRM, even if refused.
    var confirmation: Confirmation.Subject? {
        switch self {
        case .kick(let request): request.ban == nil ? nil : .kick
        case .unban: .unban
        case .bans: .bans
        default: nil
        }
    }
}
