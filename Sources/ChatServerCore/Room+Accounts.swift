internal import ChatProtocol
internal import OrderedCollections

extension Room {
    /// Takes the list of registered users, and lets what it says hold for
    /// those who are logged in.
    mutating func reconcile(with accounts: [Account], at now: Timestamp, _ effects: inout [RoomEffect]) {
        let admins = directory.admins
        // Whoever is concerned holds one of these: the old nickname of an
        // account that was changed, or the new one.
        let concerned = OrderedSet(directory.replace(with: accounts).compactMap { holders[$0] })
        settle(Array(concerned), at: now, &effects)
        // Original clients learn of admins who are not logged in, too.
        if directory.admins != admins { enqueue(.adminsChanged, at: now, &effects) }
    }

    /// Brings members in line with the registered users.
    ///
    /// Whose account is gone stays as a guest; whose account has another
    /// nickname or role gets it; who is a guest under a nickname that belongs
    /// to somebody now has to leave, because to others there would be no
    /// telling them apart. Whoever waits for the accounts' store is passed over
    /// until it has answered.
    mutating func settle(_ connections: [ConnectionID], at now: Timestamp, _ effects: inout [RoomEffect]) {
        var changes: [(connection: ConnectionID, old: Member, new: Member)] = []
        for connection in connections {
            guard let member = members[connection], member.change == nil else { continue }
            var changed = member
            changed.account = member.account.flatMap { directory[$0.id] }
            if let account = changed.account {
                changed.nickname = account.nickname
            } else if directory.owner(of: member.nickname.key) != nil {
                evict(connection, at: now, &effects)
                continue
            }
            guard changed.account != member.account else { continue }
            changes.append((connection, member, changed))
        }
        // All nicknames that are given up come free before any is taken: two
        // accounts may have swapped theirs.
        for change in changes { release(change.old.nickname.key, of: change.connection) }
        for change in changes where members[change.connection] != nil {
            claim(change.new.nickname.key, for: change.connection, at: now, &effects)
            self.change(change.connection, from: change.old, to: change.new, at: now, &effects)
        }
    }

    /// Takes a nickname for the owner of its account from whoever else has it.
    private mutating func claim(
        _ key: NicknameKey,
        for connection: ConnectionID,
        at now: Timestamp,
        _ effects: inout [RoomEffect]
    ) {
        guard let holder = holders[key], holder != connection else { return }
        if members[holder]?.nickname.key == key {
            evict(holder, at: now, &effects)
        } else {
            // Only reserved: the store will say no to it.
            members[holder]?.change?.nickname = nil
            holders[key] = nil
        }
    }

    /// Closes the connection of somebody whose nickname belongs to another.
    mutating func evict(_ connection: ConnectionID, at now: Timestamp, _ effects: inout [RoomEffect]) {
        guard let member = members[connection] else { return }
        let entry = AuditEntry(
            .kick,
            connection: connection,
            nickname: member.nickname.text,
            detail: "the nickname is registered"
        )
        effects.append(.audit(entry))
        dismiss(connection, .warning(Phrases.nicknameRegistered), at: now, &effects)
        announceLeave(of: member, connection, at: now, &effects)
    }
}
