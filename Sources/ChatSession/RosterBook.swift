internal import ChatProtocol

/// Keeps the roster sorted as people join and leave.
struct RosterBook: Sendable {
    /// The most members that are kept, so that no server can fill up our memory.
    static let memberLimit = 20_000

    /// Whether nicknames that differ only in case belong to the same person: true for our server, false for an original
    /// one.
    var foldsCase = true
    private(set) var roster = Roster()
    /// When the messages were written that the colors of an original server's users come from.
    private var colorTimes: [String: WireTime] = [:]
    /// The keys for finding and sorting the members, in the order of ``roster``'s members.
    private var keys: [Key] = []

    private struct Key: Sendable {
        var isAdmin: Bool
        var folded: String
        var nickname: String

        init(_ nickname: String, isAdmin: Bool) {
            self.isAdmin = isAdmin
            self.folded = NicknameKey(nickname).folded
            self.nickname = nickname
        }

        func precedes(_ other: Key) -> Bool {
            if isAdmin != other.isAdmin { return isAdmin }
            if folded != other.folded { return folded < other.folded }
            return nickname < other.nickname
        }
    }

    /// Whether two nicknames belong to the same person.
    func isSame(_ left: String, _ right: String) -> Bool {
        left == right || foldsCase && NicknameKey(left) == NicknameKey(right)
    }

    /// Finds the member with a nickname.
    func member(_ nickname: String) -> Roster.Member? {
        index(of: nickname).map { roster.members[$0] }
    }

    /// Replaces the roster with a new list.
    ///
    /// Where the list has no color, the known color stays.
    mutating func replace(with list: UserList, own: String?) {
        let admins = Set(list.admins.map { identity(of: $0) })
        let colors = Dictionary(
            roster.members.map { (identity(of: $0.nickname), $0.color) },
            uniquingKeysWith: { first, _ in first }
        )
        var seen: Set<String> = []
        var all: [(key: Key, member: Roster.Member)] = []
        for user in list.users.prefix(Self.memberLimit) {
            let identity = identity(of: user.nickname)
            guard seen.insert(identity).inserted else { continue }
            let member = Roster.Member(
                nickname: user.nickname,
                color: user.color.flatMap { ChatColor($0) } ?? colors[identity] ?? nil,
                isAdmin: admins.contains(identity),
                isOwn: own.map { isSame($0, user.nickname) } ?? false
            )
            all.append((Key(user.nickname, isAdmin: member.isAdmin), member))
        }
        all.sort { $0.key.precedes($1.key) }
        keys = all.map(\.key)
        colorTimes = colorTimes.filter { seen.contains($0.key) }
        roster = Roster(members: all.map(\.member))
    }

    /// Adds a member, replacing one with the same nickname.
    mutating func insert(_ member: Roster.Member) {
        remove(member.nickname)
        guard keys.count < Self.memberLimit else { return }
        let key = Key(member.nickname, isAdmin: member.isAdmin)
        let index = keys.partitioningIndex { !$0.precedes(key) }
        keys.insert(key, at: index)
        roster.members.insert(member, at: index)
    }

    /// Removes a member.
    ///
    /// - Returns: Whether there was one.
    @discardableResult
    mutating func remove(_ nickname: String) -> Bool {
        guard let index = index(of: nickname) else { return false }
        keys.remove(at: index)
        roster.members.remove(at: index)
        return true
    }

    /// Records the color that somebody uses.
    ///
    /// - Parameter time: When they wrote in it; a color from an earlier message changes nothing.
    /// - Returns: Whether it is new.
    mutating func learn(_ color: ChatColor, of nickname: String, at time: WireTime? = nil) -> Bool {
        guard let index = index(of: nickname) else { return false }
        if let time {
            if let known = colorTimes[nickname], time < known { return false }
            colorTimes[nickname] = time
        }
        guard roster.members[index].color != color else { return false }
        roster.members[index].color = color
        return true
    }

    /// Removes all members.
    mutating func removeAll() {
        keys = []
        colorTimes = [:]
        roster = Roster()
    }

    private func identity(of nickname: String) -> String {
        foldsCase ? NicknameKey(nickname).folded : nickname
    }

    private func index(of nickname: String) -> Int? {
        guard foldsCase else { return keys.firstIndex { $0.nickname == nickname } }
        let folded = NicknameKey(nickname).folded
        return keys.firstIndex { $0.folded == folded }
    }
}
