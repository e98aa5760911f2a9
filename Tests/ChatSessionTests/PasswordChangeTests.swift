internal import ChatProtocol
internal import Testing

@testable internal import ChatSession

@Suite("A session whose password or nickname is refused")
struct PasswordChangeTests {
    @Test("logs in with the old password when a new one was typed while the server was away")
    func passwordForLater() throws {
        var script = SessionScript(nickname: nil)
        try script.prepare("start\nopened\nlogin ann old\n< CONVER,@;framing=netstring,OK\nclosed gone")
        try script.expect(
            """
            password new
                notice! You are not connected: your password stays as it is.
            timer reconnect
                status connecting
                open
            opened
                status logging in at server:6666
                set login 20000
                > CON,nickname=ann;password=old;color=#FFFFFF;framing=netstring,
            """
        )
    }

    @Test("says that a password may be the new one when the answer was lost")
    func passwordUnanswered() throws {
        var script = SessionScript(nickname: nil)
        try script.prepare("start\nopened\nlogin ann old\n< CONVER,@;framing=netstring,OK\npassword new")
        let lines = try script.perform("closed gone")
        #expect(
            lines.contains(
                "notice! The connection ended before the server answered: "
                    + "your password is the new one or still the old one."
            )
        )
    }

    @Test("decides by the word for a refusal, whatever the sentence says")
    func refusalWords() throws {
        func session(_ events: String) throws -> SessionScript {
            var script = SessionScript()
            try script.prepare("start\nopened\n< CONVER,@;framing=netstring,OK\n" + events)
            return script
        }
        let back = "closed Cut off.\ntimer reconnect\nopened"
        for (word, outcome) in [
            ("nickname-in-use", "The server still holds your old connection."), ("busy", "Nein."),
            ("throttled", "Nein."),
        ] {
            var script = try session(back)
            let last = try script.perform("< CONVER,@;refusal=\(word),Error: Nein.").dropLast().last
            #expect(last?.hasPrefix("status waiting ") == true && last?.hasSuffix(outcome) == true)
        }
        var banned = try session(back)
        let ban = "< CONVER,@;refusal=banned;until=1795350360000,Error: Nein."
        let after = "When that is over, /reconnect joins again."
        #expect(try banned.perform(ban).last == "status ended: Nein. (until 2026-11-22 12:26 local time) \(after)")
        for (key, outcome) in [
            (";until=1795350360000", "You are banned. \(after)"), ("", "You are banned. /quit leaves the chat."),
        ] {
            var banned = try session("")
            #expect(try banned.perform("< WARN,@;refusal=banned\(key),Raus.").last == "status ended: \(outcome)")
        }
        var kicked = try session("")
        #expect(try kicked.perform("< WARN,@;refusal=kicked,Raus.").last?.hasPrefix("status ended: ") == true)
        var absent = try session("tell bob psst\nkick carol why")
        #expect(try absent.perform("< ERR,@;refusal=recipient-absent,Nein.").last?.contains("bob is not here.") == true)
        let notice = "notice! carol is not here: /users shows who is."
        #expect(try absent.perform("< ERR,@;refusal=user-absent,Nein.").last == notice)
        var taken = try session("nick bob")
        let refused = "< CONFIRM,@;reason=UPDATE;refusal=nickname-in-use,Error: Nein."
        #expect(try taken.perform(refused).last == "notice! bob is taken.")
    }

    @Test(
        "asks for a login at once where the password does not hold any more, and says why once",
        arguments: [
            ("password-changed", "The password of your account was changed: log in with the new one."),
            ("nickname-registered", "Your nickname was registered, and needs its password now."),
        ]
    )
    func passwordChanged(word: String, told: String) throws {
        var script = SessionScript()
        try script.prepare("start\nopened\n< CONVER,@;framing=netstring,OK\nsay waits")
        try script.expect(
            """
            < WARN,@;refusal=\(word),Please connect again.
                cancel pong
                close
                cancel ping
                cancel replay
                status connecting
                open
            openFailed Nobody answers.
                status waiting 986 ms, attempt 1: Nobody answers.
                set reconnect 986
            timer reconnect
                status connecting
                open
            opened
                status logging in at server:6666
                login needed (nickname-registered): \(told)
            closed The server closed the connection.
            login ann older
                status connecting
                open
            opened
                status logging in at server:6666
                set login 20000
                > CON,nickname=ann;password=older;color=#FFFFFF;framing=netstring,
            < CONVER,@,Error: User is a registered user
                cancel login
                status logging in at server:6666
                login needed (password-wrong): The password is wrong.
            """
        )
    }
}
