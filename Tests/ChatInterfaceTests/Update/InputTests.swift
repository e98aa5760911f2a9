internal import ChatInterface
internal import ChatProtocol
internal import ChatSession
internal import Testing

@Suite("The input line")
struct InputTests {
    private func prompt(_ driver: inout InterfaceDriver) -> String { driver.screen.last ?? "" }

    @Test("sends what is typed")
    func sendsWhatTyped() {
        var driver = InterfaceDriver(80, 24)
        #expect(driver.enter("hello, 日本") == [.session(.say("hello, 日本", to: .everyone))])
        #expect(prompt(&driver) == " tester ›")
        driver.press(.up)
        #expect(prompt(&driver) == " tester › hello, 日本")
    }

    @Test("grows to three rows and shows the cursor")
    func growsThreeRows() {
        var driver = InterfaceDriver(60, 16)
        driver.type("one")
        driver.press(.enter, .alt)
        driver.type("two")
        driver.press(.enter, .alt)
        driver.type("three")
        #expect(
            driver.screen.suffix(4).map { $0 } == [
                "────────────────────────────────────────────┴───────────────", " tester › one", "          two",
                "          three",
            ]
        )
        driver.press(.enter, .alt)
        driver.type("four")
        // There is more above.
        #expect(driver.screen.suffix(3).first?.hasPrefix(" tester › two  ") == true)
        #expect(driver.screen.suffix(3).first?.hasSuffix("  ↑") == true)
        #expect(driver.screen.suffix(2).map { $0 } == ["          three", "          four"])
        #expect(driver.press(.enter) == [.session(.say("one\ntwo\nthree\nfour", to: .everyone))])
        #expect(driver.screen.suffix(2).first?.hasPrefix("────") == true)
    }

    @Test("takes pasted lines as one message")
    func takesPastedLines() {
        var driver = InterfaceDriver(60, 16)
        driver.type("look: ")
        driver.paste("one\n\ttwo\r\nthree\n\n")
        #expect(driver.press(.enter) == [.session(.say("look: one\n    two\nthree", to: .everyone))])
    }

    @Test(
        "never takes a paste for a command",
        arguments: [
            ("", "/quit", "/quit"), ("", "/msg bob a\nb", "/msg bob a\nb"), ("", "//x", "//x"),

            ("after", "/quit ", "/quit after"), ("/", "quit", nil), ("", "quit/", "quit/"),
        ] as [(String, String, String?)]
    )
    func takesNoPasteForCommand(typed: String, pasted: String, sent: String?) {
        var driver = InterfaceDriver(80, 16)
        driver.roster(["bob", "tester"])
        driver.type(typed)
        if typed == "after" { driver.press(.home) }
        driver.paste(pasted)
        let isDoubled = sent?.hasPrefix("/") == true
        #expect(prompt(&driver).contains("› //") == isDoubled || pasted.contains("\n"))
        #expect(driver.text.contains("The pasted slash was doubled") == isDoubled)
        // What is typed is a command, also if a part of it was pasted.
        let effects: [InterfaceEffect] = sent.map { [.session(.say($0, to: .everyone))] } ?? [.session(.quit), .quit]
        #expect(driver.press(.enter) == effects)
    }

    @Test(
        "never takes a paste for a command that looks like one only to the eye",
        arguments: [("", "\u{FEFF}/quit", "/quit"), ("", "／quit", "／quit"), ("\u{200B}", "/quit", "/quit")]
    )
    func takesNoHiddenCommand(typed: String, pasted: String, sent: String) {
        var driver = InterfaceDriver(80, 16)
        driver.type(typed)
        driver.paste(pasted)
        #expect(driver.press(.enter) == [.session(.say(sent, to: .everyone))])
    }

    @Test("makes pasted text safe")
    func makesPastedText() {
        var driver = InterfaceDriver(60, 16)
        driver.paste("a\u{1B}[31mred\u{7}\u{202E}b")
        guard case .session(.say(let text, _))? = driver.press(.enter).first else {
            Issue.record("nothing sent")
            return
        }
        #expect(text == SafeText(block: "a\u{1B}[31mred\u{7}\u{202E}b").text)
    }

    @Test("asks before it sends a long paste")
    func asksBeforeSends() {
        var driver = InterfaceDriver(80, 24)
        let text = (1...25).map { "line \($0)" }.joined(separator: "\n")
        driver.paste(text)
        #expect(driver.press(.enter).isEmpty)
        #expect(prompt(&driver) == " Send 25 lines to everyone? Enter sends · Esc goes back")
        driver.type("any")
        #expect(prompt(&driver) == " Send 25 lines to everyone? (Enter first) Enter sends · Esc goes back")
        #expect(driver.press(.enter).isEmpty)
        #expect(prompt(&driver) == " Send 25 lines to everyone? Enter sends · Esc goes back")
        driver.paste("more")
        #expect(prompt(&driver) == " Send 25 lines to everyone? Enter sends · Esc goes back")
        #expect(driver.text.contains("✗ Nothing was pasted: answer the question"))
        driver.press(.escape)
        #expect(driver.text.contains("line 25"))
        driver.press(.enter)
        #expect(driver.press(.enter) == [.session(.say(text, to: .everyone))])
        #expect(prompt(&driver) == " tester ›")
    }

    @Test("asks before it sends many bytes, also to one person")
    func asksBeforeSendsMany() {
        var driver = InterfaceDriver(80, 24)
        driver.roster(["bob", "tester"])
        let text = String(repeating: "é", count: 2049)
        driver.type("/msg bob ")
        driver.paste(text)
        #expect(driver.press(.enter).isEmpty)
        #expect(prompt(&driver) == " Send 4098 bytes to bob? Enter sends · Esc goes back")
        #expect(driver.press(.enter) == [.session(.say(text, to: .user("bob")))])
    }

    @Test("keeps text that is too long, and marks it")
    func keepsTextToo() {
        var driver = InterfaceDriver(80, 24)
        let text = String(repeating: "x", count: Limits.chatTextBytes + 7)
        driver.paste(text)
        #expect(driver.rows(with: " 7 bytes too long ").count == 1)
        #expect(driver.press(.enter).isEmpty)
        #expect(driver.text.contains("The text is 7 bytes too long"))
        for _ in 0..<7 { driver.press(.backspace) }
        #expect(driver.rows(with: "bytes too long ─").isEmpty)
        driver.press(.enter)
        #expect(driver.press(.enter) == [.session(.say(String(text.dropLast(7)), to: .everyone))])
    }

    @Test(
        "counts what would be sent, and the mark says the same as Enter",
        arguments: [
            ("", 0, "", nil), ("", 0, "\n", nil), ("", 0, " \n ", nil),
            ("", 1, "", "1 byte too long"), ("", 1, "\n", "1 byte too long"), ("", 2, "", "2 bytes too long"),
            ("/", 0, "", nil), ("/", 1, "", "1 byte too long"),
            ("/msg bob ", 0, "", nil), ("/msg bob ", 1, "\n", "1 byte too long"),
            ("/help ", 9, "", nil),
        ] as [(String, Int, String, String?)]
    )
    func countsWhatWould(
        before: String,
        surplus: Int,
        after: String,
        told: String?
    ) {
        var driver = InterfaceDriver(80, 24)
        driver.roster(["bob", "tester"])
        driver.type(before)
        // Of two slashes at the start one is sent.
        let text = (before == "/" ? "/" : "x") + String(repeating: "x", count: Limits.chatTextBytes + surplus - 1)
        driver.paste(text + after)
        #expect(driver.rows(with: " too long ").count == (told == nil ? 0 : 1))
        if let told { #expect(driver.rows(with: " \(told) ").count == 1) }
        #expect(driver.press(.enter).isEmpty)
        #expect(driver.text.contains("The text is ") == (told != nil))
        // What fits is asked about for its length, and can be sent.
        guard told == nil, before != "/help " else { return }
        let recipient = before.hasPrefix("/msg") ? Recipient.user("bob") : .everyone
        #expect(driver.press(.enter) == [.session(.say(text, to: recipient))])
    }

    @Test("quits with Ctrl-C twice, but not by accident")
    func quitsWithCtrl() {
        var driver = InterfaceDriver(80, 24)
        driver.type("half a thought")
        #expect(driver.send(.interrupt).isEmpty)
        #expect(prompt(&driver) == " tester ›")
        #expect(driver.send(.interrupt).isEmpty)
        #expect(prompt(&driver) == " tester › press Ctrl-C again to quit")
        #expect(driver.interface.isCountingDown)
        driver.wait(seconds: 4)
        #expect(prompt(&driver) == " tester ›")
        #expect(driver.send(.interrupt).isEmpty)
        driver.type("x")
        driver.press(.backspace)
        #expect(driver.send(.interrupt).isEmpty)
        driver.wait(seconds: 2)
        #expect(driver.send(.interrupt) == [.session(.quit), .quit])
    }

    @Test("takes Ctrl-C as a key too, suspends with Ctrl-Z and redraws with Ctrl-L")
    func takesCtrlC() {
        var driver = InterfaceDriver(80, 24)
        #expect(driver.press(.character("z"), .control) == [.suspend])
        #expect(driver.press(.character("l"), .control) == [.redraw])
        #expect(driver.press(.character("c"), .control).isEmpty)
        #expect(driver.press(.character("c"), .control) == [.session(.quit), .quit])
    }

    @Test("shows a hint until something is typed")
    func showsHintUntil() {
        var driver = InterfaceDriver(80, 24)
        #expect(prompt(&driver) == " tester › type a message, or /help")
        driver.type("x")
        driver.press(.backspace)
        #expect(prompt(&driver) == " tester ›")
    }

    @Test("cuts a long nickname in the prompt and leaves it out on a narrow screen")
    func cutsLongNickname() {
        var driver = InterfaceDriver(60, 16, nickname: "a_nickname_of_a_length")
        driver.type("x")
        #expect(prompt(&driver) == " a_nickname_of_a… › x")
        driver.resize(39, 16)
        #expect(prompt(&driver) == "› x")
        driver.roster(["bob", "tester"])
        driver.press(.backspace)
        driver.enter("/msg bob")
        #expect(prompt(&driver) == "→ bob ›")
    }
}
