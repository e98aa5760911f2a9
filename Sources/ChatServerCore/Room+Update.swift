internal import ChatProtocol

extension Room {
    /// Handles an UPDATE: either all of it is done, or nothing, and then the answer names every fault.
    mutating func update(_ request: UpdateRequest, from connection: ConnectionID, _ member: Member) {
        guard member.change == nil else { return refuseUpdate([Phrases.updatePending], to: connection) }
        guard queue.recordCount < configuration.maximumPendingMessages else {
            return refuseUpdate([Phrases.busy], to: connection)
        }
        var faults: [Fault] = []
        if request.nickname == nil, request.password == nil, request.color == nil {
            faults.append(Phrases.nothingToUpdate)
        }
        let nickname = request.nickname.flatMap { check($0, for: connection, member, &faults) }
        var color: String?
        if let text = request.color {
            color = ChatColor(text)?.text
            if color == nil { faults.append(Phrases.badColor) }
        }
        if let password = request.password {
            check(password, of: member, &faults)
            // Somebody else may have registered the nickname since the guest logged in.
            if member.account == nil, request.nickname == nil,
                let registered = directory.lookalike(of: member.nickname)
            {
                faults.append(Phrases.resembles(registered.nickname.text))
            }
        }
        // Charge this last, so that an UPDATE that is refused anyway costs nothing.
        if faults.isEmpty, request.password != nil {
            let purpose: PasswordBudget.Purpose = member.account == nil ? .registration : .change
            if let wait = newPasswords.charge(purpose, from: member.address, at: now) {
                faults.append(Phrases.passwordTooOften(purpose, waitMilliseconds: wait))
            }
        }
        guard faults.isEmpty else { return refuseUpdate(faults, to: connection) }

        let newName = nickname == member.nickname ? nil : nickname
        if let account = member.account, newName != nil || request.password != nil {
            let change = PendingChange(nickname: newName, color: color, setsPassword: request.password != nil)
            hold(change, on: connection)
            effects.append(.changeAccount(connection, account, nickname: newName, password: request.password))
        } else if let password = request.password {
            hold(PendingChange(nickname: newName, color: color, setsPassword: true), on: connection)
            effects.append(.register(connection, newName ?? member.nickname, password: password))
        } else {
            var changed = member
            changed.nickname = newName ?? member.nickname
            changed.color = color ?? member.color
            confirmUpdate(to: connection)
            change(connection, from: member, to: changed)
        }
    }

    /// Reads a nickname and checks whether it is free; adds what is wrong to the faults.
    private func check(
        _ text: String,
        for connection: ConnectionID,
        _ member: Member,
        _ faults: inout [Fault]
    ) -> Nickname? {
        do throws(NicknameError) {
            let nickname = try Nickname(text)
            if let fault = fault(inTaking: nickname, for: (connection, member.account?.id)) {
                faults.append(fault)
            } else if let registered = directory.lookalike(of: nickname, except: member.account?.id) {
                faults.append(Phrases.resembles(registered.nickname.text))
            } else if let present = holders.lookalike(of: nickname, except: connection) {
                faults.append(Phrases.resemblesPresent(present.text))
            } else if !member.isAdmin, bans.ban(of: nickname.key, at: now) != nil {
                faults.append(Phrases.nicknameBanned)
            } else if nickname != member.nickname, !nickname.isReadableUnframed {
                faults.append(Phrases.unreadableNickname)
            }
            return nickname
        } catch {
            faults.append(Phrases.fault(error))
            return nil
        }
    }

    private func check(_ password: String, of member: Member, _ faults: inout [Fault]) {
        if !Permissions.allows(.changePassword, to: member.standing) {
            guard Permissions.allows(.register, to: member.standing), configuration.allowsRegistration else {
                faults.append(Phrases.registrationClosed)
                return
            }
        }
        if password.count < Limits.passwordMinimumCharacters { faults.append(Phrases.shortPassword) }
        if password.utf8.count > Limits.passwordBytes { faults.append(Phrases.longPassword) }
    }

