internal import ChatInterface
internal import ChatTestSupport
internal import Testing

@testable import ChatTUI

/// Bytes of a terminal and what they mean.
struct InputFixture: CustomTestStringConvertible, Sendable {
    let input: String
    let events: [TerminalEvent]
    let testDescription: String

    init(_ input: String, _ events: TerminalEvent...) {
        self.input = input
        self.events = events
        testDescription = input.unicodeScalars.map { $0.escaped(asASCII: true) }.joined()
    }

    static func key(_ input: String, _ key: KeyPress.Key, _ modifiers: KeyPress.Modifiers = []) -> Self {
        Self(input, .key(KeyPress(key, modifiers)))
    }

    static func letter(_ input: String, _ letter: Character, _ modifiers: KeyPress.Modifiers) -> Self {
        key(input, .character(letter), modifiers)
    }
}

@Suite("Input decoder")
struct InputDecoderTests {
    static let keys: [InputFixture] = [
        .letter("a", "a", []), .letter("Ä", "Ä", []), .letter("日", "日", []), .letter("👍", "👍", []),
        .letter("e\u{301}", "e\u{301}", []), .letter("👩\u{200D}👩\u{200D}👧", "👩\u{200D}👩\u{200D}👧", []),
        .letter(" ", " ", []),
        .key("\r", .enter), .key("\n", .enter), .key("\t", .tab), .key("\u{7F}", .backspace), .key("\u{8}", .backspace),
        .letter("\u{1}", "a", .control), .letter("\u{17}", "w", .control), .letter("\u{1A}", "z", .control),
        .letter("\0", " ", .control), .letter("\u{1F}", "_", .control), .letter("\u{1C}", "\\", .control),
        // Arrows in both forms, then what may be held down with them.
        .key("\u{1B}[A", .up), .key("\u{1B}OA", .up), .key("\u{1B}[B", .down), .key("\u{1B}OB", .down),
        .key("\u{1B}[C", .right), .key("\u{1B}OC", .right), .key("\u{1B}[D", .left), .key("\u{1B}OD", .left),
        .key("\u{1B}[1;2A", .up, .shift), .key("\u{1B}[1;3B", .down, .alt), .key("\u{1B}[1;5C", .right, .control),
        .key("\u{1B}[1;6D", .left, [.control, .shift]), .key("\u{1B}[1;9A", .up, .alt),
        .key("\u{1B}O5C", .right, .control), .key("\u{1B}Oc", .right, .control), .key("\u{1B}[c", .right, .shift),
        .key("\u{1B}\u{1B}[A", .up, .alt), .key("\u{1B}\u{1B}OD", .left, .alt),
        // The block above the arrows, as xterm, rxvt, the console and screen write it.
        .key("\u{1B}[H", .home), .key("\u{1B}OH", .home), .key("\u{1B}[1~", .home), .key("\u{1B}[7~", .home),
        .key("\u{1B}[F", .end), .key("\u{1B}OF", .end), .key("\u{1B}[4~", .end), .key("\u{1B}[8~", .end),
        .key("\u{1B}[2~", .insert), .key("\u{1B}[3~", .delete), .key("\u{1B}[3;5~", .delete, .control),
        .key("\u{1B}[5~", .pageUp), .key("\u{1B}[6~", .pageDown), .key("\u{1B}[5;3~", .pageUp, .alt),
        .key("\u{1B}[5^", .pageUp, .control), .key("\u{1B}[6$", .pageDown, .shift), .key("\u{1B}[Z", .tab, .shift),
        // Function keys.
        .key("\u{1B}OP", .function(1)), .key("\u{1B}[11~", .function(1)), .key("\u{1B}[[A", .function(1)),
        .key("\u{1B}OQ", .function(2)), .key("\u{1B}[12~", .function(2)), .key("\u{1B}[[B", .function(2)),
        .key("\u{1B}[15~", .function(5)), .key("\u{1B}[17~", .function(6)), .key("\u{1B}[21~", .function(10)),
        .key("\u{1B}[23~", .function(11)), .key("\u{1B}[24~", .function(12)), .key("\u{1B}[1;2P", .function(1), .shift),
        // Alt.
        .letter("\u{1B}a", "a", .alt), .letter("\u{1B}B", "B", .alt), .letter("\u{1B}ß", "ß", .alt),
        .letter("\u{1B}1", "1", .alt), .letter("\u{1B}/", "/", .alt), .letter("\u{1B}\u{3}", "c", [.alt, .control]),
        .key("\u{1B}\r", .enter, .alt), .key("\u{1B}\u{7F}", .backspace, .alt),
        // Characters by number, as newer terminals send them.
        .letter("\u{1B}[97;5u", "a", .control), .letter("\u{1B}[27;5;97~", "a", .control),
        .key("\u{1B}[13;2u", .enter, .shift), .key("\u{1B}[127;5u", .backspace, .control), .key("\u{1B}[27u", .escape),
        .letter("\u{1B}[65;6u", "a", [.control, .shift]), .letter("\u{1B}[228;3u", "ä", .alt),
        // The keypad.
        .key("\u{1B}OM", .enter), .letter("\u{1B}Op", "0", []), .letter("\u{1B}Ok", "+", []),
        // The rest.
        InputFixture("\u{1B}[I", .focus(true)), InputFixture("\u{1B}[O", .focus(false)),
        InputFixture("\u{1B}[<64;10;5M", .wheel(lines: -3, row: 4, column: 9)),
        InputFixture("\u{1B}[<65;1;1M", .wheel(lines: 3, row: 0, column: 0)),
        InputFixture("\u{1B}[<68;300;200M", .wheel(lines: -3, row: 199, column: 299)),
        InputFixture("\u{1B}[M\u{60}!!", .wheel(lines: -3, row: 0, column: 0)),
        // Nothing that concerns us: buttons, answers, keys let go, keys without a meaning.
        InputFixture("\u{1B}[<0;10;5M"), InputFixture("\u{1B}[<0;10;5m"), InputFixture("\u{1B}[<65;1;1m"),
        InputFixture("\u{1B}[?62;22c"), InputFixture("\u{1B}[24;80R"), InputFixture("\u{1B}[97;1:3u"),
        InputFixture("\u{1B}[57399u"), InputFixture("\u{1B}[99~"), InputFixture("\u{1B}[201~"),
        InputFixture("\u{1B}[<99999999999999999999;1;1M"), InputFixture("\u{1B}[<M"), InputFixture("\u{1B}[;;;~"),
        // Pasted text.
        InputFixture("\u{1B}[200~hello\u{1B}[201~", .paste("hello")),
        InputFixture("\u{1B}[200~a\rb\r\nc\nd\u{1B}[201~", .paste("a\nb\nc\nd")),
        InputFixture("\u{1B}[200~\u{1B}[A\u{1B}[20\u{1B}[201~", .paste("\u{1B}[A\u{1B}[20")),
        InputFixture("\u{1B}[200~\u{1B}[201~", .paste("")),
    ]

