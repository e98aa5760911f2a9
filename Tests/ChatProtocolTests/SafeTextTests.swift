internal import ChatProtocol
internal import ChatTestSupport
internal import Testing

@Suite("Safe text")
struct SafeTextTests {
    @Test(
        "ordinary text in any script is left as it is",
        arguments: [
            "", "hello, world; a=b/c", "héllo wörld ✓ 日本語 👩‍👩‍👧", "e\u{301}a\u{308}\u{301}", "नमस्ते क्षि", "สวัสดี ที่", "שָׁלוֹם",
            "العَرَبِيَّة", "ကြွှော", "བོད་ཡིག", "한글 \u{1112}\u{1161}\u{11AB}", "🇫🇷🏳️‍🌈👍🏽1️⃣❤️", "🏽", "می‌خواهم", "a\u{FFFD}b", "ｶﾞ",
            "\u{E0B0}",
            "x\u{A0}y\u{3000}z",
        ]
    )
    func untouched(_ text: String) {
        #expect(SafeText(line: text).text == text)
        #expect(SafeText(block: text).text == text)
        #expect(SafeText(line: text).description == text)
    }

    @Test("every control character of ASCII becomes its picture", arguments: [UInt8](0x00...0x1F) + [0x7F])
    func asciiControls(_ value: UInt8) {
        let control = String(Unicode.Scalar(value))
        let picture = value == 0x7F ? "␡" : Unicode.Scalar(0x2400 + UInt32(value)).map { String($0) } ?? ""
        let text = "a\(control)b"
        switch value {
        case 0x09:
            #expect(SafeText(line: text).text == "a    b")
            #expect(SafeText(block: text).text == "a    b")
        case 0x0A, 0x0D:
            #expect(SafeText(line: text).text == "a b")
            #expect(SafeText(block: text).text == "a\nb")
        default:
            #expect(SafeText(line: text).text == "a\(picture)b")
            #expect(SafeText(block: text).text == "a\(picture)b")
        }
    }

    /// What may neither be shown nor be gone without a trace.
    static let hidden: [UInt32] =
        Array(0x80...0x9F)
        + [0xAD, 0x61C, 0x180E, 0x200B, 0x200E, 0x200F, 0x2028, 0x2029]
        + Array(0x202A...0x202E) + Array(0x2060...0x206F)
        + [0x115F, 0x1160, 0x3164, 0xFEFF, 0xFFA0, 0xFFF9, 0xFFFA, 0xFFFB]
        + [0xE0001] + Array(0xE0020...0xE007F)
        + Array(0xFDD0...0xFDEF) + (0...16).flatMap { [$0 << 16 | 0xFFFE, $0 << 16 | 0xFFFF] }
        + [0x1D173, 0x1D17A, 0x600, 0x6DD, 0x70F]

