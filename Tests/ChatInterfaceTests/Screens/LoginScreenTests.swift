internal import ChatInterface
internal import ChatProtocol
internal import ChatSession
internal import Testing

@Suite("The login screen")
struct LoginScreenTests {
    private func driver(_ columns: Int, _ rows: Int, nickname: String? = nil) -> InterfaceDriver {
        var driver = InterfaceDriver(columns, rows, nickname: nickname, isOnline: false)
        let channel = SessionEvent.Channel(address: "192.0.2.1:6666", isEncrypted: false)
        driver.say(.status(.loggingIn(channel)))
        driver.say(.loginNeeded(reason: nil))
        return driver
    }

    @Test("asks for what is needed")
    func asksForWhat() {
        var driver = driver(80, 24)
        expect(
            &driver,
            shows: """






                          chat-tui · home.example:6666 · not encrypted

                          Nickname   █
                          Password                      only for registered nicknames
                          Color                         ██ you



                          Enter joins · Tab moves · Esc leaves









                """
        )
    }

    @Test("keeps who one is when the password is wrong, and empties its field")
    func keepsWhoOne() {
        var driver = driver(80, 14)
        driver.type("tester")
        driver.press(.tab)
        driver.type("secret")
        driver.press(.tab)
        driver.type("#D333FF")
        driver.press(.enter)
        driver.say(.loginNeeded(reason: SafeText(line: "The password is wrong."), refusal: .passwordWrong))
        expect(
            &driver,
            shows: """

                          chat-tui · home.example:6666 · not encrypted

                          Nickname   tester
                          Password   █                  only for registered nicknames
                          Color      #D333FF            ██ tester

                          The password is wrong.
                          Type the nickname's password, or choose another nickname.

                          Enter joins · Tab moves · Esc leaves



                """
        )
    }

    @Test("asks before it sends a password where others can read it")
    func asksBeforeSends() {
        var driver = driver(80, 14, nickname: "tester")
        driver.type("secret")
        driver.press(.enter)
        driver.say(.plainPasswordQuestion)
        expect(
            &driver,
            shows: """

                          chat-tui · home.example:6666 · not encrypted

                          Nickname   tester
                          Password   ••••••█            only for registered nicknames
                          Color      #D333FF            ██ tester

                          Send your password? The connection is not encrypted: others
                          on the way could read it.

                          y sends it · n does not



                """
        )
        let style = Theme().warning
        #expect(driver.interface.view().styledText.contains("‹\(style)|not encrypted›"))
    }

    @Test("fits 30x8")
    func fits30x8() {
        var driver = driver(30, 8, nickname: "tester")
        driver.type("secret")
        driver.press(.enter)
        driver.say(
            .loginNeeded(
                reason: SafeText(line: "The password is wrong, and that is a long story."),
                refusal: .passwordWrong
            )
        )
        expect(
            &driver,
            shows: """

                home.example:… · not encrypted
                Nickname   tester
                Password   █
                Color      #D333FF
                The password is wrong, and
                that is a long story.

                """
        )
        driver.say(.loginNeeded(reason: nil))
        #expect(driver.text.contains("Enter joins · Esc leaves"))
    }

    @Test("gives no advice about a password that nobody may try at the moment")
    func givesNoAdvice() {
        var driver = driver(80, 14, nickname: "tester")
        driver.press(.enter)
        let reason = SafeText(line: "Too many wrong passwords. Please try again in 22 s.")
        driver.say(.loginNeeded(reason: reason, refusal: .throttled))
        #expect(driver.text.contains("try again in 22 s."))
        #expect(!driver.text.contains("Type the nickname's password"))
    }

    @Test("says what is wrong with a field only until it is changed")
    func forgetsMistake() {
        for isPasted in [false, true] {
            var driver = driver(80, 14)
            driver.type("1")
            driver.press(.enter)
            #expect(driver.text.contains("A nickname starts with a letter."))
            driver.send(.interrupt)
            _ = isPasted ? driver.paste("ann") : driver.type("ann")
            #expect(!driver.text.contains("A nickname starts with a letter."))
        }
    }

    @Test("fits 20x4")
    func fits20x4() {
        var driver = driver(20, 4, nickname: "tester")
        driver.say(.loginNeeded(reason: SafeText(line: "The password is wrong."), refusal: .passwordWrong))
        expect(
            &driver,
            shows: """
                Name  tester
                Pass  █
                Color #D333FF
                The password is
                """
        )
    }

    @Test("never shows a password")
    func neverShowsPassword() {
        var driver = driver(80, 24, nickname: "tester")
        driver.type("geheim")
        driver.paste("nochmehr")
        let grid = driver.interface.view()
        #expect(!grid.text.contains("geheim"))
        #expect(!grid.text.contains("nochmehr"))
        #expect(grid.text.contains("••••••"))
    }

    @Test("shows the color as it is typed")
    func showsColorAs() {
        var driver = driver(80, 24)
        driver.type("tester")
        driver.press(.up)
        driver.type("#GG")
        #expect(driver.text.contains("#RRGGBB or a name"))
        for _ in 0..<3 { driver.press(.backspace) }
        driver.type("teal")
        #expect(driver.text.contains("██ tester"))
    }
}
