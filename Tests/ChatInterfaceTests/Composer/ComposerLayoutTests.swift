internal import Testing

@testable internal import ChatInterface

@Suite("Composer in view")
struct ComposerLayoutTests {
    struct Fixture: CustomTestStringConvertible {
        var picture: String
        var columns: Int
        var rows: Int
        var kind: Composer.Kind
        var shown: [String]

        init(
            _ picture: String,
            _ columns: Int,
            _ rows: Int = 1,
            _ kind: Composer.Kind = .message,
            shows shown: String...
        ) {
            self.picture = picture
            self.columns = columns
            self.rows = rows
            self.kind = kind
            self.shown = shown
        }

        var testDescription: String { "\(picture.debugDescription) in \(columns)x\(rows)" }
    }

    static let oneRow: [Fixture] = [
        Fixture("|", 10, shows: "|"),
        Fixture("hello|", 10, shows: "hello|"),
        Fixture("he|llo", 10, shows: "he|llo"),
        Fixture("123456789|", 10, shows: "123456789|"),
        Fixture("1234567890|", 10, shows: "…567890|"),
        Fixture("|1234567890", 10, shows: "|1234567890"),
        Fixture("|12345678901", 10, shows: "|123456789…"),
        Fixture("1234567|8901234567890", 10, shows: "1234567|89…"),
        Fixture("123456789|01234567890", 10, shows: "…56789|012…"),
        Fixture("1234567890123|4567890", 10, shows: "…90123|456…"),
        Fixture("12345678901234567890|", 10, shows: "…7890|"),
        Fixture("日本語日本語|", 10, shows: "…本語|"),
        Fixture("日本|語日本語", 10, shows: "日本|語日…"),
        Fixture("one\ntwo|", 10, shows: "one↲two|"),
        Fixture("abc|", 3, shows: "bc|"),
        Fixture("abc|", 1, shows: "|"),
        Fixture("日|", 1, shows: "|"),
        Fixture("|日", 1, shows: "|…"),
        Fixture("ab|", 0, shows: "|"),
        Fixture("secret|", 10, 1, .secret, shows: "••••••|"),
        Fixture("日本👍|", 10, 3, .secret, shows: "•••|"),
        Fixture("nickname too long|", 10, 3, .field, shows: "… long|"),
    ]

    static let severalRows: [Fixture] = [
        Fixture("|", 10, 3, shows: "|"),
        Fixture("hello|", 10, 3, shows: "hello|"),
        Fixture("hello to wor|ld", 10, 3, shows: "hello to ", "wor|ld"),
        Fixture("hello to |", 10, 3, shows: "hello to |"),
        Fixture("hello you |", 10, 3, shows: "hello you| "),
        Fixture("hello you a|", 10, 3, shows: "hello you ", "a|"),
        Fixture("one\n|two", 10, 3, shows: "one", "|two"),
        Fixture("one|\ntwo", 10, 3, shows: "one|", "two"),
        Fixture("one\n|", 10, 3, shows: "one", "|"),
        Fixture("1\n2\n3\n4\n5|", 10, 3, shows: "3↑", "4", "5|"),
        Fixture("1\n2\n3|\n4\n5", 10, 3, shows: "2↑", "3|", "4↓"),
        Fixture("|1\n2\n3\n4\n5", 10, 3, shows: "|1", "2", "3↓"),
        Fixture("1\n2|\n3", 10, 2, shows: "1", "2|↓"),
        Fixture("abcdefghijklm|", 10, 3, shows: "abcdefghi", "jklm|"),
        Fixture("日本語日本語|", 8, 3, shows: "日本語", "日本語|"),
        Fixture("日本|", 1, 5, shows: "日", "|本"),
    ]

    @Test("On one row, long text scrolls sideways", arguments: oneRow)
    func scrolling(_ fixture: Fixture) { check(fixture) }

    @Test("On several rows, text is wrapped and scrolls up and down", arguments: severalRows)
    func wrapping(_ fixture: Fixture) { check(fixture) }

    private func check(_ fixture: Fixture) {
        let composer = Composer(picture: fixture.picture, kind: fixture.kind)
        let layout = composer.layout(columns: fixture.columns, maximumRows: fixture.rows)
        var shown = layout.rows.map { $0.map(\.text).joined() }
        shown[layout.cursor.row] = withCaret(shown[layout.cursor.row], at: layout.cursor.column)
        if layout.hasMoreAbove { shown[0] += "↑" }
        if layout.hasMoreBelow { shown[shown.count - 1] += "↓" }
        #expect(shown == fixture.shown)
    }

    private func withCaret(_ row: String, at column: Int) -> String {
        var result = ""
        var position = 0
        var isPlaced = false
        for character in row {
            if !isPlaced, position >= column {
                result += "|"
                isPlaced = true
            }
            result.append(character)
            position += DisplayWidth.of(character)
        }
        return isPlaced ? result : result + "|"
    }

    @Test("Line breaks and text out of view are marks, the rest is not")
    func marks() {
        let composer = Composer(picture: "a\nb and so on and on|")
        let layout = composer.layout(columns: 8, glyphs: .ascii)
        #expect(
            layout.rows == [
                [Composer.Layout.Run(text: "~", isMark: true), Composer.Layout.Run(text: "nd on", isMark: false)]
            ]
        )
        let whole = composer.layout(columns: 40, glyphs: .ascii)
        #expect(whole.rows[0].map(\.text) == ["a", "$", "b and so on and on"])
        #expect(whole.rows[0].map(\.isMark) == [false, true, false])
    }

    @Test("While the cursor stays in view, the view stays")
    func stability() throws {
        var composer = Composer(picture: "0123456789012345678901234567890123456789|")
        var views: [String] = []
        for _ in 0..<40 {
            try composer.press("<Left>")
            let view = composer.layout(columns: 20).rows[0].map(\.text).joined()
            if view != views.last { views.append(view) }
        }
        #expect(views.count <= 5)
        #expect(views.last == "0123456789012345678…")
    }

    @Test("It is drawn into its region, with the cursor where text goes on")
    func drawing() {
        let composer = Composer(picture: "1\n2\n日本|\n4\n5")
        var grid = Grid(columns: 12, rows: 4)
        grid.fill(grid.bounds, style: .plain, with: ".")
        let region = Region(row: 1, column: 2, rows: 3, columns: 8)
        let style = Style(background: .indexed(236))
        grid.draw(composer.layout(columns: 8, maximumRows: 3), in: region, text: style, mark: Style(attributes: .dim))
        #expect(grid.lines == ["............", "..2      ↑..", "..日本    ..", "..4      ↓.."])
        #expect(grid.cursor == Grid.Position(row: 2, column: 6))
        #expect(grid.styledLines[2] == "..‹bg=236|日本    ›..")
    }

    @Test("Without room the cursor is hidden")
    func noRoom() {
        var grid = Grid(columns: 4, rows: 1)
        grid.draw(
            Composer(picture: "abc|").layout(columns: 4),
            in: Region(row: 0, column: 0, rows: 0, columns: 0),
            text: .plain,
            mark: .plain
        )
        #expect(grid.cursor == nil)
        #expect(grid.text.isEmpty)
    }
}
