internal import ChatTestSupport
internal import Testing

@testable internal import ChatInterface

@Suite("Writing on a grid")
struct GridWritingTests {
    struct Fixture: CustomTestStringConvertible {
        var text: String
        var room: Int
        var overflow: Grid.Overflow
        var shown: String
        var used: Int

        init(_ text: String, in room: Int, _ overflow: Grid.Overflow = .ellipsis, shows shown: String, _ used: Int) {
            self.text = text
            self.room = room
            self.overflow = overflow
            self.shown = shown
            self.used = used
        }

        var testDescription: String { "\(text.debugDescription) in \(room)" }
    }

    static let fixtures: [Fixture] = [
        Fixture("", in: 5, shows: "········", 0),
        Fixture("hello", in: 5, shows: "hello···", 5),
        Fixture("hello", in: 4, shows: "hel…····", 4),
        Fixture("hello", in: 1, shows: "…·······", 1),
        Fixture("hello", in: 0, shows: "········", 0),
        Fixture("hello", in: -3, shows: "········", 0),
        Fixture("hello", in: 4, .clip, shows: "hell····", 4),
        Fixture("日本語", in: 6, shows: "日本語··", 6),
        Fixture("日本語", in: 5, shows: "日本…···", 5),
        Fixture("日本語", in: 4, shows: "日… ····", 4),
        Fixture("日本語", in: 3, shows: "日…·····", 3),
        Fixture("日本語", in: 2, shows: "… ······", 2),
        Fixture("日本語", in: 1, shows: "…·······", 1),
        Fixture("日本語", in: 5, .clip, shows: "日本····", 4),
        Fixture("日本語", in: 1, .clip, shows: "········", 0),
        Fixture("a日", in: 2, shows: "a…······", 2),
        Fixture("e\u{301}e\u{301}e\u{301}", in: 2, shows: "e\u{301}…······", 2),
        Fixture("👨‍👩‍👧 ok", in: 8, shows: "👨 ok···", 5),
        Fixture("🇫🇷!", in: 8, shows: "FR!·····", 3),
        Fixture("a\u{200B}b", in: 2, shows: "ab······", 2),
        Fixture("ab\u{200B}", in: 2, shows: "ab······", 2),
        Fixture("a\tb\u{1B}c", in: 8, shows: "a\u{FFFD}b\u{FFFD}c···", 5),
        Fixture("longer than the grid", in: .max, shows: "longer …", 8),
    ]

    @Test("Text takes the room it has", arguments: fixtures)
    func write(_ fixture: Fixture) {
        var grid = Grid(columns: 8, rows: 1)
        grid.fill(grid.bounds, style: .plain, with: "·")
        let used = grid.write(fixture.text, row: 0, column: 0, maxColumns: fixture.room, overflow: fixture.overflow)
        #expect(grid.text == fixture.shown)
        #expect(used == fixture.used)
    }

    @Test(
        "Text stands where it is told",
        arguments: [
            (Grid.Alignment.left, "ab······"), (.center, "··ab····"), (.right, "····ab··"),
        ]
    )
    func alignment(_ alignment: Grid.Alignment, _ shown: String) {
        var grid = Grid(columns: 8, rows: 1)
        grid.fill(grid.bounds, style: .plain, with: "·")
        let used = grid.write("ab", row: 0, column: 0, maxColumns: 6, alignment: alignment)
        #expect(grid.text == shown)
        #expect(used == 2)
    }

    @Test(
        "What is written over in part is gone as a whole",
        arguments: [
            (0, "x", "x 本語"), (1, "x", " x本語"), (2, "x", "日x 語"), (5, "x", "日本 x"), (1, "語", " 語 語"), (4, "日", "日本日"),
            (3, "xy", "日 xy"),
        ]
    )
    func halves(_ column: Int, _ text: String, _ shown: String) {
        var grid = Grid(columns: 6, rows: 1)
        grid.write("日本語", row: 0, column: 0)
        grid.write(text, row: 0, column: column)
        #expect(grid.text == shown)
    }

