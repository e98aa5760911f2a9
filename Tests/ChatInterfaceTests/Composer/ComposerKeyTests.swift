internal import ChatTestSupport
internal import Testing

@testable internal import ChatInterface

@Suite("Composer keys")
struct ComposerKeyTests {
    struct Fixture: CustomTestStringConvertible {
        var before: String
        var keys: String
        var after: String

        init(_ before: String, _ keys: String, _ after: String) {
            self.before = before
            self.keys = keys
            self.after = after
        }

        var testDescription: String { "\(before.debugDescription) \(keys)" }
    }

    static let typing: [Fixture] = [
        Fixture("|", "hello", "hello|"),
        Fixture("wor|ld", "k", "work|ld"),
        Fixture("|", "<S-A>b", "Ab|"),
        Fixture("|", "日本👍🏽", "日本👍🏽|"),
        Fixture("e|x", "\u{301}", "e\u{301}|x"),
        Fixture("a|b", "<M-Enter>", "a\n|b"),
        Fixture("a|b", "<S-Enter>", "a\n|b"),
        Fixture("👨|", "\u{200D}👩", "👨\u{200D}👩|"),
        Fixture("|🇩🇪", "\u{1F1EB}\u{1F1F7}", "🇫🇷|🇩🇪"),
    ]

    static let moving: [Fixture] = [
        Fixture("hello wor|ld", "<Left>", "hello wo|rld"),
        Fixture("hello wor|ld", "<C-b><C-b>", "hello w|orld"),
        Fixture("hello wor|ld", "<S-Left>", "hello wo|rld"),
        Fixture("hello wor|ld", "<Right>", "hello worl|d"),
        Fixture("hello wor|ld", "<C-f>", "hello worl|d"),
        Fixture("|a", "<Left>", "|a"),
        Fixture("a|", "<Right>", "a|"),
        Fixture("hello wor|ld", "<C-Left>", "hello |world"),
        Fixture("hello wor|ld", "<M-b><M-b>", "|hello world"),
        Fixture("hello, wor|ld!", "<M-b><M-b>", "|hello, world!"),
        Fixture("hel|lo, world!", "<C-Right>", "hello|, world!"),
        Fixture("hello|, world!", "<M-f>", "hello, world|!"),
        Fixture("hello, world|!", "<M-f>", "hello, world!|"),
        Fixture("hello wor|ld", "<Home>", "|hello world"),
        Fixture("hello wor|ld", "<C-a>", "|hello world"),
        Fixture("hello wor|ld", "<End>", "hello world|"),
        Fixture("hello wor|ld", "<C-e>", "hello world|"),
        Fixture("one\ntwo|\nthree", "<C-a>", "one\n|two\nthree"),
        Fixture("one\nt|wo\nthree", "<End>", "one\ntwo|\nthree"),
        Fixture("one\nt|wo\nthree", "<S-Home>", "|one\ntwo\nthree"),
        Fixture("one\nt|wo\nthree", "<S-End>", "one\ntwo\nthree|"),
        Fixture("one\nt|wo\nthree", "<Up>", "o|ne\ntwo\nthree"),
        Fixture("one\ntwo|\nthree", "<Down>", "one\ntwo\nthr|ee"),
        Fixture("three\ntwo\n|", "<Up>", "three\n|two\n"),
        Fixture("a\nlonger|", "<Up>", "a|\nlonger"),
        Fixture("日👨‍👩‍👧|本", "<Left>", "日|👨‍👩‍👧本"),
        Fixture("日本|語", "<M-b>", "|日本語"),
    ]

    static let deleting: [Fixture] = [
        Fixture("hello|", "<BS>", "hell|"),
        Fixture("hello|", "<C-h>", "hell|"),
        Fixture("|hello", "<BS>", "|hello"),
        Fixture("he|llo", "<Del>", "he|lo"),
        Fixture("he|llo", "<C-d>", "he|lo"),
        Fixture("hello|", "<Del>", "hello|"),
        Fixture("e\u{301}👨‍👩‍👧|", "<BS>", "e\u{301}|"),
        Fixture("e\u{301}👨‍👩‍👧|", "<BS><BS>", "|"),
        Fixture("a\n|b", "<BS>", "a|b"),
        Fixture("one two-three|", "<C-w>", "one |"),
        Fixture("one two  |", "<C-w>", "one |"),
        Fixture("|one", "<C-w>", "|one"),
        Fixture("one two-three|", "<M-BS>", "one two-|"),
        Fixture("one two-three|", "<C-BS>", "one two-|"),
        Fixture("one| two three", "<M-d>", "one| three"),
        Fixture("one| two three", "<C-Del>", "one| three"),
        Fixture("hello wor|ld", "<C-u>", "|ld"),
        Fixture("hello wor|ld", "<C-k>", "hello wor|"),
        Fixture("one\ntw|o", "<C-u>", "one\n|o"),
        Fixture("one\n|two", "<C-u>", "one|two"),
        Fixture("o|ne\ntwo", "<C-k>", "o|\ntwo"),
        Fixture("one|\ntwo", "<C-k>", "one|two"),
        Fixture("日本|語", "<C-u>", "|語"),
    ]