    /// Keeps a change until the account store has answered, and reserves its nickname.
    private mutating func hold(_ change: PendingChange, on connection: ConnectionID) {
        members[connection]?.change = change
        // Another spelling of the own nickname is not shown before the change is done.
        if let nickname = change.nickname, holders[nickname.key] != connection {
            holders.give(nickname, to: connection)
        }
    }

    /// Continues once the account store has answered.
    mutating func finishChange(_ connection: ConnectionID, _ account: Account?) {
        if let account { directory.update(account) }
        if let member = members[connection], let pending = member.change {
            members[connection]?.change = nil
            // The reservation is removed first, so that the following code sees who really has which nickname.
            if let nickname = pending.nickname, nickname.key != member.nickname.key {
                release(nickname.key, of: connection)
            }
            if let account {
                var changed = member
                changed.account = account
                changed.nickname = account.nickname
                changed.color = pending.color ?? member.color
                if let taker = holders[account.nickname.key], taker != connection {
                    evict(taker, because: .nicknameIsRegistered)
                }
                if member.account == nil {
                    guesses.remember(account.id, at: member.address)
                    audit(.registration, changed, connection)
                } else {
                    let detail = pending.setsPassword ? "password changed" : ""
                    audit(.update, changed, connection, detail: detail)
                }
                confirmUpdate(to: connection)
                change(connection, from: member, to: changed, isAudited: true)
            } else {
                refuseUpdate([Phrases.changeFailed], to: connection)
            }
        } else if let orphan = orphanedChanges.removeValue(forKey: connection), let account {
            finish(orphan, account, connection)
        }
        // Check everybody whom this account concerns: this connection, which was skipped while it waited, other logins
        // of the account, and whoever has its nickname.
        settle([connection])
        guard let account else { return }
        settle(members.keys.filter { members[$0]?.account?.id == account.id })
        if let holder = holders[account.nickname.key] { settle([holder]) }
    }

    /// Continues once the account store has answered for a user who is gone.
    private mutating func finish(_ orphan: OrphanedChange, _ account: Account, _ connection: ConnectionID) {
        let entry = AuditEntry(
            orphan.isRegistration ? .registration : .update,
            connection: connection,
            nickname: account.nickname.text,
            detail: "asked for by \(orphan.nickname.text), who is gone"
        )
        effects.append(.audit(entry))
        guard orphan.isRegistration else { return }
        extendBan(of: orphan.nickname, to: account, connection)
    }

    /// Changes what others see of a member, and tells them.
    mutating func change(_ connection: ConnectionID, from old: Member, to new: Member, isAudited: Bool = false) {
        release(old.nickname.key, of: connection)
        holders.give(new.nickname, to: connection)
        members[connection]?.nickname = new.nickname
        members[connection]?.color = new.color
        members[connection]?.account = new.account
        nonces.move(from: old.nonceOwner, to: new.nonceOwner)
        guard let text = Phrases.changed(from: old, to: new) else { return }
        if !isAudited { audit(.update, new, connection, detail: text) }
        let nickname = new.nickname.text
        announce(
            .update(previous: old.nickname.text, color: new.color, isAdmin: new.isAdmin),
            of: nickname,
            text,
            .update(connection, UserList.Entry(nickname: nickname, color: new.color))
        )
    }

    private mutating func audit(
        _ action: AuditEntry.Action,
        _ member: Member,
        _ connection: ConnectionID,
        detail: String = ""
    ) {
        let entry = AuditEntry(action, connection: connection, nickname: member.nickname.text, detail: detail)
        effects.append(.audit(entry))
    }

    private mutating func confirmUpdate(to connection: ConnectionID) {
        reply(.confirm(Confirmation(subject: .update, text: Phrases.updated)), to: connection)
    }

    private mutating func refuseUpdate(_ faults: [Fault], to connection: ConnectionID) {
        reply(.confirm(Confirmation(subject: .update, faults: faults)), to: connection)
    }
}