    @Test(
        "every control of the upper half, of direction, every tag and every other invisible character is replaced",
        arguments: hidden
    )
    func invisible(_ value: UInt32) throws {
        let scalar = try #require(Unicode.Scalar(value))
        #expect(SafeText(line: "a\(scalar)b").text == "a\u{FFFD}b")
        if !Self.harmless.contains(value) { #expect(SafeText(block: "a\(scalar)b").text == "a\u{FFFD}b") }
        #expect(SafeText(line: String(scalar)).text == "\u{FFFD}")
        // A run of them is replaced by one.
        #expect(SafeText(line: "a\(scalar)\(scalar)\u{202E}\u{9B}b").text == "a\u{FFFD}b")
    }

    /// What nobody sees and typography needs.
    static let harmless: [UInt32] =
        [0xAD, 0x61C, 0x180E, 0x200B, 0x200E, 0x200F, 0x2060, 0x2061, 0x2062, 0x2063, 0x2064, 0xFEFF]

    @Test("What is invisible and harmless stays in a block, up to four in a row", arguments: harmless)
    func harmlessInvisible(_ value: UInt32) throws {
        let scalar = try #require(Unicode.Scalar(value))
        for count in 1...4 {
            let text = "a" + String(repeating: Character(scalar), count: count) + "b"
            #expect(Array(SafeText(block: text).text.utf8) == Array(text.utf8))
        }
        let many = String(repeating: Character(scalar), count: 9)
        let kept = String(repeating: Character(scalar), count: 4)
        #expect(Array(SafeText(block: "a\(many)b").text.utf8) == Array("a\(kept)\u{FFFD}b".utf8))
        #expect(SafeText(block: String(scalar)).text.unicodeScalars.count == 1)
    }

    @Test(
        "What is shown of kinds that were once all replaced",
        arguments: [
            ("Khmer with zero-width spaces", "សួស្តី\u{200B}ពិភពលោក", "សួស្តី\u{200B}ពិភពលោក"),
            ("a mark of direction after Hebrew", "שלום!\u{200F} ok", "שלום!\u{200F} ok"),
            ("a soft hyphen", "Donau\u{AD}dampf", "Donau\u{AD}dampf"),
            ("a byte-order mark", "\u{FEFF}hello", "\u{FEFF}hello"),
            ("the flag of Scotland", "🏴\u{E0067}\u{E0062}\u{E0073}\u{E0063}\u{E0074}\u{E007F}!", nil),
            ("tags without a flag", "a\u{E0067}\u{E0062}\u{E007F}", "a\u{FFFD}"),
            ("tags after another emoji", "👍\u{E0067}\u{E0062}\u{E007F}", "👍\u{FFFD}"),
            ("tags after the end of a flag", "🏴\u{E0067}\u{E007F}\u{E0067}", "🏴\u{E0067}\u{E007F}\u{FFFD}"),
            (
                "more tags than a region has", "🏴" + String(repeating: "\u{E0061}", count: 9),
                "🏴" + String(repeating: "\u{E0061}", count: 7) + "\u{FFFD}"
            ),
            ("an override of direction", "a\u{202E}b", "a\u{FFFD}b"),
            ("an isolate", "a\u{2067}b\u{2069}", "a\u{FFFD}b\u{FFFD}"),
            ("a filler of Hangul", "\u{3164}", "\u{FFFD}"),
            ("a mark behind what is invisible", "a\u{200B}\u{301}", "a\u{200B}\u{25CC}\u{301}"),
            ("an emoji of Unicode 17", "\u{1FAC8}", "\u{1FAC8}"),
        ] as [(String, String, String?)]
    )
    func kinds(_ kind: String, _ text: String, _ shown: String?) {
        #expect(Array(SafeText(block: text).text.utf8) == Array((shown ?? text).utf8), "\(kind)")
    }

    @Test("A nickname has no characters that nobody sees, and no two look the same for them", arguments: harmless)
    func invisibleInLine(_ value: UInt32) throws {
        let scalar = try #require(Unicode.Scalar(value))
        #expect(SafeText(line: "al\(scalar)ice").text == "al\u{FFFD}ice")
    }

    @Test(
        "line breaks are spaces in a line and line feeds in a block",
        arguments: [
            ("a\nb", "a b", "a\nb"), ("a\r\nb", "a b", "a\nb"), ("a\rb", "a b", "a\nb"),
            ("a\n\n\r\r\nb", "a    b", "a\n\n\n\nb"), ("\n", " ", "\n"),
        ]
    )
    func lineBreaks(_ text: String, _ line: String, _ block: String) {
        #expect(Array(SafeText(line: text).text.utf8) == Array(line.utf8))
        #expect(Array(SafeText(block: text).text.utf8) == Array(block.utf8))
    }

    @Test(
        "escape sequences lose what makes them such",
        arguments: [
            ("\u{1B}[31mred", "␛[31mred"), ("\u{1B}]0;title\u{7}", "␛]0;title␇"), ("\u{9B}31mred", "�31mred"),
            ("\u{1B}Pq\u{1B}\\", "␛Pq␛\\"),
            ("a\u{8}\u{8}b", "a␈␈b"), ("\u{E}x\u{F}", "␎x␏"), ("\u{1B}\u{63}", "␛c"),
        ]
    )
    func escapes(_ text: String, _ shown: String) {
        #expect(SafeText(line: text).text == shown)
    }

    @Test(
        "more marks than a few on one character are cut, visibly",
        arguments: [
            ("a" + String(repeating: "\u{301}", count: 4), "a" + String(repeating: "\u{301}", count: 4)),
            ("a" + String(repeating: "\u{301}", count: 5), "a" + String(repeating: "\u{301}", count: 4) + "\u{FFFD}"),
            (
                "a" + String(repeating: "\u{301}", count: 500) + "b",
                "a" + String(repeating: "\u{301}", count: 4) + "\u{FFFD}b"
            ),
            ("a" + String(repeating: "\u{20DD}\u{FE0F}", count: 9), "a\u{20DD}\u{FE0F}\u{20DD}\u{FE0F}\u{FFFD}"),
            (
                "a" + String(repeating: "\u{200D}", count: 9) + "b",
                "a" + String(repeating: "\u{200D}", count: 4) + "\u{FFFD}b"
            ),
            ("🙂" + String(repeating: "🏽", count: 6), "🙂🏽🏽🏽🏽\u{FFFD}"),
            (
                "\u{1112}" + String(repeating: "\u{1161}", count: 6),
                "\u{1112}" + String(repeating: "\u{1161}", count: 4) + "\u{FFFD}"
            ),
            ("क" + String(repeating: "\u{93F}", count: 6), "क" + String(repeating: "\u{93F}", count: 4) + "\u{FFFD}"),
            // A mark stands on something.
            ("\u{301}a", "\u{25CC}\u{301}a"),
            ("\u{200D}a", "\u{FFFD}a"),
            ("\u{202E}\u{301}a", "\u{FFFD}a"),
        ]
    )
    func marks(_ text: String, _ shown: String) {
        #expect(Array(SafeText(line: text).text.utf8) == Array(shown.utf8))
    }

    @Test("a mark at the start of a line in a block does not reach the line before")
    func markAfterBreak() {
        #expect(SafeText(block: "a\n\u{301}b").text == "a\n\u{25CC}\u{301}b")
    }

    /// What has no place in safe text.
    private func isSafe(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .lineSeparator, .paragraphSeparator, .surrogate: false
        case .format: scalar == "\u{200C}" || scalar == "\u{200D}"
        default: !scalar.properties.isNoncharacterCodePoint
        }
    }

