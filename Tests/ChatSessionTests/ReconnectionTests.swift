internal import ChatProtocol
internal import Testing

@testable internal import ChatSession

@Suite("A session that loses its connection")
struct ReconnectionTests {
    @Test("comes back later and later, and forgets the delay once a connection lasted")
    func backoff() throws {
        var script = SessionScript()
        try script.expect(
            """
            start
                status connecting
                open
            openFailed Nobody answers.
                status waiting 783 ms, attempt 1: Nobody answers.
                set reconnect 783
            timer reconnect
                status connecting
                open
            openFailed Nobody answers.
                status waiting 1746 ms, attempt 2: Nobody answers.
                set reconnect 1746
            timer reconnect
                status connecting
                open
            openFailed Nobody answers.
                status waiting 3942 ms, attempt 3: Nobody answers.
                set reconnect 3942
            timer reconnect
                status connecting
                open
            openFailed Nobody answers.
                status waiting 5777 ms, attempt 4: Nobody answers.
                set reconnect 5777
            timer reconnect
                status connecting
                open
            openFailed Nobody answers.
                status waiting 11554 ms, attempt 5: Nobody answers.
                set reconnect 11554
            timer reconnect
                status connecting
                open
            openFailed Nobody answers.
                status waiting 28207 ms, attempt 6: Nobody answers.
                set reconnect 28207
            timer reconnect
                status connecting
                open
            openFailed Nobody answers.
                status waiting 56321 ms, attempt 7: Nobody answers.
                set reconnect 56321
            timer reconnect
                status connecting
                open
            openFailed Nobody answers.
                status waiting 45692 ms, attempt 8: Nobody answers.
                set reconnect 45692
            reconnect
                cancel reconnect
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
            wait 29000
            closed The server closed the connection.
                cancel answer
                status waiting 5142 ms, attempt 4: The server closed the connection.
                set reconnect 5142
            timer reconnect
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
            wait 31000
            closed The server closed the connection.
                cancel answer
                status waiting 897 ms, attempt 1: The server closed the connection.
                set reconnect 897
            """
        )
    }