    @Test("a sequence is the same however it is cut", arguments: keys)
    func everyCut(fixture: InputFixture) {
        let bytes = Array(fixture.input.utf8)
        // A cluster that is cut is typed scalar by scalar, so those come in one piece.
        let isCluster = fixture.input.unicodeScalars.count > 1 && fixture.input.count == 1
        for cut in 0..<bytes.count where !isCluster || cut == 0 {
            var decoder = InputDecoder()
            var events = decoder.decode(Array(bytes[..<cut]), at: 0)
            events += decoder.decode(Array(bytes[cut...]), at: 0)
            #expect(events == fixture.events, "cut at \(cut)")
            #expect(decoder.deadline == nil)
        }
    }

    @Test("byte by byte, glued to what stands before and after")
    func byteByByte() {
        var decoder = InputDecoder()
        var events: [TerminalEvent] = []
        var expected: [TerminalEvent] = []
        for fixture in Self.keys where fixture.input.count > 1 || fixture.input.unicodeScalars.count == 1 {
            expected += fixture.events + [.key(KeyPress(.character("|")))]
            for byte in Array((fixture.input + "|").utf8) { events += decoder.decode([byte], at: 0) }
        }
        #expect(events == expected)
    }

    @Test(
        "what stays unfinished is taken for what it is by itself",
        arguments: [
            .key("\u{1B}", .escape), .letter("\u{1B}[", "[", .alt), .letter("\u{1B}O", "O", .alt),
            .key("\u{1B}\u{1B}", .escape, .alt),
            InputFixture(
                "\u{1B}[1;",
                .key(KeyPress(.character("["), .alt)),
                .key(KeyPress(.character("1"))),
                .key(KeyPress(.character(";")))
            ),
            InputFixture("\u{1B}[200~lost end", .paste("lost end")), InputFixture("\u{1B}[200~"),
        ]
    )
    func overdue(fixture: InputFixture) {
        var decoder = InputDecoder()
        #expect(decoder.decode(Array(fixture.input.utf8), at: 0).isEmpty)
        #expect(decoder.deadline != nil)
        #expect(decoder.decodeOverdue(at: 60_000) == fixture.events)
        #expect(decoder.deadline == nil)
        #expect(decoder.decode(Array("x".utf8), at: 0) == [.key(KeyPress(.character("x")))])
    }

