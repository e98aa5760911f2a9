extension UserList {
    /// Whether the message has the counts that a USER response requires.
    static func hasCounts(_ parameters: Parameters) -> Bool {
        parameters["num"].flatMap { Int($0) } != nil && parameters["admin"].flatMap { Int($0) } != nil
    }

    /// Reads a list whose nicknames were not escaped.
    ///
    /// The original server escapes nicknames everywhere but here, so that `2=foo,bar;admin0=root,` seems to end at the
    /// comma of `foo,bar`. The counts reveal this, and the fixed order of keys helps to repair it: a nickname extends
    /// to the next key.
    ///
    /// - Parameters:
    ///   - message: The message as the rules read it.
    ///   - bytes: The whole message.
    /// - Returns: The list, or nil if reading by the rules is right or nothing better is possible.
    init?(unescaped message: Message, _ bytes: Span<UInt8>) {
        guard let count = message.parameters["num"].flatMap({ Int($0) }), count >= 0,
            let adminCount = message.parameters["admin"].flatMap({ Int($0) }), adminCount >= 0
        else { return nil }
        let byTheRules = UserList(message.parameters)
        let isConsistent = byTheRules.users.count == count && byTheRules.admins.count == adminCount
        if isConsistent, !Self.hasNeedlessEscape(bytes) { return nil }

        // Every key takes more than one byte, so larger counts can't be true.
        guard count < bytes.count, adminCount < bytes.count else { return nil }
        var reader = UnescapedReader(bytes)
        guard reader.skip(past: ";num=\(count);admin=\(adminCount)") else { return nil }
        let keys = (0..<count).map { ";\($0)=" } + (0..<adminCount).map { ";admin\($0)=" }
        var values: [String] = []
        for (key, next) in zip(keys, keys.dropFirst().map { Optional($0) } + [nil]) {
            guard let value = reader.value(of: key, upTo: next) else { return nil }
            values.append(value)
        }
        self.init(
            users: values.prefix(count).map { Entry(nickname: $0) },
            admins: Array(values.suffix(adminCount))
        )
    }

    /// Whether there is a `/` before an ordinary character.
    ///
    /// Only a sender that does not escape writes that.
    private static func hasNeedlessEscape(_ bytes: Span<UInt8>) -> Bool {
        var index = 0
        while index + 1 < bytes.count {
            if bytes[index] == UInt8(ascii: "/") {
                switch bytes[index + 1] {
                case UInt8(ascii: "/"), UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "="): index += 1
                default: return true
                }
            }
            index += 1
        }
        return false
    }
}

/// Reads values between known keys.
private struct UnescapedReader {
    private var bytes: [UInt8] = []
    private var position = 0

    init(_ bytes: Span<UInt8>) {
        self.bytes.append(copying: bytes)
    }

    /// The next place of a text.
    private func find(_ text: String, from start: Int) -> Int? {
        let pattern = Array(text.utf8)
        var index = start
        while index + pattern.count <= bytes.count {
            var length = 0
            while length < pattern.count, bytes[index + length] == pattern[length] { length += 1 }
            if length == pattern.count { return index }
            index += 1
        }
        return nil
    }

    mutating func skip(past text: String) -> Bool {
        guard let start = find(text, from: position) else { return false }
        position = start + text.utf8.count
        return true
    }

    /// The value of the key at this place, up to the next key, or to the comma that ends the message.
    mutating func value(of key: String, upTo next: String?) -> String? {
        guard find(key, from: position) == position else { return nil }
        let start = position + key.utf8.count
        var end = bytes.count - 1
        if let next {
            guard let found = find(next, from: start) else { return nil }
            end = found
        } else if start > end || bytes[end] != UInt8(ascii: ",") {
            return nil
        }
        position = end
        return try? MessageHeader.text(bytes.span, start..<end)
    }
}
