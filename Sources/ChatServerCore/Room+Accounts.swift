internal import ChatProtocol
internal import OrderedCollections

extension Room {
    /// Learns what is new about the registered users, and applies it to those who
    /// are logged in.
    mutating func reconcile(with changes: AccountChanges) {
        let admins = directory.admins
        // Whoever is concerned holds one of these: the old nickname of an
        // account that was changed, or the new one.
        let concerned = OrderedSet(directory.apply(changes).compactMap { holders[$0] })
        settle(Array(concerned))
        // Original clients learn of admins who are not logged in, too.
        if directory.admins != admins { enqueue(.adminsChanged) }
    }

    /// Brings members in line with the registered users.
    ///
    /// Whose account is gone stays as a guest; whose account has another
    /// nickname or role gets it; who is a guest under a nickname that belongs
    /// to somebody now has to leave, because to others there would be no
    /// telling them apart. Who logged in with a password that is no longer the
    /// account's has to leave, too: it may have been changed because somebody
    /// else knew it. Whoever waits for the accounts' store is passed over until
    /// it has answered.
    mutating func settle(_ connections: [ConnectionID]) {
        var changes: [(connection: ConnectionID, old: Member, new: Member)] = []
        for connection in connections {
            guard let member = members[connection], member.change == nil else { continue }
            var changed = member
            changed.account = member.account.flatMap { directory[$0.id] }
            if let account = changed.account {
                guard account.credentialRevision == member.account?.credentialRevision else {
                    evict(connection, because: .passwordIsOld)
                    continue
                }
                changed.nickname = account.nickname
            } else if directory.owner(of: member.nickname.key) != nil {
                evict(connection, because: .nicknameIsRegistered)
                continue
            }
            guard changed.account != member.account else { continue }
            changes.append((connection, member, changed))
        }
        // All nicknames that are given up come free before any is taken: two
        // accounts may have swapped theirs.
        for change in changes { release(change.old.nickname.key, of: change.connection) }
        for change in changes where members[change.connection] != nil {
            claim(change.new.nickname.key, for: change.connection)
            self.change(change.connection, from: change.old, to: change.new)
        }
    }

    /// Gives a nickname to the owner of its account, whoever has it.
    private mutating func claim(_ key: NicknameKey, for connection: ConnectionID) {
        guard let holder = holders[key], holder != connection else { return }
        if members[holder]?.nickname.key == key {
            evict(holder, because: .nicknameIsRegistered)
        } else {
            // Only reserved: the store will say no to it.
            members[holder]?.change?.nickname = nil
            holders[key] = nil
        }
    }

    /// Closes the connection of somebody who has to prove anew who they are.
    mutating func evict(_ connection: ConnectionID, because reason: EvictionReason) {
        guard let member = members[connection] else { return }
        let entry = AuditEntry(.kick, connection: connection, nickname: member.nickname.text, detail: reason.rawValue)
        effects.append(.audit(entry))
        dismiss(connection, .warning(reason.lastWord, reason.refusal))
        announceLeave(of: member, connection)
    }
}

/// Why somebody has to prove anew who they are; as the operator's log has it.
enum EvictionReason: String {
    /// A guest's nickname is an account's now.
    case nicknameIsRegistered = "the nickname is registered"
    /// The account has another password.
    case passwordIsOld = "the password was changed"

    fileprivate var refusal: Refusal {
        switch self {
        case .nicknameIsRegistered: .nicknameRegistered
        case .passwordIsOld: .passwordChanged
        }
    }

    fileprivate var lastWord: String {
        switch self {
        case .nicknameIsRegistered: Phrases.nicknameRegistered
        case .passwordIsOld: Phrases.passwordChanged
        }
    }
}
