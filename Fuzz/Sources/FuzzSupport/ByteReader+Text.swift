extension ByteReader {
    /// A text whose every byte is an ASCII character or a piece of trouble.
    ///
    /// - Parameter longest: How many of them at most.
    public mutating func text(upTo longest: Int = 24) -> String {
        var text = ""
        for _ in 0..<number(below: longest + 1) { text += piece() }
        // Long texts without long inputs.
        if isOne(in: 32) { text = String(repeating: text, count: 1 + number(below: 2048)) }
        return text
    }

    /// One character, or what a hostile writer puts in its place.
    public mutating func piece() -> String {
        switch byte() {
        case let byte where byte < 0x80: String(UnicodeScalar(byte))
        case let byte where byte < 0xE0: Self.troubles[Int(byte) % Self.troubles.count]
        default: scalar()
        }
    }

    /// Any scalar there is.
    private mutating func scalar() -> String {
        let plane = UInt32(pick([0, 0, 0, 0, 0, 1, 1, 2, 3, 14, 15, 16]))
        let value = plane << 16 | UInt32(byte()) << 8 | UInt32(byte())
        return Unicode.Scalar(value).map { String($0) } ?? ""
    }

    private static let troubles = [
        // Controls of terminals, of lines, of writing direction.
        "\u{1B}[2J", "\u{1B}]0;x\u{7}", "\u{9B}31m", "\u{85}", "\u{2028}", "\u{2029}", "\r\n", "\u{202E}", "\u{2066}",
        // What can't be seen.
        "\u{200B}", "\u{200C}", "\u{200D}", "\u{AD}", "\u{FEFF}", "\u{FE0F}", "\u{FE0E}", "\u{20E3}", "\u{3164}",
        "\u{E0041}", "\u{E0100}", noncharacter(0xFFFE), noncharacter(0xFDD0), noncharacter(0x10FFFF), "\u{180E}",
        "\u{115F}",
        // Marks, wide characters, emoji, flags, Hangul in parts, Indian vowels.
        "\u{301}", "\u{489}", "\u{1D165}", "日", "Ａ", "ｶﾞ", "🙂", "\u{1F3FD}", "👩", "👩‍👩‍👧", "🇫", "🇫🇷", "ᄒ", "ᅡ",
        "ᆫ", "한", "\u{B95}\u{BCA}", "\u{93F}", "\u{94D}", "\u{600}", "\u{FDFA}", "\u{1F1E6}", "ß", "İ", "ﬃ", "é",
        // Colors, words and separators of the protocol and of the composer.
        "#fff", "-ALL", "time=", "CHATR,", "/", ",", ";", "=", "@", "https://x.y/", "  ", "\t",
    ]

    /// Swift takes none in a literal.
    private static func noncharacter(_ value: UInt32) -> String {
        Unicode.Scalar(value).map { String($0) } ?? ""
    }
}
