internal import ChatProtocol

/// Remembers which messages came in with which client tags, so that a repeat is answered again and not said twice.
///
/// A tag belongs to an account, or to a guest's nickname. So it survives the loss of a connection, which is what it is
/// for. The next holder of a guest's nickname gains nothing: only the same recipient and text count as a repeat, and
/// the answer contains only what the sender of that text knew.
///
/// The table is bounded in two ways, each with two generations: the younger one grows up to its bound, then replaces
/// the older one. ``RoomLimits/noncesPerOwner`` keeps one busy user from filling all of it.
struct NonceTable: Sendable {
    /// The message that was said with a tag.
    struct Entry: Sendable {
        /// The message's number.
        let id: MessageID
        /// When it was said.
        let moment: Timestamp
        /// The sender's nickname as it was first sent.
        let sender: String
        /// The recipient as it was first sent.
        let recipient: Recipient
        /// The sender's color as it was first sent.
        let color: String
        /// The hash of the request's recipient and text.
        let fingerprint: Int
    }

    /// The id of one user's tags; it stays the same when the nickname changes.
    struct LedgerID: Hashable, Sendable {
        fileprivate let number: Int
    }

    /// The tags of one user.
    private struct Ledger: Sendable {
        var owner: Nonce.Owner
        var young: [String: Entry] = [:]
        var old: [String: Entry] = [:]

        /// How many tags there are; a tag in both generations counts twice.
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

    /// Hashes the parts that make two CHATs the same message.
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

    /// The message that was said with a tag, if it was the same message.
    func entry(for nonce: Nonce, fingerprint: Int) -> Entry? {
        guard let id = ledgers[nonce.owner],
            let entry = young[id]?[nonce.tag] ?? old[id]?[nonce.tag],
            entry.fingerprint == fingerprint
        else { return nil }
        return entry
    }

    /// Remembers a message; its tag now means this one.
    ///
    /// - Returns: Where to find it if it has to be forgotten.
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

    /// Keeps a user's tags under a new nickname or account.
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

    /// How many tags are remembered, and whether the counters are right.
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