    static let yanking: [Fixture] = [
        Fixture("one two|", "<C-w><C-y><C-y>", "one twotwo|"),
        Fixture("one two|", "<C-w><C-w><C-y>", "one two|"),
        Fixture("|one two", "<M-d><M-d><C-y>!", "one two!|"),
        Fixture("one |two three", "<C-u><C-k><C-y>", "one two three|"),
        Fixture("aaa bbb|", "<C-w><Left><Right><C-w><C-y>", "aaa |"),
        Fixture("aaa bbb|", "<C-w><Left><Right><C-w><C-y><M-y>", "bbb|"),
        Fixture("aaa bbb|", "<C-w><Left><Right><C-w><C-y><M-y><M-y>", "aaa |"),
        Fixture("aaa|", "<M-y>", "aaa|"),
        Fixture("|", "<C-y>", "|"),
        Fixture("ab|", "<C-t>", "ba|"),
        Fixture("a|b", "<C-t>", "ba|"),
        Fixture("|ab", "<C-t>", "|ab"),
        Fixture("a|", "<C-t>", "a|"),
        Fixture("abc|d", "<C-t>", "abdc|"),
        Fixture("x\nab|", "<C-t>", "x\nba|"),
        Fixture("x\n|ab", "<C-t>", "x\n|ab"),
    ]

    static let undoing: [Fixture] = [
        Fixture("|", "hello<C-_>", "|"),
        Fixture("|", "hello world<C-_>", "hello |"),
        Fixture("|", "hello world<C-_><C-_>", "|"),
        Fixture("|", "hello world<C-_><C-_><C-_>", "|"),
        Fixture("|", "hello world<C-_><M-_>", "hello world|"),
        Fixture("|", "hello world<C-_>x<M-_>", "hello x|"),
        Fixture("|", "hello<C-/>", "|"),
        Fixture("abc|", "<BS><BS><C-_>", "abc|"),
        Fixture("ab|c", "<C-u><C-_>", "ab|c"),
        Fixture("ab|", "<Left>x<C-_>", "a|b"),
        Fixture("|", "a<Left>b<C-_>", "|a"),
        Fixture("one two|", "<C-w><C-y><C-_>", "one |"),
        Fixture("aaa bbb|", "<C-w><Left><Right><C-w><C-y><M-y><C-_>", "|"),
    ]

    @Test("Typing", arguments: typing)
    func type(_ fixture: Fixture) throws { try check(fixture) }

    @Test("Moving", arguments: moving)
    func move(_ fixture: Fixture) throws { try check(fixture) }

    @Test("Deleting", arguments: deleting)
    func delete(_ fixture: Fixture) throws { try check(fixture) }

    @Test("Cutting, yanking and swapping", arguments: yanking)
    func yank(_ fixture: Fixture) throws { try check(fixture) }

    @Test("Undoing and redoing", arguments: undoing)
    func undo(_ fixture: Fixture) throws { try check(fixture) }

    private func check(_ fixture: Fixture) throws {
        var composer = Composer(picture: fixture.before)
        try composer.press(fixture.keys)
        #expect(composer.picture == fixture.after)
    }

    @Test(
        "Keys that mean nothing here are left to others",
        arguments: [
            "<Tab>", "<Esc>", "<PgUp>", "<F2>", "<C-n>", "<C-p>", "<C-l>", "<M-a>", "<M-1>", "<M-Left>", "<C-Up>",
            "<C-d>", "<Enter>",
            "<C-M-b>", "\u{1B}", "\n",
        ]
    )
    func unconsumed(_ script: String) throws {
        var composer = Composer(kind: .message)
        let key = try #require(try KeyScript.keys(script).first)
        let isConsumed = composer.handle(key)
        #expect(!isConsumed)
        #expect(composer.isEmpty)
    }

    @Test(
        "A field has no lines: up, down and Enter with Alt are left to others",
        arguments: [Composer.Kind.field, .secret]
    )
    func field(_ kind: Composer.Kind) throws {
        var composer = Composer(kind: kind)
        try composer.press("ab")
        for script in ["<Up>", "<Down>", "<M-Enter>"] {
            let isConsumed = composer.handle(try KeyScript.keys(script)[0])
            #expect(!isConsumed)
        }
        #expect(composer.picture == "ab|")
    }

    @Test("Whatever is pressed, the cursor stays inside and the limit is kept", arguments: 0..<8)
    func anything(_ seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let names = [
            "Left", "Right", "Up", "Down", "Home", "End", "BS", "Del", "Enter", "M-Enter", "C-a", "C-e", "C-b", "C-f",
            "C-h", "C-d",
            "C-w", "C-u", "C-k", "C-y", "C-t", "C-_", "M-b", "M-f", "M-d", "M-y", "M-_", "M-BS", "C-Left", "C-Right",
            "S-Home", "S-End",
        ]
        let kind = [Composer.Kind.message, .field, .secret][Int(seed % 3)]
        var composer = Composer(kind: kind, maximumBytes: 60)
        for _ in 0..<1500 {
            switch Int.random(in: 0..<6, using: &generator) {
            case 0:
                composer.insert(TextSamples.random(length: 3, using: &generator))
            case 1:
                for character in TextSamples.random(length: 2, using: &generator) {
                    _ = composer.handle(KeyPress(.character(character)))
                }
            case 2:
                let start = Int.random(in: -2...20, using: &generator)
                let range = start..<(start + Int.random(in: 0...9, using: &generator))
                composer.replace(range, with: TextSamples.random(length: 1, using: &generator))
                _ = composer[range]
            default:
                try composer.press("<\(names.randomElement(using: &generator) ?? "Left")>")
            }
            #expect((0...composer.characters.count).contains(composer.cursor))
            #expect(composer.text.utf8.count <= 60)
            #expect(Array(composer.text) == composer.characters)
            let columns = Int.random(in: 0...30, using: &generator)
            let layout = composer.layout(columns: columns, maximumRows: Int.random(in: 0...4, using: &generator))
            #expect((0..<layout.rows.count).contains(layout.cursor.row))
            #expect((0..<max(1, columns)).contains(layout.cursor.column))
        }
    }
}
