internal import ChatProtocol
internal import OrderedCollections

/// The bans of a room, oldest first.
///
/// At most ``RoomLimits/bans``, so that looking through all of them at a login
/// costs a few microseconds.
struct BanTable: Sendable {
    private var bans: OrderedDictionary<NicknameKey, Ban> = [:]

    /// How many there are, those included that have run out unnoticed.
    var count: Int { bans.count }

    /// The ban of a nickname, where it is in force.
    func ban(of key: NicknameKey, at now: Timestamp) -> Ban? {
        bans[key].flatMap { $0.isInForce(at: now) ? $0 : nil }
    }

    /// The ban of an account, whatever it is called now.
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

    /// Whether a ban of this nickname would find room.
    func hasRoom(for key: NicknameKey, at now: Timestamp) -> Bool {
        bans[key] != nil || bans.count < RoomLimits.bans || bans.values.contains { !$0.isInForce(at: now) }
    }

    /// Adds a ban, in place of one of the same nickname.
    mutating func insert(_ ban: Ban) {
        // The newest stands last.
        bans[ban.nickname.key] = nil
        bans[ban.nickname.key] = ban
    }

    /// Changes a ban that is there; its place in the order stays.
    mutating func replace(_ ban: Ban) {
        guard bans[ban.nickname.key] != nil else { return }
        bans[ban.nickname.key] = ban
    }

    /// Removes the bans of a nickname and of the account that has it.
    mutating func remove(_ key: NicknameKey, account: AccountID?, at now: Timestamp) -> [NicknameKey] {
        remove { $0.isInForce(at: now) && ($0.nickname.key == key || account != nil && $0.account == account) }
    }

    /// Removes those that have run out.
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
