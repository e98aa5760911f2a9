internal import ChatInterface
internal import ChatProtocol
internal import ChatSession
internal import Testing

@Suite("What the session needs while something is typed")
struct SessionRequestTests {
    static let requests: [SessionUpdate] = [
        .loginNeeded(reason: SafeText(line: "Your password was changed by the operator.")), .plainPasswordQuestion,
        .plainTextQuestion(reason: SafeText(line: "No sign of encryption.")),
    ]

    private static let online = SessionUpdate.status(
        .online(InterfaceDriver.channel, framing: .netstring, roundTripMilliseconds: nil)
    )

    /// Whether the screen has a form or a question.
    private func isAsked(_ driver: inout InterfaceDriver) -> Bool {
        let text = driver.text
        return text.contains("Enter joins") || text.contains("Send your password?")
            || text.contains("Join without encryption?")
    }

    @Test("opens nothing under a half-typed line, and says what to do", arguments: requests)
    func opensNothingUnder(update: SessionUpdate) {
        var driver = InterfaceDriver(100, 24)
        driver.type("say yes to")
        driver.say(update)
        #expect(driver.type(" bob") == [])
        #expect(!isAsked(&driver))
        #expect(driver.screen.last == " tester › say yes to bob")
        #expect(driver.text.contains("Press Enter on an empty line"))
        driver.send(.interrupt)
        #expect(driver.press(.enter) == [])
        #expect(isAsked(&driver))
    }

    @Test("opens nothing by itself once the chat was there", arguments: requests)
    func opensNothingBy(update: SessionUpdate) {
        var driver = InterfaceDriver(100, 24)
        driver.say(update)
        #expect(!isAsked(&driver))
        #expect(driver.screen.last?.hasPrefix(" tester › Enter ") == true)
        driver.say(update)
        #expect(driver.text.split(separator: "Press Enter on an empty line").count == 2, "said once")
        #expect(driver.enter("/reconnect") == [])
        #expect(isAsked(&driver))
    }

    @Test("says why a login is wanted again, and joins with what is then typed")
    func saysWhyLogin() {
        var driver = InterfaceDriver(100, 24)
        driver.chat("bob", "before")
        driver.type("a draft")
        driver.say(.status(.loggingIn(InterfaceDriver.channel)))
        driver.say(.loginNeeded(reason: SafeText(line: "Your password was changed by the operator.")))
        #expect(driver.screen.first?.hasSuffix("not logged in") == true)
        #expect(driver.text.contains("✗ Your password was changed by the operator."))
        driver.send(.interrupt)
        driver.press(.enter)
        #expect(driver.text.contains("Your password was changed by the operator."))
        driver.type("the new one")
        guard case .session(.login(let credentials))? = driver.press(.enter).first else {
            Issue.record("no login")
            return
        }
        #expect(credentials.nickname == "tester")
        #expect(credentials.password == "the new one")
        driver.say(Self.online)
        #expect(driver.text.contains("before"))
        #expect(driver.screen.last == " tester ›")
    }

    @Test("forgets what was wanted once it is not any more", arguments: requests)
    func forgetsWhatWas(update: SessionUpdate) {
        for status in [Self.online, .status(.ended(reason: "over")), .status(.distrusted(reason: "another"))] {
            var driver = InterfaceDriver(100, 24)
            driver.say(update)
            driver.say(status)
            #expect(driver.press(.enter) == [])
            #expect(!isAsked(&driver))
        }
    }

    @Test("asks at once about a password that was just given")
    func asksAtOnce() {
        var driver = InterfaceDriver(100, 10)
        driver.enter("/password")
        for _ in 1...2 {
            driver.type("long enough")
            driver.press(.enter)
        }
        driver.say(.plainPasswordQuestion)
        #expect(driver.text.contains(" Send your password?"))
        #expect(driver.press(.enter) == [])
        #expect(driver.press(.character("Y")) == [.session(.allowPlainPassword(true))])
        driver.say(.plainPasswordQuestion)
        #expect(!driver.text.contains("Send your password?"), "keys went on meanwhile")
        driver.press(.enter)
        #expect(driver.send(.interrupt) == [.session(.allowPlainPassword(false))])
    }

    @Test("lets keys go nowhere that were pressed before it could be seen")
    func letsKeysGo() {
        var driver = InterfaceDriver(80, 24, nickname: nil, isOnline: false)
        driver.say(.loginNeeded(reason: nil))
        for key in [KeyPress.Key.character("x"), .enter, .escape] {
            #expect(driver.send(.terminal(.key(KeyPress(key)))) == [])
        }
        driver.send(.terminal(.paste("pasted")))
        driver.type("ann")
        #expect(driver.text.contains("Nickname   ann"))
        driver.press(.enter)
        driver.say(.plainPasswordQuestion)
        #expect(driver.send(.terminal(.key(KeyPress(.character("y"))))) == [])
        #expect(driver.type("y") == [.session(.allowPlainPassword(true))])
        driver.say(Self.online)
        driver.send(.terminal(.key(KeyPress(.character("z")))))
        #expect(driver.screen.last == " ann › type a message, or /help")
    }

    @Test("moves nothing in the form under what is typed while the server answers")
    func movesNothingIn() {
        var driver = InterfaceDriver(80, 24, nickname: nil, isOnline: false)
        driver.say(.loginNeeded(reason: nil))
        driver.type("ann")
        driver.press(.enter)
        driver.type("sec")
        driver.say(.loginNeeded(reason: SafeText(line: "The nickname is taken.")))
        driver.type("ret")
        #expect(!driver.text.contains("ret"))
        #expect(driver.text.contains("••••••"))
    }

    @Test("clears a password that could not be read, and says so")
    func clearsPasswordCould() {
        var form = InterfaceDriver(80, 24, nickname: "ann", isOnline: false)
        form.say(.loginNeeded(reason: nil))
        form.type("gr\u{FFFD}n")
        form.send(.terminal(.unreadable))
        #expect(!form.text.contains("•"))
        #expect(form.text.contains("could not be read"))
        var chat = InterfaceDriver(120, 24)
        chat.enter("/password")
        chat.type("gr\u{FFFD}n and more")
        chat.send(.terminal(.unreadable))
        #expect(!chat.text.contains("•"))
        #expect(chat.text.contains("could not be read"))
        #expect(chat.screen.last?.hasPrefix(" new password") == true)
    }

    @Test("says once that a message has what could not be read, and shows where")
    func saysOnceMessage() {
        var driver = InterfaceDriver(100, 24)
        for _ in 1...2 {
            driver.type("gr\u{FFFD}n")
            driver.send(.terminal(.unreadable))
        }
        #expect(driver.screen.last == " tester › gr\u{FFFD}ngr\u{FFFD}n")
        #expect(driver.text.split(separator: "could not be read").count == 2)
    }
}
