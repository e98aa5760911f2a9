internal import ChatInterface
internal import ChatProtocol
internal import ChatSession
internal import Testing

@Suite("The help")
struct HelpScreenTests {
    @Test("is readable at 80x24")
    func readableAt80x24() {
        var driver = InterfaceDriver(80, 24)
        driver.press(.function(2))
        driver.enter("/help")
        expect(
            &driver,
            shows: """
                 everyone                                       home.example:6666 · tls · 12 ms
                ────────────────────────────────────────────────────────────────────────────────
                 Commands                                               PgUp, PgDn · Esc closes
                 /msg [NICK] [text]         Say something to one person only.
                 /nick NAME                 Change your nickname.
                 /color [COLOR]             Change the color of your name.
                 /password                  Change your password, or register.
                 /refresh                   Ask the server for the recent messages again.
                 /users                     List who is here.
                 /kick NICK [reason]        Throw somebody out (admins only).
                 /ban NICK [time] [reason]  Throw somebody out and keep them out (admins only).
                 /unban NICK                Let somebody come back (admins only).
                 /bans                      List who is banned (admins only).
                 /clear                     Empty the message pane.
                 /reconnect                 Connect again now instead of waiting.
                 /help [command]            Show this help, or more about one command.
                 /quit                      Leave the chat and end the program.
                 //text                     Send a line that starts with a slash.

                 Keys
                 Enter                      Send.
                 Alt-Enter                  Start a new line in the message.
                ────────────────────────────────────────────────────────────────────────────────
                 tester › █
                """
        )
    }

    @Test("is readable at 30x8, and scrolls")
    func readableAt30x8() {
        var driver = InterfaceDriver(30, 8)
        driver.press(.function(1))
        expect(
            &driver,
            shows: """
                 everyone         tls · 12 ms
                ──────────────────────────────
                 Commands          Esc closes
                 /msg [NICK] [text]
                   Say something to one
                   person only.
                 /nick NAME
                › type a message, or /help
                """
        )
        driver.press(.pageDown)
        expect(
            &driver,
            shows: """
                 everyone         tls · 12 ms
                ──────────────────────────────
                 Commands          Esc closes
                 /nick NAME
                   Change your nickname.
                 /color [COLOR]
                   Change the color of your
                › type a message, or /help
                """
        )
        for _ in 0..<100 { driver.press(.down) }
        let end = driver.text
        #expect(end.contains("quit."))
        driver.send(.terminal(.wheel(lines: 3, row: 3, column: 3)))
        #expect(driver.text == end)
        driver.press(.home, .alt)
        #expect(driver.screen[3] == " /msg [NICK] [text]")
    }

    @Test("tells more about one command")
    func tellsMoreAbout() {
        var driver = InterfaceDriver(60, 14)
        driver.press(.function(2))
        driver.enter("/help msg")
        expect(
            &driver,
            shows: """
                 everyone                   home.example:6666 · tls · 12 ms
                ────────────────────────────────────────────────────────────
                 /msg                                            Esc closes
                 /msg [NICK] [text]  Say something to one person only.

                 Without text, everything typed from then on goes to that
                 person; the prompt shows it.
                 /msg, or Esc on an empty line, goes back to everyone.
                 A nickname with spaces is written in quotes: /msg "bob
                 smith" hello. Tab does that by itself.


                ────────────────────────────────────────────────────────────
                 tester › █
                """
        )
    }

    @Test("closes with Esc, F1, or Enter on an empty line, and lets typing go on")
    func closesWithEsc() {
        var driver = InterfaceDriver(80, 24)
        driver.chat("bob", "behind it")
        let before = driver.text
        for key in [KeyPress.Key.escape, .function(1), .enter] {
            driver.press(.function(1))
            #expect(driver.text.contains("Esc closes"))
            driver.press(key)
            #expect(driver.text == before)
        }
        driver.press(.function(1))
        driver.type("hello")
        #expect(driver.text.contains("Esc closes"))
        #expect(driver.text.contains("› hello"))
        #expect(driver.press(.enter) == [.session(.say("hello", to: .everyone))])
        #expect(!driver.text.contains("Esc closes"))
    }
}
