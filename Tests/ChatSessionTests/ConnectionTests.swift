internal import ChatProtocol
internal import ChatSession
internal import Testing

@Suite("A session's connection")
struct ConnectionTests {
    @Test("logs in with netstrings, asks for the history and pings")
    func framedLogin() throws {
        var script = SessionScript()
        try script.expect(
            """
            start
                status connecting
                open
            opened
                status logging in at server:6666
                set login 20000
                > CON,nickname=ann;password=;color=#D333FF;framing=netstring,
            < CONVER,@;framing=netstring,OK
                cancel login
                status online framed
                identity ann #D333FF
                > REF,,
                set replay 20000
                set ping 30000
                > PING,,1
                set pong 90000
            < INFO,@;at=1763812800123;id=7;sender=ann;event=join;color=#D333FF;admin=0,ann has joined the chat!
                cancel pong
                + #7 — ann has joined the chat!
                roster !ann #D333FF
            < USER,@;num=2;admin=1;0=bob;1=ann;color1=#D333FF;2=bob;color2=#00FF00;admin0=bob,
                roster *bob #00FF00, !ann #D333FF
            < CONFIRM,@;reason=REF;more=1,Resending messages...
                set replay 400
            < CHATR,@;id=6;sender=bob;rec=-ALL;color=#00FF00,first
                ^ #6 bob: first
            < INFO,@;at=1763812800123;id=7;sender=ann;event=join;color=#D333FF;admin=0,ann has joined the chat!
            wait 42
            < PONG,@,1
                status online framed 42 ms
            timer replay
                older available
            """
        )
    }

    @Test("falls back to the original's protocol, one request at a time")
    func unframedLogin() throws {
        var script = SessionScript()
        try script.expect(
            """
            start
                status connecting
                open
            opened
                status logging in at server:6666
                set login 20000
                > CON,nickname=ann;password=;color=#D333FF;framing=netstring,
            < CONVER,@,OK
                cancel login
                status online unframed
                identity ann #D333FF
                set answer 1500
            < INFO,@;sender=ann,ann has joined the chat!
                + — ann has joined the chat!
            < USER,@;num=1;admin=2;0=ann;admin0=admin;admin1=root,
                roster !ann #D333FF
                cancel answer
                > REF,,
                set answer 10000
            < CONFIRM,time=2026-11-22 12-00-01;reason=REF,Resending messages...
                cancel answer
                set replay 600
            < INFO,@;sender=ann,ann has joined the chat!
                set replay 600
            < USER,@;num=1;admin=2;0=ann;admin0=admin;admin1=root,
            timer replay
                older none
            """
        )
    }

    @Test("ends where only encrypted connections are taken: no other login would help")
    func encryptedOnly() throws {
        var script = SessionScript()
        try script.prepare("start\nopened plain")
        try script.expect(
            """
            < CONVER,@,Error: This server takes encrypted connections only. Please connect with TLS.
                cancel login
                close
                status ended: This server takes encrypted connections only. Please connect with TLS. Leave out --tls off.
            reconnect
                status connecting
                open
            """
        )
    }

    @Test("asks who one is where nobody said, and asks again on the same connection where the server refuses")
    func refusedLogin() throws {
        var script = SessionScript(nickname: nil)
        try script.expect(
            """
            start
                status connecting
                open
            opened
                status logging in at server:6666
                login needed
            login admin
                status logging in at server:6666
                set login 20000
                > CON,nickname=admin;password=;color=#FFFFFF;framing=netstring,
            < CONVER,@,Error: User is a registered user
                cancel login
                status logging in at server:6666
                login needed (nickname-registered): User is a registered user.
            login admin wrong
                status logging in at server:6666
                set login 20000
                > CON,nickname=admin;password=wrong;color=#FFFFFF;framing=netstring,
            < CONVER,@,Error: User is a registered user
                cancel login
                status logging in at server:6666
                login needed (password-wrong): The password is wrong.
            login admin secret
                status logging in at server:6666
                set login 20000
                > CON,nickname=admin;password=secret;color=#FFFFFF;framing=netstring,
            < CONVER,@,OK
                cancel login
                status online unframed
                identity admin #FFFFFF
                set answer 1500
            """
        )
    }

