internal import ChatProtocol
internal import OrderedCollections

extension Room {
    /// Applies changes of the registered users to the members who are logged in.
    mutating func reconcile(with changes: AccountChanges) {
        let admins = directory.admins
        // A member is concerned if they hold the old or the new nickname of a changed account.
        let concerned = OrderedSet(directory.apply(changes).compactMap { holders[$0] })
        settle(Array(concerned))
        // Original clients are also told about admins who are not logged in.
        if directory.admins != admins { enqueue(.adminsChanged) }
    }

    /// Brings members in line with the registered users.
    ///
    /// A member whose account was removed stays as a guest, and is told so. A member whose account got another nickname
    /// or role gets it, too. A guest whose nickname now belongs to an account has to leave, because others could not
    /// tell the two apart. A member who logged in with an older password has to leave, because it may have been changed
    /// after somebody else learned it. A member who waits for the account store is skipped until it has answered.
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
        // Release all nicknames before any is taken: two accounts may have swapped theirs.
        for change in changes { release(change.old.nickname.key, of: change.connection) }
        for change in changes where members[change.connection] != nil {
            claim(change.new.nickname.key, for: change.connection)
            self.change(change.connection, from: change.old, to: change.new)
            if change.new.account == nil { reply(.warning(Phrases.accountRemoved), to: change.connection) }
        }
    }

    /// Gives a nickname to the owner of its account, whoever holds it now.
    private mutating func claim(_ key: NicknameKey, for connection: ConnectionID) {
        guard let holder = holders[key], holder != connection else { return }
        if members[holder]?.nickname.key == key {
            evict(holder, because: .nicknameIsRegistered)
        } else {
            // It was only reserved: the store will refuse it.
            members[holder]?.change?.nickname = nil
            holders.free(key)
        }
    }

    /// Closes the connection of a member who has to log in again.
    mutating func evict(_ connection: ConnectionID, because reason: EvictionReason) {
        guard let member = members[connection] else { return }
        let entry = AuditEntry(.kick, connection: connection, nickname: member.nickname.text, detail: reason.rawValue)
        effects.append(.audit(entry))
        dismiss(connection, .warning(reason.lastWord, reason.refusal))
        announceLeave(of: member, connection)
    }
}

/// Why a member has to log in again, in the words of the operator's log.
enum EvictionReason: String {
    /// The guest's nickname now belongs to an account.
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