    @Test("no scalar at all comes through that could do harm, and safe text stays as it is")
    func everyScalar() {
        var wrong: [UInt32] = []
        for value in UInt32(0)...0x10FFFF {
            guard let scalar = Unicode.Scalar(value) else { continue }
            // Planes that hold nothing but what nobody has assigned yet.
            if (0x32000..<0xE0000).contains(value), value & 0xFFFF < 0xFFF0 { continue }
            if (0xF0100..<0x10FF00).contains(value), value & 0xFFFF < 0xFFF0 { continue }
            let text = SafeText(line: "a\(scalar)").text
            if !text.unicodeScalars.allSatisfy(isSafe) || text.unicodeScalars.count < 2 { wrong.append(value) }
        }
        #expect(wrong.isEmpty)
    }

    @Test("random text is safe after once, and stays as it is after twice", arguments: UInt64(0)..<200)
    func idempotent(_ seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        var text = generator.text(upTo: 40)
        let troublesome: [UInt32] =
            Self.hidden + [
                0x301, 0x300, 0x20DD, 0x200D, 0x200C, 0x1F3FD, 0x93F, 0x1161, 0xFE0F, 0xFFFD, 0x25CC, 0x0A, 0x0D,
            ]
        for _ in 0..<60 {
            guard let scalar = troublesome.randomElement(using: &generator).flatMap({ Unicode.Scalar($0) }) else {
                continue
            }
            text.unicodeScalars.append(scalar)
            if Int.random(in: 0...5, using: &generator) == 0 { text += "x" }
        }
        let line = SafeText(line: text).text
        let block = SafeText(block: text).text
        #expect(line.unicodeScalars.allSatisfy(isSafe))
        #expect(
            block.unicodeScalars.allSatisfy {
                isSafe($0) || $0 == "\n" || Self.harmless.contains($0.value) || (0xE0020...0xE007F).contains($0.value)
            }
        )
        #expect(Array(SafeText(line: line).text.utf8) == Array(line.utf8))
        #expect(Array(SafeText(block: block).text.utf8) == Array(block.utf8))
        #expect(!line.contains("\n"))
    }

    @Test("random bytes made text are safe", arguments: UInt64(0)..<100)
    func neverTraps(_ seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let text = String(decoding: (0..<200).map { _ in UInt8.random(in: 0...255, using: &generator) }, as: UTF8.self)
        #expect(SafeText(line: text).text.unicodeScalars.allSatisfy(isSafe))
    }
}
