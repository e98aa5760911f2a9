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
        /// The message's number.
        let id: MessageID
        /// When it was said.
        let moment: Timestamp
        /// The sender as it was first sent.
        let sender: String
        /// The recipient as it was first sent.
        let recipient: Recipient
        /// The sender's color as it was first sent.
        let color: String
        /// Recipient and text of the request, hashed.
        let fingerprint: Int
    }

    /// Names the tags of one user, whatever the user is called meanwhile.
    struct LedgerID: Hashable, Sendable {
        fileprivate let number: Int
    }

    /// The tags of one user.
    private struct Ledger: Sendable {
        var owner: Nonce.Owner
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

        mutating func remove(_ tag: String, ifFor id: MessageID) {
            if young[tag]?.id == id { young[tag] = nil }
            if old[tag]?.id == id { old[tag] = nil }
        }
    }

    private var ledgers: [Nonce.Owner: LedgerID] = [:]
    private var young: [LedgerID: Ledger] = [:]
    private var old: [LedgerID: Ledger] = [:]
    /// How many entries ``young`` holds.
    private var youngCount = 0
    private var nextLedger = 0

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
        guard let id = ledgers[nonce.owner],
            let entry = young[id]?[nonce.tag] ?? old[id]?[nonce.tag],
            entry.fingerprint == fingerprint
        else { return nil }
        return entry
    }

    /// Remembers a message; a tag used before now means this one.
    ///
    /// - Returns: Where to find it should it have to be forgotten.
    mutating func insert(_ entry: Entry, for nonce: Nonce) -> LedgerID {
        let id = ledger(of: nonce.owner)
        change(id) { $0.insert(entry, for: nonce.tag) }
        if youngCount >= RoomLimits.nonces { turnOver() }
        return id
    }

    /// Forgets a message that was not stored, so that it can be sent again.
    mutating func remove(_ tag: String, from id: LedgerID, ifFor message: MessageID) {
        old[id]?.remove(tag, ifFor: message)
        change(id) { $0.remove(tag, ifFor: message) }
        guard let ledger = young[id] ?? old[id], ledger.count == 0 else { return }
        young[id] = nil
        old[id] = nil
        ledgers[ledger.owner] = nil
    }

    /// Lets a user keep the tags under a new nickname or account.
    mutating func move(from owner: Nonce.Owner, to other: Nonce.Owner) {
        guard owner != other, let id = ledgers.removeValue(forKey: owner) else { return }
        if let replaced = ledgers.updateValue(id, forKey: other) {
            youngCount -= young.removeValue(forKey: replaced)?.count ?? 0
            old[replaced] = nil
        }
        young[id]?.owner = other
        old[id]?.owner = other
    }

    /// The owner's ledger, in the younger generation.
    private mutating func ledger(of owner: Nonce.Owner) -> LedgerID {
        guard let id = ledgers[owner] else {
            let id = LedgerID(number: nextLedger)
            nextLedger += 1
            ledgers[owner] = id
            young[id] = Ledger(owner: owner)
            return id
        }
        if !old.isEmpty, let ledger = old.removeValue(forKey: id) {
            young[id] = ledger
            youngCount += ledger.count
        }
        return id
    }

    private mutating func change(_ id: LedgerID, _ body: (inout Ledger) -> Void) {
        guard let index = young.index(forKey: id) else { return }
        let before = young.values[index].count
        body(&young.values[index])
        youngCount += young.values[index].count - before
    }

    private mutating func turnOver() {
        for ledger in old.values { ledgers[ledger.owner] = nil }
        old = young
        young = [:]
        youngCount = 0
    }

    /// How many tags are remembered, and whether the bookkeeping holds.
    var audit: (count: Int, isConsistent: Bool) {
        let all = Array(young) + Array(old)
        return (
            all.reduce(0) { $0 + $1.value.count },
            young.values.reduce(0) { $0 + $1.count } == youngCount && youngCount < RoomLimits.nonces
                && all.count == ledgers.count
                && all.allSatisfy {
                    ledgers[$0.value.owner] == $0.key && $0.value.count < 2 * RoomLimits.noncesPerOwner
                }
        )
    }
}
