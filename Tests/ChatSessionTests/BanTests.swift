internal import ChatProtocol
internal import ChatSession
internal import Testing

@Suite("Bans, as an admin asks for them")
struct BanTests {
    private static let framed = "start\nopened\n< CONVER,@;framing=netstring,OK"

    @Test("are asked for and answered, each in its words")
    func framed() throws {
        var script = SessionScript()
        try script.prepare(Self.framed)
        try script.expect(
            """
            ban bob too loud
                > KICK,user=bob;ban=60,too loud
            < CONFIRM,@;reason=KICK,bob is banned until 2026-11-22 12:01:00 UTC.
                cancel pong
                notice bob is banned until 2026-11-22 12:01:00 UTC.
            ban root
                > KICK,user=root;ban=60,
            < CONFIRM,@;reason=KICK,Error: root is an admin.
                notice! root is an admin.
            unban bob
                > UNBAN,user=bob,
            < CONFIRM,@;reason=UNBAN,bob may come back.
                notice bob may come back.
            bans
                > BANS,,
            """
        )
        let list = try script.perform(
            "< CONFIRM,@;reason=BANS;num=2;user1=bob;until1=0;by1=root;why1=too loud;user2=e/,ve;by2=ann,2 bans."
        )
        #expect(
            list == ["notice 2 bans.\nbob until 1970-01-01 00:00 local time, by root: too loud\ne,ve for ever, by ann"]
        )
    }

    @Test("are listed in the time of who reads, with its date")
    func localTime() throws {
        var script = SessionScript()
        script.clock = Timestamp(unixMilliseconds: script.clock.unixMilliseconds, utcOffsetSeconds: -3 * 3600)
        try script.prepare(Self.framed + "\nbans")
        let list = try script.perform("< CONFIRM,@;reason=BANS;num=1;user1=bob;until1=7200000;by1=root,1 ban.")
        #expect(list.last == "notice 1 ban.\nbob until 1969-12-31 23:00 local time, by root")
    }

    private static let endings: [(event: String, shown: String)] = [
        (
            "< CONFIRM,@;reason=KICK;until=7200000,bob is banned until 1970-01-01 02:00:00 UTC.",
            "notice bob is banned until 1969-12-31 23:00 local time."
        ),
        (
            """
            < CONFIRM,@;reason=KICK;until=7200000,bob is banned until 1970-01-01 02:00:00 UTC. \
            That takes the place of the ban until 1970-01-03 02:00:00 UTC by root.
            """,
            """
            notice bob is banned until 1969-12-31 23:00 local time. \
            That takes the place of the ban until 1970-01-03 02:00:00 UTC by root.
            """
        ),
        (
            "< CONFIRM,@;reason=KICK;until=7200000,bob has to stay away.",
            "notice bob has to stay away. (until 1969-12-31 23:00 local time)"
        ),
        ("< CONFIRM,@;reason=KICK,bob is banned for ever.", "notice bob is banned for ever."),
        (
            "< WARN,@;refusal=banned;until=7200000,You have been banned until 1970-01-01 02:00:00 UTC: spam",
            "+ WARN You have been banned until 1969-12-31 23:00 local time: spam"
        ),
        (
            "< WARN,@;refusal=banned;until=7200000,Out: spam",
            "+ WARN Out: spam (until 1969-12-31 23:00 local time)"
        ),
    ]

    @Test("are told with their end in the time of who reads, once, and other moments left alone", arguments: endings)
    func end(event: String, shown: String) throws {
        var script = SessionScript()
        script.clock = Timestamp(unixMilliseconds: script.clock.unixMilliseconds, utcOffsetSeconds: -3 * 3600)
        try script.prepare(Self.framed + "\nban bob x")
        #expect(try script.perform(event).contains(shown))
    }

    @Test("are told at the login, too, before it and as its answer")
    func endAtLogin() throws {
        var script = SessionScript()
        try script.prepare("start\nopened")
        let warning = try script.perform("< WARN,@;refusal=banned;until=7200000,Out.")
        #expect(warning.isEmpty)
        let answer = try script.perform(
            "< CONVER,@;refusal=banned;until=7200000,Error: Out until 1970-01-01 02:00:00 UTC"
        )
        #expect(answer.last == "login needed (banned): Out until 1970-01-01 02:00 local time.")
        var closed = SessionScript()
        try closed.prepare("start\nopened\n< WARN,@;refusal=banned;until=7200000,Out.")
        let status = try closed.perform("closed Cut off.").first { $0.hasPrefix("status") }
        #expect(status?.hasSuffix("Out. (until 1970-01-01 02:00 local time)") == true)
    }

    @Test("never go to an original server, which would kick, or die of them")
    func unframed() throws {
        var script = SessionScript()
        try script.prepare("start\nopened\n< CONVER,@,OK")
        let sent = script.sent.count
        for command in ["ban bob x", "unban bob", "bans"] {
            try script.expect(
                """
                \(command)
                    notice! This server is of the original kind, which knows no bans: /kick is all it has.
                """
            )
        }
        #expect(script.sent.count == sent)
    }

    @Test("need a connection, and a name")
    func needs() throws {
        var script = SessionScript()
        try script.prepare("start")
        try script.expect(
            """
            bans
                notice! You are not connected: this works when the server is back.
            unban
                notice! Say whom: /unban NICK
            """
        )
    }

    @Test("are asked for no more often than a server answers")
    func bounded() throws {
        var script = SessionScript()
        try script.prepare(Self.framed)
        for _ in 0..<100 { try script.perform("bans") }
        #expect(script.sent.count { $0 == .bans } == 16)
        try script.perform("< CONFIRM,@;reason=BANS;num=0,Nobody is banned.")
        try script.perform("bans")
        #expect(script.sent.count { $0 == .bans } == 17)
    }

    @Test("that come back in a list without end are not all shown")
    func longList() throws {
        var script = SessionScript()
        try script.prepare(Self.framed + "\nbans")
        let list = (1...300).map { "user\($0)=u\($0);by\($0)=root;" }.joined()
        let lines = try script.perform("< CONFIRM,@;reason=BANS;\(list),300 bans.")
        #expect(lines.last?.hasSuffix("u200 for ever, by root\nand 100 more") == true)
    }

    @Test("end the chat of who was in: neither the server is asked again, nor the user for another nickname")
    func refusedReturn() throws {
        var script = SessionScript()
        try script.prepare(Self.framed + "\nclosed Lost.\ntimer reconnect\nopened")
        try script.expect(
            """
            < CONVER,@,Error: You are banned for ever: spam
                cancel login
                close
                status ended: You are banned for ever: spam. /quit leaves the chat.
            """
        )
    }

    @Test("that meet somebody at the first login leave the choice of another nickname")
    func refusedLogin() throws {
        var script = SessionScript()
        try script.prepare("start\nopened")
        try script.expect(
            """
            < CONVER,@,Error: You are banned for ever: spam
                cancel login
                status logging in at server:6666
                login needed (banned): You are banned for ever: spam.
            """
        )
    }
}
