internal import ChatProtocol
internal import ChatSession
internal import Testing

@Suite("A password on a connection that others can read")
struct PlainPasswordTests {
    @Test("waits for a yes, which holds from then on")
    func yes() throws {
        var script = SessionScript(nickname: nil)
        try script.expect(
            """
            start
                status connecting
                open
            opened plain
                status logging in at server:6666
                login needed
            login ann secret
                status logging in at server:6666
                password in plain text?
            allow yes
                status logging in at server:6666
                set login 20000
                > CON,nickname=ann;password=secret;color=#FFFFFF;framing=netstring,
            """
        )
        try script.prepare("< CONVER,@;framing=netstring,OK\nclosed gone")
        try script.expect(
            """
            timer reconnect
                status connecting
                open
            opened plain
                status logging in at server:6666
                set login 20000
                > CON,nickname=ann;password=secret;color=#FFFFFF;framing=netstring,
            """
        )
    }

    @Test("is not sent after a no, and forgotten")
    func no() throws {
        var script = SessionScript(nickname: nil)
        try script.prepare("start\nopened plain\nlogin ann secret")
        try script.expect(
            """
            allow no
                login needed: Nothing was sent. You can join without it, or leave.
            login ann
                status logging in at server:6666
                set login 20000
                > CON,nickname=ann;password=;color=#FFFFFF;framing=netstring,
            """
        )
        #expect(!script.sent.contains { "\($0)".contains("secret") })
    }

    @Test("a guest is not asked, nor is anybody on an encrypted or local connection")
    func noQuestion() throws {
        for (channel, password) in [
            (SessionEvent.Channel(address: "a", isEncrypted: false), ""),
            (SessionEvent.Channel(address: "a", isEncrypted: true), "secret"),
            (SessionEvent.Channel(address: "a", isEncrypted: false, isLocal: true), "secret"),
        ] {
            var session = Session(
                credentials: Credentials(nickname: "ann", password: password, color: .white),
                seed: 1
            )
            _ = session.handle(.start, at: Timestamp(unixMilliseconds: 0))
            let effects = session.handle(.opened(channel), at: Timestamp(unixMilliseconds: 0))
            #expect(!effects.contains(.update(.plainPasswordQuestion)))
            let passwords = effects.compactMap { effect in
                if case .send(.connect(let login)) = effect { login.password } else { nil }
            }
            #expect(passwords == [password])
        }
    }

    @Test("an answer that comes when the connection is gone is good for the next one")
    func lateAnswer() throws {
        var script = SessionScript(nickname: nil)
        try script.prepare("start\nopened plain\nlogin ann secret\nclosed tired of waiting")
        try script.expect(
            """
            allow yes
                status connecting
                open
            opened plain
                status logging in at server:6666
                set login 20000
                > CON,nickname=ann;password=secret;color=#FFFFFF;framing=netstring,
            """
        )
    }

    @Test("is asked about on a reconnect that is less private than what was before")
    func reconnect() throws {
        var script = SessionScript(nickname: nil)
        try script.prepare(
            "start\nopened\nlogin ann secret\n< CONVER,@;framing=netstring,OK\nclosed gone\ntimer reconnect"
        )
        try script.expect(
            """
            opened plain
                status logging in at server:6666
                password in plain text?
            closed tired of waiting
            allow no
                login needed: Nothing was sent. You can join without it, or leave.
            """
        )
        #expect(script.sent.count { if case .connect = $0 { true } else { false } } == 1)
    }

    @Test("a change of it waits too, and nothing else does")
    func change() throws {
        var script = SessionScript()
        try script.prepare("start\nopened plain\n< CONVER,@;framing=netstring,OK")
        try script.expect(
            """
            color #00FF00
                > UPDATE,color=#00FF00,
            password new
                password in plain text?
            allow no
                notice Your password stays as it is.
            password new
                password in plain text?
            allow yes
                > UPDATE,password=new,
            password newer
                > UPDATE,password=newer,
            allow yes
            """
        )
    }

    @Test("a change that was held changes nothing when the connection is gone")
    func heldChange() throws {
        var script = SessionScript()
        try script.prepare("start\nopened plain\n< CONVER,@;framing=netstring,OK\npassword new\nclosed gone")
        try script.expect(
            """
            allow yes
                notice! You are not connected: your password stays as it is.
            """
        )
    }
}

@Suite("A server that is not trusted")
struct DistrustTests {
    @Test("is left alone until the user asks")
    func stops() throws {
        var script = SessionScript()
        try script.expect(
            """
            start
                status connecting
                open
            distrusted it has changed
                notice! Look: it has changed
                status distrusted: it has changed
            """
        )
        #expect(script.timers.isEmpty)
        try script.expect(
            """
            reconnect
                status connecting
                open
            """
        )
    }

    @Test("is warned of in full once, until it is trusted again or something else is wrong")
    func warnsOnce() throws {
        var script = SessionScript()
        try script.prepare("start\ndistrusted it has changed\nreconnect")
        try script.expect(
            """
            distrusted it has changed
                notice! Still not trusted, for the reason above. Nothing was sent.
                status distrusted: it has changed
            reconnect
                status connecting
                open
            distrusted it is outdated
                notice! Look: it is outdated
                status distrusted: it is outdated
            """
        )
        try script.prepare("reconnect\nopened\n< CONVER,@;framing=netstring,OK\nclosed gone\ntimer reconnect")
        try script.expect(
            """
            distrusted it is outdated
                notice! Look: it is outdated
                status distrusted: it is outdated
            """
        )
    }

    @Test("stops a reconnect, and what was typed meanwhile waits")
    func reconnecting() throws {
        var script = SessionScript()
        try script.prepare("start\nopened\n< CONVER,@;framing=netstring,OK\nclosed gone\nsay later\ntimer reconnect")
        try script.expect(
            """
            distrusted it has changed
                notice! Look: it has changed
                status distrusted: it has changed
            """
        )
        #expect(script.timers[.reconnect] == nil)
        #expect(!script.sent.contains { if case .chat = $0 { true } else { false } })
    }
}
