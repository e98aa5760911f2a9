/// Reads messages as the original client was seen to: what it makes of the
/// parameters, or that it stops reading for good.
///
/// A model of its behaviour, for tests of what may be sent to it:
///
/// - A `,`, `;` or `=` counts where an even number of slashes stands before it,
///   and some other character before those.
/// - With slashes before a `;` that counts, it falls silent for good.
/// - It drops a slash before anything but a slash, and one before two more.
enum OriginalReader {
    /// What it makes of a message; nil where it falls silent.
    static func read(_ message: String) -> [String: String]? {
        let bytes = Array(message.utf8)
        guard let comma = bytes.firstIndex(of: UInt8(ascii: ",")), comma > 0 else { return nil }
        let rest = Array(bytes[(comma + 1)...])
        guard let end = marks(UInt8(ascii: ","), in: rest).first else { return nil }
        var parts: [[UInt8]] = []
        var start = 0
        for mark in marks(UInt8(ascii: ";"), in: rest).filter({ $0 < end }) {
            guard rest[mark - 1] != UInt8(ascii: "/") else { return nil }
            parts.append(Array(rest[start..<mark]))
            start = mark + 1
        }
        parts.append(Array(rest[start..<end]))
        var parameters: [String: String] = [:]
        for part in parts where !part.isEmpty {
            let equals = marks(UInt8(ascii: "="), in: part)
            guard let first = equals.first else { return nil }
            let value = part[(first + 1)..<(equals.dropFirst().first ?? part.count)]
            parameters[text(part[..<first])] = text(unescaped(Array(value))[...])
        }
        return parameters
    }

    /// The users of a USER message; nil where it falls silent.
    static func users(of parameters: [String: String]) -> [String]? {
        guard let count = parameters["num"].flatMap({ Int($0) }) else { return nil }
        var users: [String] = []
        for number in 0..<count {
            guard let user = parameters[String(number)] else { return nil }
            users.append(user)
        }
        return users
    }

    /// Where a character counts.
    private static func marks(_ character: UInt8, in bytes: [UInt8]) -> [Int] {
        bytes.indices.filter { index in
            guard bytes[index] == character else { return false }
            let slashes = bytes[..<index].reversed().prefix { $0 == UInt8(ascii: "/") }.count
            return slashes.isMultiple(of: 2) && slashes < index
        }
    }

    private static func unescaped(_ bytes: [UInt8]) -> [UInt8] {
        let slash = UInt8(ascii: "/")
        return bytes.indices.filter { index in
            guard bytes[index] == slash, index + 1 < bytes.count else { return true }
            if bytes[index + 1] != slash { return false }
            return !(index + 2 < bytes.count && bytes[index + 2] == slash)
        }.map { bytes[$0] }
    }

    private static func text(_ bytes: ArraySlice<UInt8>) -> String { String(decoding: bytes, as: UTF8.self) }
}
