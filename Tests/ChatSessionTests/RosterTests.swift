internal import ChatProtocol
internal import ChatSession
internal import Testing

@Suite("The user list and who one is")
struct RosterTests {
    @Test("is kept from INFO events on a framed connection")
    func events() throws {
        var script = try FramedChatTests.online()
        try script.expect(
            """
            < INFO,@;id=11;sender=carol;event=join;color=#0000FF;admin=0,carol has joined the chat!
                + #11 — carol has joined the chat!
                roster *bob #00FF00, !ann #D333FF, carol #0000FF
            < INFO,@;id=12;sender=Zoë;event=join;color=#0F0;admin=1,Zoë has joined the chat!
                + #12 — Zoë has joined the chat!
                roster *bob #00FF00, *Zoë #0F0, !ann #D333FF, carol #0000FF
            < INFO,@;id=13;sender=dave;event=update;previous=carol;color=#123456;admin=0,carol's name changed to dave
                + #13 — carol's name changed to dave
                roster *bob #00FF00, *Zoë #0F0, !ann #D333FF, dave #123456
            < INFO,@;id=14;sender=bob;event=kick;user=DAVE,dave has been kicked by bob
                + #14 — dave has been kicked by bob
                roster *bob #00FF00, *Zoë #0F0, !ann #D333FF
            < INFO,@;id=15;sender=bob;event=leave,bob has disconnected
                + #15 — bob has disconnected
                roster *Zoë #0F0, !ann #D333FF
            < INFO,@;id=15;sender=bob;event=leave,bob has disconnected
            < INFO,@;sender=eve;event=join;color=#FFF;admin=0,eve has joined the chat!
                + — eve has joined the chat!
                roster *Zoë #0F0, !ann #D333FF, eve #FFF
            < INFO,@;id=16;sender=eve,something that has no name yet
                + #16 — something that has no name yet
            """
        )
    }

    @Test("what a replay tells of is the past")
    func replayedEvents() throws {
        var script = try FramedChatTests.online()
        try script.expect(
            """
            closed The connection was cut off.
                cancel ping
                status waiting 783 ms, attempt 1: The connection was cut off.
                set reconnect 783
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
                > REF,since=10;limit=1000,
                set replay 20000
                set ping 30000
                > PING,,1
                set pong 90000
            < INFO,@;id=14;sender=ann;event=join;color=#D333FF;admin=0,ann has joined the chat!
                cancel pong
                + #14 — ann has joined the chat!
                roster *bob #00FF00, !ann #D333FF
            < USER,@;num=1;admin=0;0=ann;1=ann;color1=#D333FF,
                roster !ann #D333FF
            < CONFIRM,@;reason=REF;more=0,OK
                set replay 400
            < INFO,@;id=11;sender=carol;event=join;color=#0000FF;admin=0,carol has joined the chat!
                ^ #11 — carol has joined the chat!
            < INFO,@;id=12;sender=carol;event=leave,carol has disconnected
                ^ #12 — carol has disconnected
            """
        )
    }

    @Test("own changes are confirmed, told and remembered for the next login")
    func ownChange() throws {
        var script = try FramedChatTests.online()
        try script.expect(
            """
            nick anna
                > UPDATE,nickname=anna,
            < CONFIRM,@;reason=UPDATE,OK
                identity anna #D333FF
            < INFO,@;id=11;sender=anna;event=update;previous=ann;color=#D333FF;admin=0,ann's name changed to anna
                + #11 — ann's name changed to anna
                roster *bob #00FF00, !anna #D333FF
            color #0f0
                > UPDATE,color=#0f0,
            < CONFIRM,@;reason=UPDATE,OK
                identity anna #0f0
                roster *bob #00FF00, !anna #0f0
            color #0f0
                > UPDATE,color=#0f0,
            < CONFIRM,@;reason=UPDATE,OK
                notice Your color is now #0f0.
            < INFO,@;id=12;sender=anna;event=update;previous=anna;color=#0f0;admin=0,anna's color changed to #0f0
                + #12 — anna's color changed to #0f0
                roster *bob #00FF00, !anna #0f0
            password secret
                > UPDATE,password=secret,
            < CONFIRM,@;reason=UPDATE,OK
                identity anna #0f0, registered
                notice Your nickname is registered now.
            password other
                > UPDATE,password=other,
            < CONFIRM,@;reason=UPDATE,OK
                notice Your password is changed.
            < INFO,@;id=13;sender=anna;event=update;previous=anna;color=#0f0;admin=1,anna is now an admin
                + #13 — anna is now an admin
                roster *!anna #0f0, *bob #00FF00
            < CHATR,@;id=14;sender=anna;rec=-ALL;color=#0f0,from my other terminal
                + #14 !anna: from my other terminal
            closed The connection was cut off.
                cancel ping
                status waiting 783 ms, attempt 1: The connection was cut off.
                set reconnect 783
            timer reconnect
                status connecting
                open
            opened
                status logging in at server:6666
                set login 20000
                > CON,nickname=anna;password=other;color=#0f0;framing=netstring,
            """
        )
    }

