extension SeededGenerator {
    /// A text of characters that are apt to make trouble: separators, escapes,
    /// controls, characters of several bytes and of several scalars.
    ///
    /// - Parameter count: How many characters at most.
    /// - Returns: The text.
    public mutating func text(upTo count: Int) -> String {
        let characters: [Character] = [
            "a", "b", "Z", "0", "9", " ", ",", ";", "=", "/", "-", "\n", "\r\n", "\t", "\u{0}", "\u{1B}", "ß", "é",
            "e\u{301}",
            "Ａ", "日", "本", "🙂", "👩‍👩‍👧", "🇫🇷", "\u{202E}", "\u{FFFD}",
        ]
        return String(
            (0..<Int.random(in: 0...count, using: &self)).compactMap { _ in characters.randomElement(using: &self) }
        )
    }

    /// Random bytes, half of them from those that mean something to the protocol.
    ///
    /// - Parameter count: How many.
    /// - Returns: The bytes.
    public mutating func bytes(_ count: Int) -> [UInt8] {
        let telling = Array("CHAT,CON,INFO,USER,time=2026-11-22 12-04-05;rec=/0:,9\u{1B}é".utf8)
        return (0..<count).map { _ in
            Bool.random(using: &self)
                ? telling.randomElement(using: &self) ?? 0 : UInt8.random(in: 0...255, using: &self)
        }
    }

    /// Cuts an array at random places.
    ///
    /// - Parameters:
    ///   - bytes: What to cut.
    ///   - longest: The longest piece.
    /// - Returns: The pieces, none of them empty.
    public mutating func pieces(of bytes: [UInt8], upTo longest: Int) -> [[UInt8]] {
        var pieces: [[UInt8]] = []
        var rest = bytes[...]
        while !rest.isEmpty {
            let piece = rest.prefix(Int.random(in: 1...max(1, longest), using: &self))
            pieces.append(Array(piece))
            rest = rest.dropFirst(piece.count)
        }
        return pieces
    }
}
