internal import ChatProtocol

/// Which messages came in under which client's tags, so that one sent again is
/// answered again instead of said twice.
///
/// A tag belongs to an account, or to a guest's nickname: that way it outlives
/// the connection, which is the case it is there for. The next holder of a
/// guest's nickname gets nothing from it: a repeat counts only with the same
/// recipient and text, and all it brings is what that text's sender knew.
///
/// The table is bounded twice, both times by two generations: the younger one
/// grows up to its bound, then becomes the older one in place of the last.
/// ``RoomLimits/noncesPerOwner`` keeps one busy user from using it all up.
struct NonceTable: Sendable {
    /// What was said under a tag.
    struct Entry: Sendable {
        /// The message's number and time.
        let id: MessageID
        let moment: Timestamp
        /// The message's header as it was first sent.
        let sender: String
        let recipient: Recipient
        let color: String
        /// Recipient and text of the request, hashed.
        let fingerprint: Int
    }

    /// The tags of one user.
    private struct Ledger: Sendable {
        var young: [String: Entry] = [:]
        var old: [String: Entry] = [:]

        /// How many there are; a tag in both counts twice.
        var count: Int { young.count + old.count }

        subscript(tag: String) -> Entry? { young[tag] ?? old[tag] }

        mutating func insert(_ entry: Entry, for tag: String) {
            young[tag] = entry
            guard young.count >= RoomLimits.noncesPerOwner else { return }
            old = young
            young = [:]
        }

        /// Takes over another's, whose tags count for less.
        mutating func merge(_ other: Ledger) {
            for (tag, entry) in other.old where self[tag] == nil { insert(entry, for: tag) }
            for (tag, entry) in other.young where self[tag] == nil { insert(entry, for: tag) }
        }

        mutating func remove(_ tag: String, ifFor id: MessageID) {
            if young[tag]?.id == id { young[tag] = nil }
            if old[tag]?.id == id { old[tag] = nil }
        }
    }

    private var young: [Nonce.Owner: Ledger] = [:]
    private var old: [Nonce.Owner: Ledger] = [:]
    /// How many entries ``young`` holds.
    private var youngCount = 0

    /// Hashes what makes two CHATs the same message.
    static func fingerprint(of request: ChatRequest) -> Int {
        var hasher = Hasher()
        switch request.recipient {
        case nil: hasher.combine(0)
        case .everyone: hasher.combine(1)
        case .user(let name): hasher.combine(NicknameKey(name))
        }
        hasher.combine(request.text)
        return hasher.finalize()
    }

    /// What was said under a tag, if it was the same.
    func entry(for nonce: Nonce, fingerprint: Int) -> Entry? {
        guard let entry = young[nonce.owner]?[nonce.tag] ?? old[nonce.owner]?[nonce.tag],
            entry.fingerprint == fingerprint
        else { return nil }
        return entry
    }

    /// Remembers a message; a tag used before now means this one.
    mutating func insert(_ entry: Entry, for nonce: Nonce) {
        rejuvenate(nonce.owner)
        change(nonce.owner) { $0.insert(entry, for: nonce.tag) }
        turnOver()
    }

    /// Forgets a message that was not stored, so that it can be sent again.
    mutating func remove(_ nonce: Nonce, ifFor id: MessageID) {
        old[nonce.owner]?.remove(nonce.tag, ifFor: id)
        guard young[nonce.owner] != nil else { return }
        change(nonce.owner) { $0.remove(nonce.tag, ifFor: id) }
    }

    /// Lets a user keep the tags under a new nickname or account.
    mutating func move(from owner: Nonce.Owner, to other: Nonce.Owner) {
        guard owner != other else { return }
        let ledger = young.removeValue(forKey: owner)
        youngCount -= ledger?.count ?? 0
        guard let ledger = ledger ?? old.removeValue(forKey: owner) else { return }
        rejuvenate(other)
        change(other) { $0.merge(ledger) }
        turnOver()
    }

    /// Brings an owner's tags into the younger generation.
    private mutating func rejuvenate(_ owner: Nonce.Owner) {
        guard !old.isEmpty, let ledger = old.removeValue(forKey: owner) else { return }
        young[owner] = ledger
        youngCount += ledger.count
    }

    private mutating func turnOver() {
        guard youngCount >= RoomLimits.nonces else { return }
        old = young
        young = [:]
        youngCount = 0
    }

    private mutating func change(_ owner: Nonce.Owner, _ body: (inout Ledger) -> Void) {
        let difference = {
            let before = $0.count
            body(&$0)
            return $0.count - before
        }(&young[owner, default: Ledger()])
        youngCount += difference
    }

    /// How many tags are remembered, and whether the bookkeeping holds.
    var audit: (count: Int, isConsistent: Bool) {
        let count = young.values.reduce(0) { $0 + $1.count }
        let ledgers = Array(young.values) + Array(old.values)
        return (
            count + old.values.reduce(0) { $0 + $1.count },
            count == youngCount && youngCount < RoomLimits.nonces
                && Set(young.keys).isDisjoint(with: old.keys)
                && ledgers.allSatisfy { $0.count < 2 * RoomLimits.noncesPerOwner }
        )
    }
}