    @Test("a refused change changes nothing")
    func refusedChange() throws {
        var script = try FramedChatTests.online()
        try script.expect(
            """
            nick bob
                > UPDATE,nickname=bob,
            < CONFIRM,@;reason=UPDATE,Error: User is already logged in.
                notice! bob is taken.
            nick root
                > UPDATE,nickname=root,
            < CONFIRM,@;reason=UPDATE,Error: User is a registered user.
                notice! root is somebody's registered nickname.
            color nope
                notice! A color is written #RGB or #RRGGBB.
            nick
                notice! A nickname can't be empty.
            """
        )
    }

    @Test("a change by the server, or on the account, is followed")
    func foreignChange() throws {
        var script = try FramedChatTests.online()
        try script.expect(
            """
            < INFO,@;id=11;sender=anna;event=update;previous=ann;color=#D333FF;admin=1,ann's name changed to anna
                + #11 — ann's name changed to anna
                identity anna #D333FF
                roster *!anna #D333FF, *bob #00FF00
            """
        )
    }

    @Test("the server's spelling of a nickname is taken over")
    func spelling() throws {
        var script = SessionScript(nickname: "ANN")
        try script.prepare("start\nopened\n< CONVER,@;framing=netstring,OK")
        try script.expect(
            """
            < INFO,@;id=1;sender=Ann;event=join;color=#D333FF;admin=1,Ann has joined the chat!
                cancel pong
                + #1 — Ann has joined the chat!
                identity Ann #D333FF
                roster *!Ann #D333FF
            """
        )
    }

    @Test("a change while the connection is down is for the next login")
    func changeForLater() throws {
        var script = try FramedChatTests.online()
        try script.expect(
            """
            closed The connection was cut off.
                cancel ping
                status waiting 783 ms, attempt 1: The connection was cut off.
                set reconnect 783
            nick anna
                notice You will be anna when the server is back.
            color #0F0
                notice Your color will be #0F0 when the server is back.
            timer reconnect
                status connecting
                open
            opened
                status logging in at server:6666
                set login 20000
                > CON,nickname=anna;password=;color=#0F0;framing=netstring,
            """
        )
    }

    @Test("a new nickname is tried at once where the old one is still taken")
    func changeInsteadOfGhost() throws {
        var script = try FramedChatTests.online()
        try script.prepare("closed The connection was cut off.\ntimer reconnect\nopened")
        try script.expect(
            """
            < CONVER,@,Error: User is already logged in
                cancel login
                status waiting 1746 ms, attempt 2: The server still holds your old connection.
                set reconnect 1746
            nick anna
                notice You will be anna when the server is back.
                cancel reconnect
                status logging in at server:6666
                set login 20000
                > CON,nickname=anna;password=;color=#D333FF;framing=netstring,
            < CONVER,@,Error: User is already logged in
                cancel login
                status logging in at server:6666
                login needed (nickname-in-use): anna is here already: choose another nickname. If that is you, on a connection that was lost, press Enter again in a minute.
            """
        )
    }

    @Test("the list comes when asked for")
    func list() throws {
        var script = try FramedChatTests.online()
        try script.expect(
            """
            users
                > USER,,
            < USER,@;num=1;admin=0;0=ann;1=ann;color1=#D333FF,
                roster !ann #D333FF
            < USER,@;num=2;admin=0;0=ann;1=ann;2=bob,
                roster !ann #D333FF, bob
            """
        )
    }

    @Test("what needs a connection says so where there is none")
    func notConnected() throws {
        var script = try FramedChatTests.online()
        try script.prepare("closed The connection was cut off.")
        try script.expect(
            """
            users
                notice! You are not connected: this works when the server is back.
            refresh
                notice! You are not connected: this works when the server is back.
            kick bob why
                notice! You are not connected: this works when the server is back.
            older
            """
        )
    }

    @Test("hundreds joining at once are not hundreds of lists")
    func joinStorm() throws {
        var script = try FramedChatTests.online()
        var lists = 0
        for number in 1...1000 {
            let join = "< INFO,@;id=\(10 + number);sender=user\(number);event=join;color=#FFF;admin=0,hello"
            lists += try script.perform(join).count { $0.hasPrefix("roster") }
        }
        #expect(lists <= 200)
        try script.prepare("timer roster")
        #expect(script.roster.members.count == 1002)
        #expect(
            script.roster.members.map(\.nickname)
                == script.roster.members.map(\.nickname).sorted { left, right in
                    (left == "bob" ? 0 : 1, left) < (right == "bob" ? 0 : 1, right)
                }
        )
    }

    @Test("a list has an end")
    func listLimit() throws {
        var script = try FramedChatTests.online()
        var users = (1...20_100).map { UserList.Entry(nickname: "user\($0)", color: "#FFF") }
        users.append(UserList.Entry(nickname: "user1"))
        let list = Response(
            time: WireTime(localMilliseconds: 0),
            body: .users(UserList(users: users, admins: []))
        )
        _ = script.take(.received(list))
        #expect(script.roster.members.count == 20_000)
        try script.prepare("< INFO,@;id=11;sender=carol;event=join;color=#0000FF;admin=0,carol has joined the chat!")
        #expect(script.roster.members.count == 20_000)
    }
}