    @Test("sends nothing that an original server dies of")
    func impossibleLogin() throws {
        var script = SessionScript(nickname: nil)
        try script.prepare("start\nopened")
        #expect(
            script.take(.command(.login(Credentials(nickname: "", color: .white)))) == [
                "login needed: A nickname is needed."
            ]
        )
        let long = Credentials(nickname: "ann", password: String(repeating: ";", count: 500), color: .white)
        #expect(script.take(.command(.login(long))) == ["login needed: The nickname or the password is too long."])
        #expect(script.sent.isEmpty)
    }

    @Test("waits for the user, not for a socket, while a login is asked for")
    func lostWhileAsked() throws {
        var script = SessionScript(nickname: nil)
        try script.expect(
            """
            start
                status connecting
                open
            opened
                status logging in at server:6666
                login needed
            closed The server closed the connection.
            login ann
                status connecting
                open
            opened
                status logging in at server:6666
                set login 20000
                > CON,nickname=ann;password=;color=#FFFFFF;framing=netstring,
            """
        )
    }

    @Test("takes a server for gone that is silent for 90 s after a PING")
    func silence() throws {
        var script = SessionScript()
        try script.prepare("start\nopened\n< CONVER,@;framing=netstring,OK\n< PONG,@,1")
        try script.expect(
            """
            timer ping
                set ping 30000
                > PING,,2
                set pong 90000
            wait 100
            < PONG,@,2
                cancel pong
                status online framed 100 ms
            timer ping
                set ping 30000
                > PING,,3
                set pong 90000
            timer ping
                set ping 30000
                > PING,,4
            < PONG,@,3
                cancel pong
            timer ping
                set ping 30000
                > PING,,5
                set pong 90000
            < PING,@,are you there?
                cancel pong
                > PONG,,are you there?
            timer ping
                set ping 30000
                > PING,,6
                set pong 90000
            timer ping
                set ping 30000
                > PING,,7
            timer ping
                set ping 30000
                > PING,,8
            timer pong
                close
                cancel ping
                cancel replay
                status waiting 783 ms, attempt 1: The server has not answered for 90 s.
                set reconnect 783
            """
        )
    }

    @Test("does not answer an original server's PING, which is none")
    func unframedPing() throws {
        var script = SessionScript()
        try script.prepare("start\nopened\n< CONVER,@,OK")
        try script.expect(
            """
            < PING,@,hello
            """
        )
    }

    @Test("says goodbye before it closes")
    func quit() throws {
        var script = SessionScript()
        try script.prepare("start\nopened\n< CONVER,@;framing=netstring,OK")
        try script.expect(
            """
            quit
                set farewell 2000
                > DISCON,,
            quit
            < CONFIRM,@;reason=DISCON,Disconnected Successfully.
                cancel pong
                close
                cancel ping
                cancel replay
                cancel farewell
                status ended: You left the chat.
                finished
            start
            """
        )
    }

    @Test("waits for what was said before it says goodbye to an original server")
    func unframedQuit() throws {
        var script = SessionScript()
        try script.prepare("start\nopened\n< CONVER,@,OK\ntimer answer\n< CONFIRM,@;reason=REF,OK\ntimer replay")
        try script.expect(
            """
            say one
                + (pending) !ann: one
                > CHAT,rec=-ALL,one
                set answer 10000
            say two
                + (pending) !ann: two
            quit
                set farewell 2000
            < CHATR,@;sender=ann;rec=-ALL;color=#D333FF,one
                ~ !ann: one
                cancel answer
                > CHAT,rec=-ALL,two
                set answer 10000
            < CHATR,@;sender=ann;rec=-ALL;color=#D333FF,two
                ~ !ann: two
                cancel answer
                > DISCON,,
                set answer 10000
            closed The server closed the connection.
                close
                cancel answer
                cancel farewell
                status ended: You left the chat.
                finished
            """
        )
    }

    @Test("leaves without a word where nobody is there to hear it, or answers")
    func shortQuit() throws {
        var waiting = SessionScript()
        try waiting.prepare("start\nopenFailed Nobody answers.")
        try waiting.expect(
            """
            quit
                cancel reconnect
                status ended: You left the chat.
                finished
            """
        )
        var asked = SessionScript(nickname: nil)
        try asked.prepare("start\nopened")
        try asked.expect(
            """
            quit
                close
                status ended: You left the chat.
                finished
            """
        )
        var ignored = SessionScript()
        try ignored.prepare("start\nopened\n< CONVER,@;framing=netstring,OK\nquit")
        try ignored.expect(
            """
            timer farewell
                close
                cancel ping
                cancel pong
                cancel replay
                status ended: You left the chat.
                finished
            """
        )
    }

    @Test("mentions what can't be read once")
    func unreadable() throws {
        var script = SessionScript()
        try script.prepare("start\nopened\n< CONVER,@;framing=netstring,OK")
        try script.expect(
            """
            unreadable Byte 7 is not UTF-8.
                cancel pong
                + ERR The server sent something that can't be read: Byte 7 is not UTF-8.
            unreadable Byte 9 is not UTF-8.
            """
        )
    }
}
