internal import ChatTestSupport

/// Text of all the kinds that are hard to lay out.
enum TextSamples {
    static let fragments: [String] = [
        "a", "b", "hello", "word", " ", " ", "  ", "\n", ".", ",", "-", "(", ")", "é", "e\u{301}", "n\u{303}", "ß", "я",
        "日", "本",
        "語", "、", "。", "「", "」", "가", "\u{1100}", "\u{1161}", "\u{11A8}", "\u{93F}", "\u{915}\u{94D}", "👍", "👍🏽",
        "👨\u{200D}👩\u{200D}👧", "🇫🇷", "\u{1F1E9}", "❤\u{FE0F}", "1\u{FE0F}\u{20E3}", "\u{200B}", "\u{200D}", "\u{FE0F}",
        "\u{AD}", "\u{301}", "\u{3000}", "\u{A0}", "שלום", "ا\u{64B}", "ก\u{E31}", "Ａ", "…", "🏴\u{E0067}\u{E007F}",
        "\u{7F}",
        "\u{1B}", "\r\n", "\u{0}", "\u{202E}", "https://example.org/a/long/path?with=query",
    ]

    static func random(length: Int, using generator: inout SeededGenerator) -> String {
        var text = ""
        for _ in 0..<length {
            if Int.random(in: 0..<8, using: &generator) == 0,
                let scalar = Unicode.Scalar(UInt32.random(in: 0...0x10FFFF, using: &generator))
            {
                text.unicodeScalars.append(scalar)
            } else {
                text += fragments.randomElement(using: &generator) ?? ""
            }
        }
        return text
    }
}
