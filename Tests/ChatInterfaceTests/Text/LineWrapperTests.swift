internal import ChatProtocol
internal import ChatTestSupport
internal import Testing

@testable internal import ChatInterface

@Suite("LineWrapper")
struct LineWrapperTests {
    struct Fixture: CustomTestStringConvertible {
        var columns: Int
        var text: String
        var rows: [String]

        init(_ columns: Int, _ text: String, _ rows: [String]) {
            self.columns = columns
            self.text = text
            self.rows = rows
        }

        var testDescription: String { "\(text.debugDescription) in \(columns)" }
    }

    static let fixtures: [Fixture] = [
        Fixture(10, "", [""]),
        Fixture(10, "hello", ["hello"]),
        Fixture(5, "hello", ["hello"]),
        Fixture(5, "hello world", ["hello", "world"]),
        Fixture(5, "hello  world", ["hello", "world"]),
        Fixture(11, "hello world", ["hello world"]),
        Fixture(8, "one two three four", ["one two", "three", "four"]),
        Fixture(4, "hello", ["hell", "o"]),
        Fixture(4, "abcdefghij", ["abcd", "efgh", "ij"]),
        Fixture(10, "see https://example.org", ["see https:", "//example.", "org"]),
        Fixture(10, "watching https://example.org", ["watching", "https://ex", "ample.org"]),
        Fixture(10, "a\nb", ["a", "b"]),
        Fixture(10, "a\n\nb", ["a", "", "b"]),
        Fixture(10, "a\n", ["a", ""]),
        Fixture(10, "\n", ["", ""]),
        Fixture(10, "a  \nb", ["a", "b"]),
        Fixture(10, "  indented", ["  indented"]),
        Fixture(8, "  indented", ["  indent", "ed"]),
        Fixture(8, "  if true", ["  if", "true"]),
        Fixture(3, "     a", ["", "a"]),
        Fixture(3, "     ", [""]),
        Fixture(5, "end  ", ["end"]),
        Fixture(4, "abcd ef", ["abcd", "ef"]),
        Fixture(6, "日本語", ["日本語"]),
        Fixture(5, "日本語", ["日本", "語"]),
        Fixture(4, "日本語です", ["日本", "語で", "す"]),
        Fixture(1, "日本", ["日", "本"]),
        Fixture(3, "a日本", ["a日", "本"]),
        Fixture(7, "日本語。そう", ["日本", "語。そ", "う"]),
        Fixture(7, "見た「日本」", ["見た", "「日", "本」"]),
        Fixture(8, "abc 日本語", ["abc 日本", "語"]),
        Fixture(8, "日本 (yes)", ["日本", "(yes)"]),
        Fixture(6, "한국어 좋아요", ["한국어", "좋아요"]),
        Fixture(8, "한국어 좋아요", ["한국어", "좋아요"]),
        Fixture(4, "👍👍👍", ["👍👍", "👍"]),
        Fixture(5, "👨‍👩‍👧👨‍👩‍👧👨‍👩‍👧", ["👨‍👩‍👧👨‍👩‍👧", "👨‍👩‍👧"]),
        Fixture(3, "e\u{301}e\u{301}e\u{301}e\u{301}", ["e\u{301}e\u{301}e\u{301}", "e\u{301}"]),
        Fixture(4, "caf\u{65}\u{301} au lait", ["caf\u{65}\u{301}", "au", "lait"]),
        Fixture(3, "🇫🇷🇩🇪", ["🇫🇷", "🇩🇪"]),
        Fixture(5, "no\u{A0}break", ["no\u{A0}br", "eak"]),
        Fixture(4, "ab\u{200B}cd\u{200B}ef", ["ab\u{200B}cd", "ef"]),
        Fixture(6, "日本\u{3000}語学", ["日本", "語学"]),
        Fixture(0, "ab", ["a", "b"]),
        Fixture(-5, "ab", ["a", "b"]),
    ]

    @Test("Text is cut into rows", arguments: fixtures)
    func rows(_ fixture: Fixture) {
        let rows = LineWrapper(columns: fixture.columns).rows(of: fixture.text)
        #expect(rows.map { String(fixture.text.substring(utf8: $0.range)) } == fixture.rows)
    }

    @Test("Safe text is cut by the same rule")
    func safeText() {
        let text = SafeText(block: "hello wide 日本")
        let rows = LineWrapper(columns: 6).rows(of: text)
        #expect(rows.map { String($0.text(in: text)) } == ["hello", "wide", "日本"])
        #expect(rows.map(\.columns) == [5, 4, 4])
    }

    @Test("Rows fit, leave out nothing but spaces and line breaks, and cut no cluster", arguments: 0..<6)
    func properties(_ seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<300 {
            let length = Int.random(in: 0..<30, using: &generator)
            let text = TextSamples.random(length: length, using: &generator)
            let columns = Int.random(in: 1...20, using: &generator)
            check(text, LineWrapper(columns: columns))
        }
    }

    private func check(_ text: String, _ wrapper: LineWrapper) {
        let rows = wrapper.rows(of: text)
        #expect(rows.map { text.substring(utf8: $0.extent) }.joined() == text, "\(text.debugDescription)")
        let boundaries = Set(text.indices.map { text.utf8.distance(from: text.startIndex, to: $0) } + [text.utf8.count])
        for row in rows {
            let shown = text.substring(utf8: row.range)
            let width = DisplayWidth.of(shown)
            #expect(row.columns <= wrapper.columns)
            #expect(row.columns == min(width, wrapper.columns), "\(text.debugDescription)")
            // The one that fits nowhere has a row of its own.
            #expect(width <= wrapper.columns || shown.count(where: { DisplayWidth.of($0) > 0 }) == 1)
            #expect(row.extent.lowerBound == row.range.lowerBound)
            let left = text.substring(utf8: row.range.upperBound..<row.extent.upperBound)
            #expect(left.allSatisfy { $0.isWhitespace || $0 == "\u{200B}" }, "\(left.debugDescription)")
            #expect(boundaries.contains(row.range.lowerBound) && boundaries.contains(row.range.upperBound))
        }
    }

    @Test("A row is not ended while the next word would fit", arguments: 0..<2)
    func greedy(_ seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<200 {
            let words = (0..<20).map { _ in String(repeating: "x", count: Int.random(in: 1...9, using: &generator)) }
            let columns = Int.random(in: 9...30, using: &generator)
            let text = words.joined(separator: " ")
            let rows = LineWrapper(columns: columns).rows(of: text).map { text.substring(utf8: $0.range) }
            for (row, next) in zip(rows, rows.dropFirst()) {
                let word = next.prefix { $0 != " " }
                #expect(row.count + 1 + word.count > columns)
            }
        }
    }

    @Test("Ten thousand lines are wrapped, of ASCII and of anything")
    func many() {
        let lines = [
            "the quick brown fox jumps over the lazy dog, again and again, until it is tired", "混ざった text と👍 emoji",
        ]
        let texts = (0..<10_000).map { SafeText(line: lines[$0 % 2]) }
        let wrapper = LineWrapper(columns: 40)
        let rows = texts.reduce(0) { $0 + wrapper.rows(of: $1).count }
        #expect(rows == 5_000 * 2 + 5_000)
    }

    @Test("A word of a hundred thousand characters takes no longer than words")
    func longWord() {
        let text = String(repeating: "x", count: 100_000)
        #expect(LineWrapper(columns: 50).rows(of: text).count == 2_000)
        #expect(LineWrapper(columns: 1).rows(of: "日" + text).count == 100_001)
    }
}