    @Test("an Escape waits 25 ms, the end of a paste 10 s from its start, whatever is typed meanwhile")
    func deadlines() {
        var decoder = InputDecoder()
        _ = decoder.decode([0x1B], at: 100)
        #expect(decoder.deadline == 125)
        _ = decoder.decode(Array("[200~lost".utf8), at: 110)
        #expect(decoder.deadline == 10_110)
        for second in Int64(1)...10 {
            #expect(decoder.decode(Array("x".utf8), at: second * 1000).isEmpty)
            #expect(decoder.decodeOverdue(at: second * 1000).isEmpty)
        }
        #expect(decoder.decode(Array("y".utf8), at: 10_200) == [.paste("lostxxxxxxxxxxy")])
        #expect(decoder.decode(Array("z".utf8), at: 10_300) == [.key(KeyPress(.character("z")))])
    }

    @Test("a paste that comes faster than anybody types goes on for longer")
    func slowPaste() {
        var decoder = InputDecoder()
        _ = decoder.decode(Array("\u{1B}[200~".utf8), at: 0)
        for second in Int64(1)...60 {
            #expect(decoder.decode([UInt8](repeating: 0x61, count: 960), at: second * 1000).isEmpty)
        }
        let text = String(repeating: "a", count: 57_600)
        #expect(decoder.decode(Array("\u{1B}[201~".utf8), at: 60_500) == [.paste(text)])
    }

    @Test("Ctrl-C ends a paste whose end is lost, but not as a byte of what is pasted")
    func interruptedPaste() {
        var decoder = InputDecoder()
        #expect(decoder.decode(Array("\u{1B}[200~one\u{3}two\r".utf8), at: 0).isEmpty)
        #expect(decoder.decode([0x03], at: 1) == [.paste("one\u{3}two\n")])
        #expect(decoder.decode([0x03], at: 2) == [.key(KeyPress(.character("c"), .control))])
    }

