internal import ChatProtocol

/// The nicknames that members have or have reserved, to be found by key and by look.
struct HeldNicknames: Sendable {
    private var holders: [NicknameKey: (connection: ConnectionID, nickname: Nickname)] = [:]
    /// The keys by what the nicknames look like; usually one for each look.
    private var looks: [String: [NicknameKey]] = [:]

    var count: Int { holders.count }

    /// The connection that has or has reserved a nickname.
    subscript(key: NicknameKey) -> ConnectionID? { holders[key]?.connection }

    /// A nickname that is held by another connection, and may be mistaken for this one.
    func lookalike(of nickname: Nickname, except own: ConnectionID? = nil) -> Nickname? {
        for form in NicknameLook(nickname.text).forms.sorted() {
            for key in looks[form] ?? [] {
                if let holder = holders[key], holder.connection != own { return holder.nickname }
            }
        }
        return nil
    }

    /// Makes a connection the holder of a nickname.
    mutating func give(_ nickname: Nickname, to connection: ConnectionID) {
        free(nickname.key)
        holders[nickname.key] = (connection, nickname)
        for form in NicknameLook(nickname.text).forms { looks[form, default: []].append(nickname.key) }
    }

    /// Makes a nickname free.
    mutating func free(_ key: NicknameKey) {
        guard let nickname = holders.removeValue(forKey: key)?.nickname else { return }
        for form in NicknameLook(nickname.text).forms {
            looks[form]?.removeAll { $0 == key }
            if looks[form]?.isEmpty == true { looks[form] = nil }
        }
    }

    /// Whether a connection holds a nickname in exactly this spelling, and it is found by its looks.
    func holds(_ nickname: Nickname, for connection: ConnectionID) -> Bool {
        guard let holder = holders[nickname.key] else { return false }
        return holder.connection == connection && holder.nickname == nickname
            && NicknameLook(nickname.text).forms.allSatisfy { looks[$0]?.contains(nickname.key) == true }
    }

    /// How often a nickname is entered under a look; for the check of the invariants.
    var lookCount: (entered: Int, expected: Int) {
        (
            looks.values.reduce(0) { $0 + $1.count },
            holders.values.reduce(0) { $0 + NicknameLook($1.nickname.text).forms.count }
        )
    }
}
