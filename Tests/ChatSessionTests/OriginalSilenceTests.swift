internal import ChatProtocol
internal import ChatSession
internal import Testing

@Suite("An original server that is silent")
struct OriginalSilenceTests {
    private static let slow = """
        notice! The server has not answered for 10 s. It may only be slow: what you write waits, \
        up to 3 minutes. /reconnect hangs up at once.
        """

    @Test("a server that was stopped for a while gets each text as a message of its own, once it goes on")
    func stopped() throws {
        var script = try OriginalServerTests.online()
        try script.expect(
            """
            say one
                + (pending) !ann: one
                > CHAT,rec=-ALL,one
                set answer 10000
            say two
                + (pending) !ann: two
            timer answer
                \(Self.slow)
                set answer 110000
            wait 15000
            say three
                + (pending) !ann: three
            < CHATR,@;sender=ann;rec=-ALL;color=#D333FF,one
                ~ !ann: one
                cancel answer
                notice The server answers again.
                > CHAT,rec=-ALL,two
                set answer 10000
            < CHATR,@;sender=ann;rec=-ALL;color=#D333FF,two
                ~ !ann: two
                cancel answer
                > CHAT,rec=-ALL,three
                set answer 10000
            < CHATR,@;sender=ann;rec=-ALL;color=#D333FF,three
                ~ !ann: three
                cancel answer
            """
        )
    }

    @Test("after minutes the connection is given up, with a goodbye that the server can read by itself")
    func givenUp() throws {
        var script = try OriginalServerTests.online()
        try script.prepare("say one\nsay two\ntimer answer\ntimer answer")
        try script.expect(
            """
            timer answer
                hang up after an answer
                ~ (uncertain: The connection was lost before the server answered. Say it again if nobody has seen it.) !ann: one
                status waiting 722 ms, attempt 1: The server has not answered for 3 minutes.
                set reconnect 722
            """
        )
        #expect(script.timeline.entries.last?.line == "(pending) !ann: two")
    }

    @Test("who does not want to wait hangs up with /reconnect, and not before it takes long")
    func impatience() throws {
        var script = try OriginalServerTests.online()
        try script.expect(
            """
            say one
                + (pending) !ann: one
                > CHAT,rec=-ALL,one
                set answer 10000
            reconnect
                notice You are connected already.
            timer answer
                \(Self.slow)
                set answer 110000
            reconnect
                hang up after an answer
                cancel answer
                ~ (uncertain: The connection was lost before the server answered. Say it again if nobody has seen it.) !ann: one
                status connecting
                open
            """
        )
    }

    @Test("a question that is never answered holds things up for minutes only, as long as the server says other things")
    func unknownRequest() throws {
        var script = try OriginalServerTests.online()
        try script.expect(
            """
            users
                > USER,,
                set answer 10000
            say one
                + (pending) !ann: one
            timer answer
                \(Self.slow)
                set answer 110000
            timer answer
                set answer 60000
            < CHATR,@;sender=bob;rec=-ALL;color=#00FF00,hi
                roster *admin, !ann #D333FF, bob #00FF00
                + bob: hi
            timer answer
                notice! The server did not answer, but it is there: going on without.
                set answer 1500
            timer answer
                > CHAT,rec=-ALL,one
                set answer 10000
            """
        )
    }

    @Test("what the server may have said before it was stopped does not show that it has read anything since")
    func saidBefore() throws {
        var script = try OriginalServerTests.online()
        try script.prepare("refresh\nsay one\n< CHATR,@;sender=bob;rec=-ALL;color=#00FF00,hi\ntimer answer")
        try script.prepare("< CHATR,@;sender=bob;rec=-ALL;color=#00FF00,still here\ntimer answer")
        #expect(script.sent.last == .refresh(HistoryQuery()), "nothing follows into the same socket")
        #expect(try script.perform("timer answer").first == "hang up after an answer")
    }

    @Test("a user list that goes with an INFO is no answer to a question, nor to a kick")
    func listOfOthers() throws {
        let joined = """
            < INFO,time=2026-11-22 12-00-09;sender=eve,eve has joined the chat!
            < USER,time=2026-11-22 12-00-09;num=4;admin=1;0=bob;1=admin;2=ann;3=eve;admin0=admin,
            """
        var script = try OriginalServerTests.online()
        try script.prepare("users\nsay one\n" + joined)
        #expect(script.sent.last == .users)
        try script.prepare("< USER,time=2026-11-22 12-00-09;num=4;admin=1;0=bob;1=admin;2=ann;3=eve;admin0=admin,")
        #expect(script.sent.last == .chat(ChatRequest(recipient: .everyone, text: "one")))

        var kicking = try OriginalServerTests.online()
        try kicking.prepare("kick bob x\nsay one\n" + joined)
        #expect(kicking.sent.last == .kick(KickRequest(user: "bob", reason: "x")))
        try kicking.prepare("< INFO,time=2026-11-22 12-00-10;sender=ann,bob has been kicked by ann")
        try kicking.prepare("< USER,time=2026-11-22 12-00-10;num=3;admin=1;0=admin;1=ann;2=eve;admin0=admin,")
        #expect(kicking.sent.last == .chat(ChatRequest(recipient: .everyone, text: "one")))
    }