    @Test("bytes that can't be read are shown and told, and hold nothing up")
    func unreadableBytes() {
        var decoder = InputDecoder()
        let shown = ["a", "\u{FFFD}", "b"].map { TerminalEvent.key(KeyPress(.character($0))) }
        #expect(decoder.decode([0x61, 0xFF, 0x62], at: 0) == shown + [.unreadable])
        #expect(decoder.decode([0xE6, 0x97], at: 0).isEmpty)
        #expect(decoder.decodeOverdue(at: 60_000) == [.key(KeyPress(.character("\u{FFFD}"))), .unreadable])
        #expect(
            decoder.decode(Array("\u{1B}[200~caf".utf8) + [0xE9] + Array("\u{1B}[201~".utf8), at: 0)
                == [.paste("caf\u{FFFD}"), .unreadable]
        )
        // Eight-bit control characters are not typed text.
        #expect(decoder.decode([0xC2, 0x9B, 0x41], at: 0) == [.key(KeyPress(.character("A")))])
    }

    @Test("a paste is bounded and the end of it is still found")
    func longPaste() {
        var decoder = InputDecoder()
        _ = decoder.decode(Array("\u{1B}[200~".utf8), at: 0)
        for _ in 0..<20 { _ = decoder.decode([UInt8](repeating: 0x61, count: 100_000), at: 0) }
        let events = decoder.decode(Array("\u{1B}[201~b".utf8), at: 0)
        guard case .paste(let text)? = events.first else {
            Issue.record("no paste")
            return
        }
        #expect(text.utf8.count == PasteBuffer.maximumBytes)
        #expect(events.dropFirst() == [.key(KeyPress(.character("b")))])
    }

    @Test("a terminal's own keys come before the usual meaning")
    func terminalKeys() {
        var decoder = InputDecoder(terminalKeys: [
            Array("\u{1B}A".utf8): KeyPress(.up), Array("\u{1B}[P".utf8): KeyPress(.delete),
        ])
        #expect(decoder.decode(Array("\u{1B}A".utf8), at: 0) == [.key(KeyPress(.up))])
        #expect(decoder.decode(Array("\u{1B}[P".utf8), at: 0) == [.key(KeyPress(.delete))])
        #expect(decoder.decode(Array("\u{1B}B".utf8), at: 0) == [.key(KeyPress(.character("B"), .alt))])
    }

    /// ISO 8859-1, and the C locale, in which no byte above ASCII is a character.
    static let locales: [[Character?]] = [
        (0..<256).map { $0 < 0x20 || (0x7F..<0xA0).contains($0) ? nil : Character(Unicode.Scalar(UInt8($0))) },
        (0..<256).map { (0x20..<0x7F).contains($0) ? Character(Unicode.Scalar(UInt8($0))) : nil },
    ]

    @Test("valid UTF-8 is text whatever the locale says, typed or pasted", arguments: locales)
    func utf8InAnyLocale(singleBytes: [Character?]) {
        let text = "Grüße: café 5€ 👍"
        for cut in 0...text.utf8.count {
            var decoder = InputDecoder(singleBytes: singleBytes)
            var events = decoder.decode(Array(text.utf8.prefix(cut)), at: 0)
            events += decoder.decode(Array(text.utf8.dropFirst(cut)), at: 0)
            #expect(events == text.map { .key(KeyPress(.character($0))) })
        }
        var decoder = InputDecoder(singleBytes: singleBytes)
        #expect(decoder.decode(Array("\u{1B}[200~\(text)\u{1B}[201~".utf8), at: 0) == [.paste(text)])
    }

    @Test("what is no UTF-8 goes by the locale, and what it has no character for is told")
    func singleBytes() {
        var decoder = InputDecoder(singleBytes: Self.locales[0])
        let text: [TerminalEvent] = "Grüße".map { .key(KeyPress(.character($0))) }
        #expect(decoder.decode([0x47, 0x72, 0xFC, 0xDF, 0x65], at: 0) == text)
        #expect(decoder.decode([0x1B, 0xE4, 0x61], at: 0).first == .key(KeyPress(.character("ä"), .alt)))
        #expect(decoder.decode([0xE9], at: 0).isEmpty)
        #expect(decoder.decodeOverdue(at: 60_000) == [.key(KeyPress(.character("é")))])
        #expect(decoder.decode([0x61, 0x80], at: 0).last == .unreadable)
    }

    @Test("rubbish of any kind leaves the decoder in working order", arguments: 0..<50 as Range<UInt64>)
    func rubbish(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        var decoder = InputDecoder()
        let alphabet: [UInt8] = [0x1B, 0x1B, 0x5B, 0x4F, 0x3B, 0x3C, 0x4D, 0x7E, 0x30, 0x39, 0xFF, 0xE6]
        for _ in 0..<200 {
            let chunk = (0..<Int.random(in: 0..<40, using: &generator)).map { _ in
                Bool.random(using: &generator)
                    ? alphabet[Int.random(in: 0..<alphabet.count, using: &generator)]
                    : UInt8.random(in: 0...255, using: &generator)
            }
            _ = decoder.decode(chunk, at: 0)
            if Int.random(in: 0..<4, using: &generator) == 0 { _ = decoder.decodeOverdue(at: 60_000) }
        }
        _ = decoder.decodeOverdue(at: 60_000)
        #expect(decoder.deadline == nil)
        #expect(decoder.decode([0x78], at: 0) == [.key(KeyPress(.character("x")))])
    }

    @Test("a long run of Escapes is just that")
    func escapes() {
        var decoder = InputDecoder()
        var events = decoder.decode([UInt8](repeating: 0x1B, count: 100_000), at: 0)
        events += decoder.decodeOverdue(at: 60_000)
        #expect(events.count == 99_999)
    }
}
