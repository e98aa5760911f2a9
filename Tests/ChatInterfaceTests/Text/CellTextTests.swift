internal import ChatProtocol
internal import ChatTestSupport
internal import Testing

@testable internal import ChatInterface

@Suite("CellText")
struct CellTextTests {
    struct Fixture: CustomTestStringConvertible {
        var what: String
        var text: String
        var pieces: [CellText.Piece]

        init(_ what: String, _ text: String, _ pieces: (String, Int)...) {
            self.what = what
            self.text = text
            self.pieces = pieces.map { CellText.Piece($0.0, width: $0.1) }
        }

        var testDescription: String { what }
    }

    static let fixtures: [Fixture] = [
        Fixture("a letter", "a", ("a", 1)),
        Fixture("a composed letter", "é", ("é", 1)),
        Fixture("a letter with a combining mark", "e\u{301}", ("e\u{301}", 1)),
        Fixture(
            "more marks than a cell takes",
            "e\u{301}\u{302}\u{303}\u{304}\u{305}\u{306}",
            ("e\u{301}\u{302}\u{303}\u{304}", 1)
        ),
        Fixture("a mark by itself", "\u{301}", ("\u{25CC}\u{301}", 1)),
        Fixture("an ideograph", "日", ("日", 2)),
        Fixture("an ideograph with a variation", "葛\u{E0100}", ("葛", 2)),
        Fixture("kana with a voicing mark", "か\u{3099}", ("か\u{3099}", 2)),
        Fixture("a Hangul syllable", "한", ("한", 2)),
        Fixture("a Hangul syllable in letters", "\u{1112}\u{1161}\u{11AB}", ("한", 2)),
        Fixture("a Hangul syllable without a final", "\u{1112}\u{1161}", ("하", 2)),
        Fixture("a Hangul vowel by itself", "\u{1161}", ("\u{FFFD}", 1)),
        Fixture("Hangul vowels by themselves", "\u{1161}\u{1161}", ("\u{FFFD}", 1)),
        Fixture("a Hangul syllable of old", "\u{1112}\u{119E}\u{11AB}", ("\u{1112}\u{119E}\u{11AB}", 2)),
        Fixture("an emoji", "👍", ("👍", 2)),
        Fixture("an emoji with a skin tone", "👍🏽", ("👍", 2)),
        Fixture("a skin tone by itself", "🏽", ("🏽", 2)),
        Fixture("a family", "👨‍👩‍👧‍👦", ("👨", 2)),
        Fixture("a profession with a skin tone", "👩🏽‍🚀", ("👩", 2)),
        Fixture("a heart as emoji", "❤\u{FE0F}", ("❤", 1)),
        Fixture("a heart as text", "❤\u{FE0E}", ("❤", 1)),
        Fixture("a flag", "🇫🇷", ("F", 1), ("R", 1)),
        Fixture("half a flag", "\u{1F1FF}", ("Z", 1)),
        Fixture("a rainbow flag", "🏳️‍🌈", ("🏳", 1)),
        Fixture("a flag in tags", "🏴\u{E0067}\u{E0062}\u{E0065}\u{E006E}\u{E0067}\u{E007F}", ("🏴", 2)),
        Fixture("a keycap", "1\u{FE0F}\u{20E3}", ("1", 1)),
        Fixture("a vowel sign beside its consonant", "की", ("क", 1), ("ी", 1)),
        Fixture("a conjunct", "क्षि", ("क्", 1), ("ष", 1), ("ि", 1)),
        Fixture("Thai with a tone", "ก\u{E31}\u{E49}", ("ก\u{E31}\u{E49}", 1)),
        Fixture("a zero-width space", "\u{200B}"),
        Fixture("a joiner by itself", "\u{200D}"),
        Fixture("a variation selector by itself", "\u{FE0F}"),
        Fixture("a soft hyphen", "\u{AD}"),
        Fixture("a byte order mark", "\u{FEFF}"),
        Fixture("a Hangul filler", "\u{3164}"),
        Fixture("escape", "\u{1B}", ("\u{FFFD}", 1)),
        Fixture("backspace", "\u{8}", ("\u{FFFD}", 1)),
        Fixture("line feed", "\n", ("\u{FFFD}", 1)),
        Fixture("CR LF", "\r\n", ("\u{FFFD}", 1)),
        Fixture("delete", "\u{7F}", ("\u{FFFD}", 1)),
        Fixture("a C1 control", "\u{9B}", ("\u{FFFD}", 1)),
        Fixture("a line separator", "\u{2028}", ("\u{FFFD}", 1)),
        Fixture("no character at all", "\u{FFFF}", ("\u{FFFD}", 1)),
        Fixture("a bidi override", "\u{202E}"),
    ]

    @Test("A cluster becomes what cells can carry", arguments: fixtures)
    func cells(_ fixture: Fixture) {
        let cells = fixture.text.flatMap { CellText.cells(of: $0) }
        // By scalars: as strings, 한 and its letters are the same.
        #expect(cells.map { Array($0.text.unicodeScalars) } == fixture.pieces.map { Array($0.text.unicodeScalars) })
        #expect(cells.map(\.width) == fixture.pieces.map(\.width))
    }

    @Test("Nothing in a cell moves the cursor or has more than one base", arguments: 0..<4)
    func anything(_ seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<2000 {
            for character in TextSamples.random(length: 5, using: &generator) {
                for piece in CellText.cells(of: character) {
                    let scalars = Array(piece.text.unicodeScalars)
                    #expect((1...2).contains(piece.width))
                    #expect(scalars.first.map(DisplayWidth.of) == piece.width)
                    #expect(scalars.dropFirst().allSatisfy { DisplayWidth.of($0) == 0 })
                    #expect(scalars.count <= 1 + Limits.shownCombiningMarks)
                    #expect(scalars.allSatisfy { $0.properties.generalCategory != .control })
                    #expect(!scalars.contains { $0.properties.isBidiControl })
                }
            }
        }
    }

    @Test(
        "Without Unicode, typists' signs stand for typographers'",
        arguments: ["’'", "“\"", "—-", "•*", "…~", "日?", "é?", "aa"]
    )
    func ascii(_ pair: String) throws {
        let from = try #require(pair.first)
        #expect(CellText.ascii(for: String(from)) == String(pair.dropFirst()))
    }

    @Test("The ASCII glyphs are ASCII, and those that fill one cell do so in both sets")
    func glyphs() {
        let oneCell: [KeyPath<GlyphSet, String>] = [
            \.horizontalRule, \.verticalRule, \.teeDown, \.teeUp, \.teeRight, \.teeLeft, \.ellipsis, \.admin, \.prompt,
            \.mask,
            \.lineBreak, \.swatch, \.arrowUp, \.arrowDown,
        ]
        for path in oneCell {
            for glyphs in [GlyphSet.unicode, .ascii] {
                #expect(DisplayWidth.of(glyphs[keyPath: path]) == 1)
            }
        }
        for path in oneCell + [\.arrowRight, \.event, \.warning, \.error, \.separator] {
            #expect(GlyphSet.ascii[keyPath: path].utf8.allSatisfy { (0x20..<0x7F).contains($0) })
        }
    }
}
