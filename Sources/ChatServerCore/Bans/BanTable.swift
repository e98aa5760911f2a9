internal import ChatProtocol
internal import OrderedCollections

/// The bans of a room, oldest first.
///
/// There are at most ``RoomLimits/bans``, so that checking all of them at a login takes a few microseconds.
struct BanTable: Sendable {
    private var bans: OrderedDictionary<NicknameKey, Ban> = [:]

    /// How many bans the table holds, including those that have run out and were not removed yet.
    var count: Int { bans.count }

    /// The ban of a nickname, if it is in force.
    func ban(of key: NicknameKey, at now: Timestamp) -> Ban? {
        bans[key].flatMap { $0.isInForce(at: now) ? $0 : nil }
    }

    /// The ban of an account, whatever its nickname is now.
    func ban(of account: Account, at now: Timestamp) -> Ban? {
        ban(of: account.nickname.key, at: now) ?? longest(at: now) { $0.account == account.id }
    }

    /// The ban of an address.
    func ban(of address: NetworkAddress, at now: Timestamp) -> Ban? {
        longest(at: now) { $0.address == address }
    }

    /// All that are in force.
    func inForce(at now: Timestamp) -> [Ban] {
        bans.values.filter { $0.isInForce(at: now) }
    }

    /// Whether there is room for a ban of this nickname.
    func hasRoom(for key: NicknameKey, at now: Timestamp) -> Bool {
        bans[key] != nil || bans.count < RoomLimits.bans || bans.values.contains { !$0.isInForce(at: now) }
    }

    /// Adds a ban, replacing one of the same nickname.
    mutating func insert(_ ban: Ban) {
        // The newest ban goes to the end.
        bans[ban.nickname.key] = nil
        bans[ban.nickname.key] = ban
    }

    /// Replaces an existing ban; its place in the order stays the same.
    mutating func replace(_ ban: Ban) {
        guard bans[ban.nickname.key] != nil else { return }
        bans[ban.nickname.key] = ban
    }

    /// Removes the bans of a nickname and of the account that has it.
    mutating func remove(_ key: NicknameKey, account: AccountID?, at now: Timestamp) -> [NicknameKey] {
        remove { $0.isInForce(at: now) && ($0.nickname.key == key || account != nil && $0.account == account) }
    }

    /// Removes the bans that have run out.
    mutating func removeExpired(at now: Timestamp) -> [NicknameKey] {
        remove { !$0.isInForce(at: now) }
    }

    private mutating func remove(where matches: (Ban) -> Bool) -> [NicknameKey] {
        let keys = bans.values.filter(matches).map(\.nickname.key)
        for key in keys { bans[key] = nil }
        return keys
    }

    private func longest(at now: Timestamp, where matches: (Ban) -> Bool) -> Ban? {
        bans.values
            .filter { $0.isInForce(at: now) && matches($0) }
            .max { ($0.expires ?? .max) < ($1.expires ?? .max) }
    }
}