    @Test("gives a server that answers no login up")
    func loginTimeout() throws {
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
            timer login
                notice! The server has not answered the login for 20 s. It may only be slow: what you write waits, up to 3 minutes. /reconnect hangs up at once.
                set login 160000
            timer login
                hang up after an answer
                status waiting 783 ms, attempt 1: The server took the connection but does not answer the login.
                set reconnect 783
            """
        )
    }

    @Test("asks about plain text after a second try that shows nothing, and takes a no for a no")
    func encryptionInDoubt() throws {
        var script = SessionScript()
        try script.prepare("start")
        try script.expect(
            """
            doubt The server does not answer in TLS.
                status waiting 783 ms, attempt 1: The server does not answer in TLS.
                set reconnect 783
            timer reconnect
                status connecting
                open
            doubt The server does not answer in TLS.
                status ended: The server does not answer in TLS.
                plain text? The server does not answer in TLS.
            plain no
                notice Nothing was sent. /reconnect tries again.
            reconnect
                status connecting
                open
            doubt The server does not answer in TLS.
                status ended: The server does not answer in TLS.
                plain text? The server does not answer in TLS.
            plain yes
                status connecting
                open, in plain text if need be
            plain no
            opened plain
                status logging in at server:6666
                set login 20000
                > CON,nickname=ann;password=;color=#D333FF;framing=netstring,
            """
        )
    }

    @Test("does not put into the timeline what a server says at every attempt")
    func fullServer() throws {
        var script = SessionScript()
        try script.prepare("start\nopened")
        let full = "The server is full. Please try again later."
        try script.expect(
            """
            < WARN,@,\(full)
            closed The server closed the connection.
                cancel login
                status waiting 783 ms, attempt 1: The server closed the connection: \(full)
                set reconnect 783
            """
        )
        try script.prepare("timer reconnect\nopened\n< WARN,@,Be patient.")
        #expect(try script.perform("< CONVER,@;framing=netstring,OK").contains("notice! Be patient."))
    }

    @Test("says that no chat server answers, however the connection ends")
    func noChat() throws {
        let told = "This seems to be no chat server: what it sends can't be read. Check the address and the port."
        for (number, end) in ["closed Cut off.", "timer login"].enumerated() {
            var script = SessionScript()
            try script.prepare("start\nopened")
            #expect(try script.perform("unreadable A message starts with letters and a comma.").isEmpty)
            let status = try script.perform(end).first { $0.hasPrefix("status") }
            #expect(status?.hasSuffix(": \(told)") == true, "\(number)")
        }
    }

    @Test("waits for the server to notice that its old connection is dead")
    func ghost() throws {
        var script = SessionScript()
        try script.prepare(
            """
            start
            opened
            < CONVER,@;framing=netstring,OK
            closed The connection was cut off.
            timer reconnect
            """
        )
        try script.expect(
            """
            opened
                status logging in at server:6666
                set login 20000
                > CON,nickname=ann;password=;color=#D333FF;framing=netstring,
            < CONVER,@,Error: User is already logged in
                cancel login
                status waiting 1746 ms, attempt 2: The server still holds your old connection.
                set reconnect 1746
            timer reconnect
                status logging in at server:6666
                set login 20000
                > CON,nickname=ann;password=;color=#D333FF;framing=netstring,
            < CONVER,@,Error: User is already logged in
                cancel login
                status waiting 3942 ms, attempt 3: The server still holds your old connection.
                set reconnect 3942
            closed The server closed the connection.
                status waiting 5777 ms, attempt 4: The server closed the connection.
                set reconnect 5777
            timer reconnect
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
            """
        )
    }

    @Test("tries again where only others' guesses, or much work, are in the way")
    func passing() throws {
        var script = SessionScript()
        try script.prepare(
            "start\nopened\n< CONVER,@;framing=netstring,OK\nclosed The connection was cut off.\ntimer reconnect\nopened"
        )
        try script.expect(
            """
            < CONVER,@,Error: Too many wrong passwords. Please try again in 30 s
                cancel login
                status waiting 1746 ms, attempt 2: Too many wrong passwords. Please try again in 30 s
                set reconnect 1746
            """
        )
    }

    @Test("asks for another nickname where the old connection never goes away")
    func eternalGhost() throws {
        var script = SessionScript()
        try script.prepare("start\nopened\n< CONVER,@,OK\nclosed The connection was cut off.\ntimer reconnect\nopened")
        for _ in 1...8 {
            try script.prepare("< CONVER,@,Error: User is already logged in\ntimer reconnect")
        }
        try script.expect(
            """
            < CONVER,@,Error: User is already logged in
                cancel login
                status logging in at server:6666
                login needed (nickname-in-use): ann is here already: choose another nickname. If that is you, on a connection that was lost, press Enter again in a minute.
            login ann2
                status logging in at server:6666
                set login 20000
                > CON,nickname=ann2;password=;color=#FFFFFF;framing=netstring,
            < CONVER,@,Error: User is already logged in
                cancel login
                status logging in at server:6666
                login needed (nickname-in-use): ann2 is here already: choose another nickname. If that is you, on a connection that was lost, press Enter again in a minute.
            """
        )
    }

    @Test("does not hammer a server that has thrown one out, and comes back when asked to")
    func kicked() throws {
        var script = SessionScript()
        try script.prepare("start\nopened\n< CONVER,@;framing=netstring,OK")
        try script.expect(
            """
            < WARN,@,You have been kicked for reason: spamming, stop
                cancel pong
                + WARN You have been kicked for reason: spamming, stop
                close
                cancel ping
                cancel replay
                status ended: You have been thrown out: /reconnect tries to come back.
            closed The server closed the connection.
            say still here?
                + (pending) !ann: still here?
            reconnect
                status connecting
                open
            """
        )
    }

    @Test("comes back when a closing server asks for it, or up to as long after that, once")
    func asked() throws {
        var script = SessionScript()
        try script.prepare("start\nopened\n< CONVER,@;framing=netstring,OK")
        try script.expect(
            """
            < WARN,@;reconnect=20,The server is closing.
                cancel pong
                + WARN The server is closing.
            closed The server closed the connection.
                cancel ping
                cancel replay
                status waiting 31331 ms, attempt 1: The server closed the connection: The server is closing.
                set reconnect 31331
            timer reconnect
                status connecting
                open
            openFailed Nobody answers.
                status waiting 1746 ms, attempt 2: Nobody answers.
                set reconnect 1746
            """
        )
    }

    @Test("ten thousand who are asked at once come back in no more than three hundred a second")
    func spread() {
        var returns: [Int: Int] = [:]
        for seed in 0..<10_000 {
            var random = RandomSource(seed: UInt64(seed))
            var backoff = Backoff()
            returns[backoff.next(afterSeconds: 51, using: &random) / 1000, default: 0] += 1
        }
        #expect(returns.keys.min() == 51)
        #expect((returns.values.max() ?? 0) < 300)
    }

    @Test("no server keeps anybody away for longer than ten minutes", arguments: [Int.min, -1, 0, 1, 300, Int.max])
    func bound(seconds: Int) {
        var random = RandomSource(seed: 1)
        var backoff = Backoff()
        #expect((1000...600_000).contains(backoff.next(afterSeconds: seconds, using: &random)))
    }

    @Test("says why the server closed, where it said so, and comes back")
    func serverCloses() throws {
        var script = SessionScript()
        try script.prepare("start\nopened\n< CONVER,@;framing=netstring,OK")
        try script.expect(
            """
            < WARN,@,The server is closing in 5 seconds.
                cancel pong
                + WARN The server is closing in 5 seconds.
            closed The server closed the connection.
                cancel ping
                cancel replay
                status waiting 783 ms, attempt 1: The server closed the connection: The server is closing in 5 seconds.
                set reconnect 783
            """
        )
    }
}
