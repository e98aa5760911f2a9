internal import ChatProtocol
internal import DequeModule

/// What an admin gets to hear once a change of the bans is stored.
struct BanAnswer: Sendable {
    var connection: ConnectionID
    var confirmation: Confirmation
}

extension Room {
    /// Puts in the bans of earlier runs, oldest first; before anyone connects.
    public mutating func restore(_ bans: [Ban]) {
        for ban in bans.suffix(RoomLimits.bans) { self.bans.insert(ban) }
    }

    // MARK: At the door

    /// Why a guest may not come in, or be called so; nil where nothing is in the way.
    func banFault(ofGuest nickname: Nickname, from address: NetworkAddress) -> Fault? {
        if let ban = bans.ban(of: nickname.key, at: now) { return Phrases.banned(ban) }
        return bans.ban(of: address, at: now).map { Phrases.addressBanned($0) }
    }

    /// Why somebody who proved to own an account may not come in.
    ///
    /// Their address does not matter: others who share it are not to blame. An
    /// admin can't be banned, so whom the operator makes one is free.
    func banFault(of account: Account) -> Fault? {
        guard account.role != .admin else { return nil }
        return bans.ban(of: account, at: now).map { Phrases.banned($0) }
    }

    // MARK: Requests

    /// Handles a KICK that bans: of somebody who is here, or of a nickname.
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
            // Neither a network that others share with the machine, nor the
            // admin's own: that would hit whoever else is there.
            address: (target?.member.address).flatMap { $0.canBeBanned && $0 != admin.address ? $0 : nil },
            created: now.unixMilliseconds,
            expires: term.expiry(from: now),
            admin: admin.nickname.text,
            // It stands in lists: one line, and nothing that a database would cut.
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

    /// Why a ban can't be; nil where it can.
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

    /// Lets the ban of a guest who is gone hold for the account, too, that they
    /// had asked for: else a registration under way would be a way around it.
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

    /// Goes on once the bans' store has answered the oldest change.
    mutating func finishBanChange(isStored: Bool) {
        guard let answer = banAnswers.popFirst() ?? nil else { return }
        // Whoever asked may have gone.
        guard members[answer.connection] != nil else { return }
        guard !isStored else { return reply(.confirm(answer.confirmation), to: answer.connection) }
        refuse(answer.confirmation.subject, Phrases.onlyInMemory(answer.confirmation.text), to: answer.connection)
    }

    private mutating func refuse(_ subject: Confirmation.Subject, _ fault: Fault, to connection: ConnectionID) {
        reply(.confirm(Confirmation(subject: subject, faults: [fault])), to: connection)
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
