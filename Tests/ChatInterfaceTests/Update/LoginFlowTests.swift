internal import ChatInterface
internal import ChatProtocol
internal import ChatSession
internal import Testing

@Suite("Logging in")
struct LoginFlowTests {
    private func driver(nickname: String? = nil) -> InterfaceDriver {
        var driver = InterfaceDriver(80, 24, nickname: nickname, isOnline: false)
        driver.say(.status(.connecting))
        driver.say(.status(.loggingIn(InterfaceDriver.channel)))
        driver.say(.loginNeeded(reason: nil))
        return driver
    }

    @Test("goes from field to field and joins with Enter")
    func goesFromField() {
        var driver = driver()
        driver.type("ann")
        driver.press(.tab)
        driver.type("secret")
        driver.press(.down)
        driver.type("#0F0")
        let color = ChatColor("#0F0") ?? .white
        #expect(
            driver.press(.enter) == [.session(.login(Credentials(nickname: "ann", password: "secret", color: color)))]
        )
        #expect(driver.text.contains("joining…"))
        #expect(driver.press(.enter).isEmpty, "an answer is awaited")
        driver.say(.status(.online(InterfaceDriver.channel, framing: .netstring, roundTripMilliseconds: nil)))
        #expect(
            driver.say(.identity(nickname: "ann", color: color)) == [.remember(nickname: "ann", color: color)]
        )
        #expect(driver.screen.last == " ann › type a message, or /help")
    }

    @Test("goes back with Shift-Tab and around")
    func goesBackWith() {
        var driver = driver()
        driver.press(.tab, .shift)
        driver.type("red")
        driver.press(.up)
        driver.press(.up)
        driver.type("bob")
        driver.press(.tab)
        driver.press(.tab)
        driver.press(.tab)
        driver.type("by")
        let credentials = Credentials(nickname: "bobby", color: ChatColor("#E53E3E") ?? .white)
        #expect(driver.press(.enter) == [.session(.login(credentials))])
    }

    @Test("gives those who choose no color always the same")
    func givesThoseWho() {
        var driver = driver()
        driver.type("ann")
        #expect(
            driver.press(.enter) == [
                .session(.login(Credentials(nickname: "ann", color: .automatic(for: "ann"))))
            ]
        )
    }

    @Test(
        "says what is wrong before it asks the server",
        arguments: [
            ("", "A nickname is needed."), ("x", "2 to 16"), ("1abc", "starts with a letter"),
            ("seventeen_letters", "2 to 16"),
        ]
    )
    func saysWhatWrong(nickname: String, problem: String) {
        var driver = driver()
        driver.type(nickname)
        #expect(driver.press(.enter).isEmpty)
        #expect(driver.text.contains(problem))
    }

    @Test("says when a color is none, and goes to it")
    func saysWhenColor() {
        var driver = driver(nickname: "ann")
        driver.press(.tab)
        driver.send(.interrupt)
        driver.type("nocolor")
        driver.press(.tab)
        #expect(driver.press(.enter).isEmpty)
        #expect(driver.text.contains("A color is #RRGGBB"))
        driver.send(.interrupt)
        driver.type("blue")
        #expect(driver.press(.enter).count == 1)
    }

    @Test("keeps what was typed when it is refused, and starts at what is wrong")
    func keepsWhatWas() {
        var driver = driver()
        driver.type("ann")
        driver.press(.tab)
        driver.type("wrong")
        driver.press(.enter)
        driver.say(.loginNeeded(reason: SafeText(line: "Error: the password is wrong"), refusal: .passwordWrong))
        #expect(driver.text.contains("Error: the password is wrong"))
        driver.type("right")
        let credentials = Credentials(nickname: "ann", password: "right", color: .automatic(for: "ann"))
        #expect(driver.press(.enter) == [.session(.login(credentials))])
        driver.say(.loginNeeded(reason: SafeText(line: "Error: the nickname is taken"), refusal: .nicknameInUse))
        driver.type("a")
        let second = Credentials(nickname: "anna", password: "right", color: .automatic(for: "anna"))
        #expect(driver.press(.enter) == [.session(.login(second))])
    }

    @Test(
        "empties a wrong password, and starts at what was refused, whatever the words",
        arguments: [
            ("Not so.", .passwordWrong, 0, false), ("Not so.", .nicknameRegistered, 6, false),
            ("Too many wrong passwords. Please try again in 21 s", .throttled, 6, false),
            ("ann looks like annа, who is registered", .nicknameLookalike, 6, true),
            ("No password!", .nicknameInUse, 6, true),
            ("Something else", nil, 6, false),
        ] as [(String, Refusal?, Int, Bool)]
    )
    func emptiesPasswordWhere(reason: String, refusal: Refusal?, dots: Int, isNickname: Bool) {
        var driver = driver(nickname: "ann")
        driver.type("secret")
        driver.press(.enter)
        driver.say(.loginNeeded(reason: SafeText(line: reason), refusal: refusal))
        #expect(driver.text.count { $0 == "•" } == dots)
        driver.type("z")
        #expect(driver.text.contains("Nickname   annz") == isNickname)
    }

    @Test("starts at the password where the nickname is known")
    func startsAtPassword() {
        var driver = driver(nickname: "ann")
        driver.type("secret")
        #expect(driver.text.contains("••••••"))
    }

    @Test("leaves with Esc, and with Ctrl-C twice")
    func leavesWithEsc() {
        var driver = driver()
        #expect(driver.press(.escape) == [.session(.quit), .quit])
        driver.type("ann")
        #expect(driver.send(.interrupt).isEmpty)
        #expect(driver.send(.interrupt).isEmpty)
        #expect(driver.text.contains("press Ctrl-C again to quit"))
        #expect(driver.send(.interrupt) == [.session(.quit), .quit])
    }

    /// A form with a password, about which is asked.
    private func asked() -> InterfaceDriver {
        var driver = driver(nickname: "ann")
        driver.type("secret")
        driver.press(.enter)
        driver.say(.plainPasswordQuestion)
        return driver
    }

    @Test("sends a password where others can read it after a yes only")
    func sendsPasswordWhere() {
        var driver = asked()
        #expect(driver.type("my").isEmpty)
        #expect(driver.text.contains("(Enter first) y sends it"))
        driver.paste("more")
        #expect(driver.press(.enter).isEmpty)
        #expect(driver.press(.tab).isEmpty)
        #expect(driver.text.contains("Send your password?"))
        #expect(driver.press(.character("y")) == [.session(.allowPlainPassword(true))])
        #expect(driver.text.contains("joining…"))
    }

    @Test("forgets a password that is not to be sent, however one says no")
    func forgetsPasswordNot() {
        for answer in [KeyPress.Key.character("n"), .escape, nil] {
            var driver = asked()
            let effects = answer.map { driver.press($0) } ?? driver.send(.interrupt)
            #expect(effects == [.session(.allowPlainPassword(false))])
            driver.say(.loginNeeded(reason: SafeText(line: "Nothing was sent.")))
            #expect(driver.text.contains("Nothing was sent."))
            #expect(!driver.text.contains("••"))
            #expect(
                driver.press(.enter) == [
                    .session(.login(Credentials(nickname: "ann", color: ChatColor("#D333FF") ?? .white)))
                ]
            )
        }
    }

    @Test("asks before it joins a server that may have no encryption")
    func asksWithoutEncryption() {
        var driver = InterfaceDriver(100, 10, isOnline: false)
        driver.say(.status(.ended(reason: "server:6666 does not answer in TLS.")))
        driver.say(.plainTextQuestion(reason: SafeText(line: "server:6666 does not answer in TLS.")))
        #expect(driver.text.contains("server:6666 does not answer in TLS."))
        #expect(driver.text.contains("Join without encryption?"))
        #expect(driver.press(.enter).isEmpty)
        #expect(driver.press(.character("y")) == [.session(.allowPlainText(true))])
        for answer in [KeyPress.Key.character("n"), .escape, nil] {
            driver.say(.plainTextQuestion(reason: SafeText(line: "No sign.")))
            let effects = answer.map { driver.press($0) } ?? driver.send(.interrupt)
            #expect(effects == [.session(.allowPlainText(false))])
            #expect(!driver.text.contains("Join without encryption?"))
        }
    }

    @Test("shows why a server is not trusted in place of the form")
    func showsWhyServer() {
        var driver = asked()
        driver.say(.notice(SafeText(block: "WARNING: changed\nbefore  1\nnow     2"), isFailure: true))
        driver.say(.status(.distrusted(reason: "The certificate has changed.")))
        #expect(driver.screen.first?.hasSuffix("The certificate has changed. · /reconnect") == true)
        for part in ["WARNING: changed", "before  1", "now     2"] { #expect(driver.text.contains(part)) }
        #expect(driver.enter("/reconnect") == [.session(.reconnectNow)])
    }

    @Test("keeps what is typed for a server that is not trusted in the input line")
    func keepsWhatTyped() {
        var driver = InterfaceDriver(80, 24)
        driver.say(.status(.distrusted(reason: "The certificate has changed.")))
        #expect(driver.enter("hello").isEmpty)
        #expect(driver.text.contains("Not sent: the server is not trusted."))
        #expect(driver.screen.last == " tester › hello")
        driver.say(.status(.connecting))
        driver.say(.status(.waiting(reason: "nobody answers", milliseconds: 1000, attempt: 1)))
        #expect(driver.press(.enter).isEmpty)
        driver.say(.status(.online(InterfaceDriver.channel, framing: .netstring, roundTripMilliseconds: nil)))
        #expect(driver.press(.enter) == [.session(.say("hello", to: .everyone))])
    }

    @Test("shows the connection's state meanwhile")
    func showsConnectionsState() {
        var driver = InterfaceDriver(80, 24, nickname: nil, isOnline: false)
        driver.say(.loginNeeded(reason: nil))
        #expect(driver.text.contains("connecting…"))
        driver.say(.status(.waiting(reason: "Connection refused", milliseconds: 2000, attempt: 1)))
        #expect(driver.text.contains("Connection refused; next try in 2 s"))
        driver.wait(seconds: 1)
        #expect(driver.text.contains("next try in 1 s"))
        driver.say(.status(.loggingIn(InterfaceDriver.channel)))
        #expect(driver.text.contains("home.example:6666 · tls"))
    }

    @Test("takes a password that is typed before the server asks for it as one")
    func takesPasswordTyped() {
        var driver = driver(nickname: nil)
        driver.type("ann")
        driver.press(.enter)
        driver.type("secret")
        driver.say(.loginNeeded(reason: SafeText(line: "ann is a registered user"), refusal: .nicknameRegistered))
        #expect(!driver.text.contains("secret"))
        guard case .session(.login(let credentials))? = driver.press(.enter).first else {
            Issue.record("no login")
            return
        }
        #expect(credentials.nickname == "ann")
        #expect(credentials.password == "secret")
    }

    @Test("shows why it is over in place of the form")
    func showsWhyOver() {
        var driver = driver(nickname: "ann")
        driver.press(.enter)
        driver.say(.status(.ended(reason: "Encrypted connections only. Leave out --tls off.")))
        #expect(driver.text.contains("✗ Encrypted connections only. Leave out --tls"))
        #expect(driver.enter("/reconnect") == [.session(.reconnectNow)])
    }
}