    // MARK: Leaving

    @Test("who leaves while a message is on its way says goodbye behind the answer, and never in the same breath")
    func leaving() throws {
        var answered = try OriginalServerTests.online()
        try answered.prepare("say one\nquit\n< CHATR,@;sender=ann;rec=-ALL;color=#D333FF,one")
        #expect(answered.sent.last == .disconnect)
        var script = try OriginalServerTests.online()
        try script.prepare("say one")
        try script.expect(
            """
            quit
                set farewell 2000
            timer farewell
                hang up after an answer
                cancel answer
                ~ (uncertain: The connection was lost before the server answered. Say it again if nobody has seen it.) !ann: one
                status ended: You left the chat.
                finished
            """
        )
    }

    @Test("who leaves while a message is on its way says nothing to a connection that closes meanwhile")
    func closedWhileLeaving() throws {
        var script = try OriginalServerTests.online()
        try script.prepare("say one\nquit")
        try script.expect(
            """
            closed The connection was cut off.
                close
                cancel answer
                ~ (uncertain: The connection was lost before the server answered. Say it again if nobody has seen it.) !ann: one
                cancel farewell
                status ended: You left the chat.
                finished
            """
        )
    }

    @Test("who leaves while the login is on its way says goodbye once it is through")
    func leavingEarly() throws {
        var script = SessionScript()
        try script.prepare("start\nopened")
        try script.expect(
            """
            quit
                set farewell 2000
            < CONVER,@,OK
                cancel login
                > DISCON,,
                set answer 10000
            < CONFIRM,@;reason=DISCON,Disconnected Successfully.
                close
                cancel answer
                cancel farewell
                status ended: You left the chat.
                finished
            """
        )
        var refused = SessionScript()
        try refused.prepare("start\nopened\nquit")
        #expect(try refused.perform("< CONVER,@,Error: User is already logged in").last == "finished")
        var silent = SessionScript()
        try silent.prepare("start\nopened\nquit")
        #expect(try silent.perform("timer farewell").first == "hang up after an answer")
    }

    // MARK: Being thrown out

    private static let thrownOut = "You have been kicked for reason: spamming, stop"

    @Test("being kicked leaves the connection open until something is said there, and then is the end")
    func kicked() throws {
        var script = try OriginalServerTests.online()
        try script.expect(
            """
            < WARN,@,\(Self.thrownOut)
                + WARN \(Self.thrownOut)
                > USER,,
                set answer 10000
            closed The server closed the connection.
                close
                cancel answer
                status ended: You have been thrown out: /reconnect tries to come back.
            """
        )
    }

    @Test("a line that only looks like a kick ends nothing, however often it comes")
    func forged() throws {
        var script = try OriginalServerTests.online()
        try script.expect(
            """
            < WARN,@,\(Self.thrownOut)
                + WARN \(Self.thrownOut)
                > USER,,
                set answer 10000
            < WARN,@,\(Self.thrownOut)
                + WARN \(Self.thrownOut)
            < USER,@;num=3;admin=1;0=bob;1=admin;2=ann;admin0=admin,
                roster *admin, !ann #D333FF, bob
                notice You are still in the chat: on a server of this kind anybody can write such a line.
                cancel answer
            closed The connection was cut off.
                status waiting 783 ms, attempt 1: The server closed the connection: \(Self.thrownOut)
                set reconnect 783
            """
        )
    }

    @Test("a suspicion ends with the request that looks into it, whatever the answer is")
    func answeredOtherwise() throws {
        var script = try OriginalServerTests.online()
        _ = try script.perform("< WARN,@,\(Self.thrownOut)")
        _ = try script.perform("< ERR,@,Error: no such thing")
        let effects = try script.perform("closed The connection was cut off.")
        #expect(effects.contains { $0.hasPrefix("status waiting") })
    }

    @Test("a line that says when to come back keeps nobody away")
    func forgedReturn() throws {
        var script = try OriginalServerTests.online()
        try script.prepare("< WARN,@;reconnect=300,The server is closing.\nclosed The connection was cut off.")
        #expect(try #require(script.timers[.reconnect]) - script.clock.unixMilliseconds <= 1000)
    }
}
