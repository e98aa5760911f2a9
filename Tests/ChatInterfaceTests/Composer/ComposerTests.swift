internal import Testing

@testable internal import ChatInterface

@Suite("Composer")
struct ComposerTests {
    @Test("What is sent is taken out, and the next begins empty")
    func take() throws {
        var composer = Composer()
        try composer.press("hello")
        #expect(composer.take() == "hello")
        #expect(composer.isEmpty && composer.cursor == 0)
        try composer.press("<C-_>")
        #expect(composer.isEmpty, "what was sent can't be undone")
    }

    @Test(
        "The history is walked up and down, and the draft waits at its end",
        arguments: [
            ("<Up>", "two|"), ("<Up><Up>", "one|"), ("<Up><Up><Up>", "one|"), ("draft<Up><Down>", "draft|"),
            ("draft<Down>", "draft|"),
            ("draft<Up><Up><Down><Down>", "draft|"), ("<Up>!<Up><Down>", "two!|"), ("<Up>!<Enter><Up><Up>", "two|"),
            ("<Up><Enter><Up><Up>", "one|"), ("draft<Up><C-_>", "draft|"), ("draft<Up><C-_><Up><Up>", "one|"),
            ("dr<M-Enter>aft<Up>", "dr|\naft"), ("dr<M-Enter>aft<Up><Up>", "two|"),
        ]
    )
    func history(_ keys: String, _ after: String) throws {
        var composer = Composer()
        try composer.press("one<Enter>two<Enter><Enter>" + keys)
        #expect(composer.picture == after)
    }

    @Test("Lines of several lines are passed over like any other")
    func multilineHistory() throws {
        var composer = Composer()
        try composer.press("one<Enter>a<M-Enter>b<Enter><Up>")
        #expect(composer.picture == "a\nb|")
        try composer.press("<Up>")
        #expect(composer.picture == "one|")
        try composer.press("<Down><Down>")
        #expect(composer.picture == "|")
    }

    @Test("The history is bounded and keeps the newest")
    func historyLimit() throws {
        var composer = Composer()
        for number in 0..<(InputHistory.limit + 10) {
            composer.insert("line \(number)")
            _ = composer.take()
        }
        #expect(composer.history.lines.count == InputHistory.limit)
        try composer.press("<Up>")
        #expect(composer.text == "line \(InputHistory.limit + 9)")
    }

    @Test("Undo is bounded")
    func undoLimit() throws {
        var composer = Composer()
        for _ in 0..<(UndoLog.limit * 2) { composer.insert("x") }
        for _ in 0..<(UndoLog.limit * 2) { try composer.press("<C-_>") }
        #expect(composer.text.count == UndoLog.limit)
    }

    @Test("Pasted line breaks are text, controls are shown, never obeyed")
    func paste() {
        var composer = Composer(picture: "<|>")
        composer.insert("a\r\nb\rc\n\u{1B}[31mx")
        #expect(composer.text == "<a\nb\nc\n␛[31mx>")
        #expect(composer.cursor == composer.characters.count - 1)
    }

    @Test("In a field, line breaks are spaces")
    func pasteIntoField() {
        var composer = Composer(kind: .field)
        composer.insert("a\nb")
        #expect(composer.text == "a b")
    }

    @Test("A password is taken as it is, but for controls, and goes into no memory")
    func secret() throws {
        var composer = Composer(kind: .secret)
        composer.insert("pa\u{202E}s\u{200B}s e\u{301}\u{302}\u{303}\u{304}\u{305}\u{306}\n")
        #expect(
            Array(composer.text.unicodeScalars)
                == Array("pa\u{202E}s\u{200B}s e\u{301}\u{302}\u{303}\u{304}\u{305}\u{306}".unicodeScalars)
        )
        try composer.press("<C-u><C-y><C-_>")
        #expect(composer.isEmpty)
        try composer.press("secret<Enter><Up>")
        #expect(composer.isEmpty)
    }

    @Test("What does not fit is cut between characters")
    func limit() throws {
        var composer = Composer(maximumBytes: 7)
        composer.insert("日本語")
        #expect(composer.text == "日本")
        try composer.press("ab")
        #expect(composer.picture == "日本a|")
        try composer.press("<BS>")
        try composer.press("\u{301}")
        #expect(composer.text == "日本", "a mark that does not fit takes nothing with it")
        composer.replace(0..<1, with: "long word")
        #expect(composer.picture == "long|本")
    }

    @Test("Marks on one character are capped")
    func marks() throws {
        var composer = Composer()
        try composer.press("e")
        for _ in 0..<10 { try composer.press("\u{301}") }
        #expect(composer.characters.first.map { $0.unicodeScalars.count } == 5)
    }
}
