internal import ChatProtocol
internal import ChatTestSupport
internal import Testing

@testable internal import ChatInterface

@Suite("DisplayWidth")
struct DisplayWidthTests {
    struct ScalarFixture: CustomTestStringConvertible {
        var scalar: Unicode.Scalar
        var width: Int

        init(_ scalar: Unicode.Scalar, _ width: Int) {
            self.scalar = scalar
            self.width = width
        }

        var testDescription: String { "U+\(String(scalar.value, radix: 16, uppercase: true)) takes \(width)" }
    }

    static let scalars: [ScalarFixture] = [
        ScalarFixture("a", 1),
        ScalarFixture("~", 1),
        ScalarFixture("\u{A0}", 1),
        ScalarFixture("\u{AD}", 0),
        ScalarFixture("é", 1),
        ScalarFixture("ß", 1),
        ScalarFixture("\u{300}", 0),
        ScalarFixture("\u{36F}", 0),
        ScalarFixture("я", 1),
        ScalarFixture("\u{5D0}", 1),
        ScalarFixture("\u{5B0}", 0),
        ScalarFixture("\u{627}", 1),
        ScalarFixture("\u{64B}", 0),
        ScalarFixture("\u{915}", 1),
        ScalarFixture("\u{93F}", 1),
        ScalarFixture("\u{94D}", 0),
        ScalarFixture("\u{E01}", 1),
        ScalarFixture("\u{E31}", 0),
        ScalarFixture("\u{1100}", 2),
        ScalarFixture("\u{115F}", 2),
        ScalarFixture("\u{1161}", 0),
        ScalarFixture("\u{11A8}", 0),
        ScalarFixture("\u{200B}", 0),
        ScalarFixture("\u{200D}", 0),
        ScalarFixture("\u{20E3}", 0),
        ScalarFixture("…", 1),
        ScalarFixture("★", 1),
        ScalarFixture("─", 1),
        ScalarFixture("●", 1),
        ScalarFixture("\u{231A}", 2),
        ScalarFixture("\u{2764}", 1),
        ScalarFixture("\u{2E80}", 2),
        ScalarFixture("\u{3000}", 2),
        ScalarFixture("あ", 2),
        ScalarFixture("\u{3099}", 0),
        ScalarFixture("日", 2),
        ScalarFixture("\u{9FFF}", 2),
        ScalarFixture("가", 2),
        ScalarFixture("\u{D7A3}", 2),
        ScalarFixture("\u{E000}", 1),
        ScalarFixture("\u{FE0F}", 0),
        ScalarFixture("\u{FEFF}", 0),
        ScalarFixture("Ａ", 2),
        ScalarFixture("\u{FF61}", 1),
        ScalarFixture("\u{FFFD}", 1),
        ScalarFixture("\u{1F300}", 2),
        ScalarFixture("\u{1F3FB}", 2),
        ScalarFixture("\u{1F44D}", 2),
        ScalarFixture("\u{1FAE8}", 2),
        ScalarFixture("\u{20000}", 2),
        ScalarFixture("\u{3FFFD}", 2),
        ScalarFixture("\u{E0041}", 0),
        ScalarFixture("\u{10FFFD}", 1),
    ]

    @Test("A scalar takes its cells", arguments: scalars)
    func scalar(_ fixture: ScalarFixture) {
        #expect(DisplayWidth.of(fixture.scalar) == fixture.width)
    }

    @Test("The table is read whole, in order and without overlaps")
    func table() {
        let entries = DisplayWidth.entries
        #expect(entries.count == WidthTable.count)
        #expect(entries.allSatisfy { $0.first <= $0.last && ($0.width == 0 || $0.width == 2) })
        #expect(zip(entries, entries.dropFirst()).allSatisfy { $0.last < $1.first })
        #expect(entries.last?.last == 0xE0FFF)
    }

    @Test("Shortcuts around the table agree with it")
    func shortcuts() {
        for entry in DisplayWidth.entries {
            for value in [entry.first, entry.last] {
                guard let scalar = Unicode.Scalar(value) else { continue }
                #expect(DisplayWidth.of(scalar) == Int(entry.width))
            }
        }
    }

    @Test(
        "Text takes what its characters take",
        arguments: [
            ("", 0), ("hello", 5), ("日本語", 6), ("e\u{301}", 1), ("a日b", 4), ("\r\n", 1), ("🇫🇷", 2), ("👍🏽!", 3),
        ]
    )
    func text(_ text: String, _ width: Int) {
        #expect(DisplayWidth.of(text) == width)
        #expect(DisplayWidth.of(Substring(text)) == width)
    }

    @Test("A character takes as many cells as its pieces, whatever it is made of", arguments: 0..<4)
    func agreement(_ seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<2000 {
            let text = TextSamples.random(length: 4, using: &generator)
            for character in text {
                let pieces = CellText.cells(of: character)
                #expect(DisplayWidth.of(character) == pieces.reduce(0) { $0 + $1.width })
            }
        }
    }
}
