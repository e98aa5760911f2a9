extension UserList {
    /// Reads the numbered keys of a USER response.
    ///
    /// It reads whichever integer keys are there, in order. One server counts from 0, another from 1, and ours does
    /// both, with key 0 repeating the last user. Nicknames are unique among those logged in, so a name that occurs
    /// twice is that repeat.
    init(_ parameters: Parameters) {
        var users: [Int: String] = [:]
        var admins: [Int: String] = [:]
        var colors: [Int: String] = [:]
        for pair in parameters.pairs {
            if let index = Self.index(pair.key, after: "") {
                users[index] = pair.value
            } else if let index = Self.index(pair.key, after: "admin") {
                admins[index] = pair.value
            } else if let index = Self.index(pair.key, after: "color") {
                colors[index] = pair.value
            }
        }
        var indices = users.keys.sorted()
        if indices.first == 0, let last = indices.last, last > 0, users[0] == users[last] {
            indices.removeFirst()
        }
        var seen: Set<String> = []
        self.users = indices.compactMap { index in
            guard let nickname = users[index], seen.insert(nickname).inserted else { return nil }
            return Entry(nickname: nickname, color: colors[index])
        }
        self.admins = admins.keys.sorted().compactMap { admins[$0] }
    }

    /// The number in a key that consists of a word and a decimal number.
    static func index(_ key: String, after word: String) -> Int? {
        guard key.hasPrefix(word) else { return nil }
        let digits = key.utf8.dropFirst(word.utf8.count)
        guard (1...9).contains(digits.count) else { return nil }
        var number = 0
        for digit in digits {
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(digit) else { return nil }
            number = number * 10 + Int(digit - UInt8(ascii: "0"))
        }
        return number
    }

    func write(to sink: inout ByteSink, framing: Framing) {
        sink.parameter("num", users.count)
        sink.parameter("admin", admins.count)
        if let last = users.last { write(last, 0, to: &sink, framing: framing) }
        var number = 0
        for user in users {
            number += 1
            write(user, number, to: &sink, framing: framing)
        }
        number = 0
        for admin in admins {
            sink.parameter("admin", number, admin)
            number += 1
        }
    }

    private func write(_ user: Entry, _ number: Int, to sink: inout ByteSink, framing: Framing) {
        sink.parameter("", number, user.nickname)
        if framing != .none, let color = user.color { sink.parameter("color", number, color) }
    }
}