    @Test(
        "Nothing is written outside",
        arguments: [(-1, 0), (2, 0), (0, -1), (0, 4), (9000, 9000), (-9000, -9000)]
    )
    func outside(_ row: Int, _ column: Int) {
        var grid = Grid(columns: 4, rows: 2)
        #expect(grid.write("hello", row: row, column: column) == 0)
        grid.drawHorizontalRule(row: row, column: max(column, 4))
        grid.drawVerticalRule(column: max(column, 4), row: row)
        #expect(grid == Grid(columns: 4, rows: 2))
        #expect(grid[row, column] == Grid.Cell())
    }

    @Test("Without Unicode every cell is ASCII and nothing moves")
    func ascii() {
        var grid = Grid(columns: 24, rows: 2, glyphs: .ascii)
        grid.write("日本 café “ok” 👍!", row: 0, column: 0)
        grid.drawHorizontalRule(row: 1, columns: 4)
        grid.write("too long for this", row: 1, column: 5, maxColumns: 8)
        #expect(grid.text == "???? caf? \"ok\" ??!\n---- too lon~")
    }

    @Test("Rules and fills cover their region and no more")
    func rules() {
        var grid = Grid(columns: 6, rows: 4)
        grid.fill(Region(row: -2, column: 4, rows: 4, columns: 9), style: .plain, with: "x")
        grid.drawHorizontalRule(row: 2)
        grid.drawVerticalRule(column: 3)
        grid.drawHorizontalRule(row: 3, column: 4, columns: 1)
        #expect(grid.lines == ["   │xx", "   │xx", "───│──", "   │─"])
    }

    @Test("Fills are of one cell")
    func fillWithWide() {
        var grid = Grid(columns: 2, rows: 1)
        grid.fill(grid.bounds, style: .plain, with: "日")
        #expect(grid.lines == [""])
    }

    @Test("Styles are shown beside the text, trailing plain spaces are not")
    func styled() {
        var grid = Grid(columns: 12, rows: 2)
        let style = Style(foreground: .indexed(9), attributes: [.bold, .reverse])
        grid.write("alice", row: 0, column: 1, style: style)
        grid.write("日", row: 0, column: 7)
        grid.write("x ", row: 1, column: 0, style: Style(background: .direct(red: 1, green: 2, blue: 255)))
        #expect(grid.styledLines == [" ‹bold reverse fg=9|alice› 日", "‹bg=#0102FF|x ›"])
        #expect(grid.lines == [" alice 日", "x"])
    }

    @Test("Defaults are painted everywhere, and nothing else is")
    func paintDefaults() {
        var grid = Grid(columns: 4, rows: 1)
        grid.write("abcd", row: 0, column: 0, style: Style(foreground: .indexed(1)))
        grid.write("b", row: 0, column: 1)
        grid.paintDefaults(foreground: .indexed(7), background: .indexed(0))
        #expect(grid.styledText == "‹fg=1 bg=0|a›‹fg=7 bg=0|b›‹fg=1 bg=0|cd›")
    }

    @Test("Whatever is written wherever, wide characters are whole and rows keep their width", arguments: 0..<4)
    func anything(_ seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        var grid = Grid(columns: 20, rows: 3, glyphs: seed % 2 == 0 ? .unicode : .ascii)
        for _ in 0..<1000 {
            let used = grid.write(
                TextSamples.random(length: 5, using: &generator),
                row: Int.random(in: -1...3, using: &generator),
                column: Int.random(in: -2...21, using: &generator),
                maxColumns: Int.random(in: -1...22, using: &generator),
                alignment: [.left, .center, .right].randomElement(using: &generator) ?? .left,
                overflow: Bool.random(using: &generator) ? .clip : .ellipsis
            )
            #expect((0...20).contains(used))
            if let problem = firstHalfCharacter(in: grid) {
                Issue.record("\(problem)")
                return
            }
        }
    }

    /// Where a wide character lacks a half, or a cell holds anything but one character.
    private func firstHalfCharacter(in grid: Grid) -> String? {
        for row in 0..<grid.rows {
            var column = 0
            while column < grid.columns {
                let text = grid[row, column].text
                let width = DisplayWidth.of(text)
                let isWhole = width == 1 || (width == 2 && grid[row, column + 1].text.isEmpty)
                if !isWhole || column + width > grid.columns { return "\(text.debugDescription) at \(row), \(column)" }
                column += width
            }
        }
        return nil
    }
}
