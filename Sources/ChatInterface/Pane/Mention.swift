internal import ChatProtocol

/// Finds a nickname in a text.
struct Mention: Hashable, Sendable {
    private let wanted: [Unicode.Scalar]
    /// The same as bytes, if it is ASCII.
    private let wantedBytes: [UInt8]?

    /// Creates a search for one nickname, in any case and compatibility form.
    init(of nickname: String) {
        let folded = NicknameKey(nickname).folded
        wanted = Array(folded.unicodeScalars)
        wantedBytes = folded.utf8.allSatisfy { $0 < 0x80 } ? Array(folded.utf8) : nil
    }

    /// Whether a text contains the nickname as a separate word.
    ///
    /// Scripts without letter case, such as Chinese, are written without spaces, so a nickname in one of them is also
    /// found within a longer run.
    func isFound(in text: SafeText) -> Bool {
        let bytes = Array(text.text.utf8)
        guard bytes.contains(where: { $0 >= 0x80 }) else {
            // This runs for each line of a flood, and nearly all lines are ASCII.
            guard let wantedBytes else { return false }
            return Self.find(wantedBytes, in: bytes.map(Self.lowercased), isOneWord: Self.isOneWord)
        }
        let scalars = Array(NicknameKey(text.text).folded.unicodeScalars)
        return Self.find(wanted, in: scalars, isOneWord: Self.isOneWord)
    }

    private static func find<Element: Equatable>(
        _ wanted: [Element],
        in text: [Element],
        isOneWord: (Element, Element) -> Bool
    ) -> Bool {
        guard let first = wanted.first, let last = wanted.last, text.count >= wanted.count else { return false }
        for start in 0...(text.count - wanted.count) where text[start] == first {
            let end = start + wanted.count
            guard text[start..<end].elementsEqual(wanted) else { continue }
            let isWordStart = start == 0 || !isOneWord(text[start - 1], first)
            let isWordEnd = end == text.count || !isOneWord(last, text[end])
            if isWordStart, isWordEnd { return true }
        }
        return false
    }

    private static func lowercased(_ byte: UInt8) -> UInt8 {
        (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
    }

    private static func isOneWord(_ left: UInt8, _ right: UInt8) -> Bool {
        isOneWord(Unicode.Scalar(left), Unicode.Scalar(right))
    }

    private static func isOneWord(_ left: Unicode.Scalar, _ right: Unicode.Scalar) -> Bool {
        isWordPart(left) && isWordPart(right)
    }

    private static func isWordPart(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.isASCII {
            return scalar.properties.isAlphabetic || scalar == "_" || ("0"..."9").contains(scalar)
        }
        return scalar.properties.isCased || scalar.properties.canonicalCombiningClass != .notReordered
    }
}
