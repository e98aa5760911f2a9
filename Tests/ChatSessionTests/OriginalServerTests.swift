internal import ChatProtocol
internal import ChatSession
internal import Testing

@Suite("Talking to an original server")
struct OriginalServerTests {
    /// In the chat as ann, with bob and the admin; the first replay is over.
    static func online() throws -> SessionScript {
        var script = SessionScript()
        try script.prepare(
            """
            start
            opened
            < CONVER,@,OK
            < INFO,@;sender=ann,ann has joined the chat!
            < USER,@;num=3;admin=1;0=bob;1=admin;2=ann;admin0=admin,
            < CONFIRM,@;reason=REF,Resending messages...
            < INFO,@;sender=ann,ann has joined the chat!
            timer replay
            """
        )
        return script
    }

    @Test("one message at a time, each the answer to the one before")
    func oneAtATime() throws {
        var script = try Self.online()
        try script.expect(
            """
            say one
                + (pending) !ann: one
                > CHAT,rec=-ALL,one
                set answer 10000
            say two
                + (pending) !ann: two
            users
            < CHATR,@;sender=bob;rec=-ALL;color=#00FF00,one
                roster *admin, !ann #D333FF, bob #00FF00
                + bob: one
            < CHATR,@;sender=ann;rec=-ALL;color=#D333FF,one
                ~ !ann: one
                cancel answer
                > USER,,
                set answer 10000
            < USER,@;num=3;admin=1;0=bob;1=admin;2=ann;admin0=admin,
                roster *admin, !ann #D333FF, bob #00FF00
                cancel answer
                > CHAT,rec=-ALL,two
                set answer 10000
            < CHATR,@;sender=ann;rec=-ALL;color=#D333FF,two
                ~ !ann: two
                cancel answer
            """
        )
    }

    @Test("colors are learned from what people say, and kept when a list comes without them")
    func colors() throws {
        var script = try Self.online()
        try script.expect(
            """
            < CHATR,@;sender=bob;rec=-ALL;color=#00FF00,hi
                roster *admin, !ann #D333FF, bob #00FF00
                + bob: hi
            < CHATR,@;sender=bob;rec=-ALL;color=#00FF00,hi again
                + bob: hi again
            < USER,@;num=2;admin=1;0=bob;1=ann;admin0=admin,
                roster !ann #D333FF, bob #00FF00
            """
        )
    }

    @Test("a private message to oneself comes twice and is shown once")
    func toOneself() throws {
        var script = try Self.online()
        try script.expect(
            """
            tell ann note
                + (pending) !ann → ann: note
                > CHAT,rec=ann,note
                set answer 10000
            < CHATR,@;sender=ann;rec=ann;color=#D333FF,note
                ~ !ann → ann: note
                cancel answer
            < CHATR,@;sender=ann;rec=ann;color=#D333FF,note
            tell ann note
                + (pending) !ann → ann: note
                > CHAT,rec=ann,note
                set answer 10000
            < CHATR,@;sender=ann;rec=ann;color=#D333FF,note
                ~ !ann → ann: note
                cancel answer
            < CHATR,@;sender=ann;rec=ann;color=#D333FF,note
            """
        )
        #expect(script.timeline.entries.count { $0.text.text == "note" } == 2)
        let note = "< CHATR,@;sender=ann;rec=ann;color=#D333FF,note"
        try script.prepare("refresh\n< CONFIRM,@;reason=REF,OK\n\(note)\n\(note)\n\(note)\n\(note)\ntimer replay")
        #expect(script.timeline.entries.count { $0.text.text == "note" } == 2)
    }

    @Test("an ERR is about the request that is under way")
    func errors() throws {
        var script = try Self.online()
        try script.expect(
            """
            tell nobody psst
                + (pending) !ann → nobody: psst
                > CHAT,rec=nobody,psst
                set answer 10000
            kick bob spamming
            < ERR,@,Error: nobody Unrecognized recipient.
                ~ (failed: nobody is not here.) !ann → nobody: psst
                cancel answer
                > KICK,user=bob,spamming
                set answer 10000
            < ERR,@,Error: Must be an admin to preform that action.
                notice! bob was not kicked: Must be an admin to preform that action.
                cancel answer
            < ERR,@,Error: Unknown reason: X.
                + ERR Unknown reason: X.
            """
        )
    }

    @Test("a line that somebody may have made up answers nothing")
    func madeUp() throws {
        var script = try Self.online()
        try script.prepare("tell bob psst")
        _ = try script.perform("? ERR,@,Error: bob Unrecognized recipient.")
        #expect(script.timeline.entries.contains { $0.text.text == "psst" && $0.delivery == .pending })
        try script.prepare("< CHATR,@;sender=ann;rec=bob;color=#D333FF,psst")
        #expect(script.timeline.entries.contains { $0.text.text == "psst" && $0.delivery == .accepted })
        try script.prepare("say hello\nsay later\n< ERR,@,Error: nope")
        try script.prepare("? CHATR,@;sender=ann;rec=-ALL;color=#D333FF,h")
        #expect(script.sent.last == .chat(ChatRequest(recipient: .everyone, text: "hello")))
        try script.prepare("? CHATR,@;sender=ann;rec=-ALL;color=#D333FF,hello")
        #expect(script.sent.last == .chat(ChatRequest(recipient: .everyone, text: "later")))
        try script.prepare("< CHATR,@;sender=ann;rec=-ALL;color=#D333FF,later")
        for line in ["CONFIRM,@;reason=UPDATE,OK", "CONFIRM,@;reason=UPDATE,Error: no", "ERR,@,Error: no"] {
            try script.prepare("nick foo\nsay on\n? \(line)")
            #expect(script.roster.members.first { $0.isOwn }?.nickname == "ann")
            #expect(script.sent.last == .update(UpdateRequest(nickname: "foo")))
            try script.prepare("< CONFIRM,@;reason=UPDATE,Error: User is already logged in. ")
            try script.prepare("< CHATR,@;sender=ann;rec=-ALL;color=#D333FF,on")
        }
    }

    @Test("a new nickname is ours where the user list shows it, though its confirmation may be made up")
    func glued() throws {
        var script = try Self.online()
        try script.prepare("nick foo\nsay on\n? CONFIRM,@;reason=UPDATE,OK")
        try script.prepare("< USER,time=2026-11-22 12-00-01;num=3;admin=1;0=bob;1=admin;2=foo;admin0=admin,")
        #expect(script.roster.line == "*admin, bob, !foo #D333FF")
        #expect(script.sent.last == .chat(ChatRequest(recipient: .everyone, text: "on")))
    }

    @Test("what may be an answer holds things up for minutes only, and its message may have arrived")
    func doubtful() throws {
        var script = try Self.online()
        try script.prepare("tell bob psst\n? ERR,@,Error: bob Unrecognized recipient.\nsay on")
        try script.prepare("timer answer\ntimer answer\n< CHATR,@;sender=bob;rec=-ALL;color=#00FF00,hi")
        try script.prepare("timer answer")
        let words = "The server did not answer clearly. Say it again if nobody has seen it."
        #expect(script.timeline.entries.contains { $0.delivery == .uncertain(SafeText(line: words)) })
        try script.prepare("timer answer")
        #expect(script.sent.last == .chat(ChatRequest(recipient: .everyone, text: "on")))
    }

    @Test("a text that comes back in parts is accepted once all of it is there")
    func parts() throws {
        var script = try Self.online()
        try script.prepare("say one two\nsay on\n< CHATR,@;sender=ann;rec=-ALL;color=#D333FF,one")
        #expect(script.sent.last == .chat(ChatRequest(recipient: .everyone, text: "one two")))
        _ = script.take(
            .received(
                Response(
                    time: try #require(WireTime("2026-11-22 12-00-00")),
                    body: .chat(ChatMessage(sender: "ann", recipient: .everyone, color: "#D333FF", text: " two"))
                )
            )
        )
        #expect(script.sent.last == .chat(ChatRequest(recipient: .everyone, text: "on")))
        #expect(script.timeline.entries.contains { $0.text.text == "one two" && $0.delivery == .accepted })
    }

    @Test("what kills an original server's thread is never sent")
    func deadly() throws {
        var script = try Self.online()
        try script.expect(
            """
            kick carol why
                notice! carol is not here: /users shows who is.
            kick BOB why
                notice! BOB is not here: /users shows who is.
            kick
                notice! Say whom: /kick NICK reason
            nick
                notice! A nickname can't be empty.
            nick ann/
                notice! This server can't take a nickname or password that ends in a slash.
            password secret/
                notice! This server can't take a nickname or password that ends in a slash.
            color red
                notice! A color is written #RGB or #RRGGBB.
            """
        )
        #expect(script.sent.count == 2, "CON and REF")
    }

    @Test("nobody is kicked whose nickname an original server can't read")
    func unreadableNickname() throws {
        var script = try Self.online()
        try script.prepare("< USER,@;num=3;admin=1;0=ann;1=a////b;2=c//;admin0=ann,")
        try script.expect(
            """
            kick a//b why
                notice! This server can't kick somebody with such slashes in the nickname.
            kick c/ why
                notice! This server can't kick somebody with such slashes in the nickname.
            """
        )
    }

    @Test("changes are over when the user list is out")
    func change() throws {
        var script = try Self.online()
        try script.expect(
            """
            nick foo,bar
                > UPDATE,nickname=foo/,bar,
                set answer 10000
            say hello
                + (pending) !ann: hello
            < CONFIRM,time=2026-11-22 12-00-01;reason=UPDATE,OK
                identity foo,bar #D333FF
                set answer 1500
            < INFO,time=2026-11-22 12-00-01;sender=foo/,bar,ann's name changed to foo,bar
                + — ann's name changed to foo,bar
            < USER,time=2026-11-22 12-00-01;num=3;admin=1;0=bob;1=admin;2=foo/,bar;admin0=admin,
                roster *admin, bob, !foo,bar #D333FF
                cancel answer
                > CHAT,rec=-ALL,hello
                set answer 10000
            < CHATR,time=2026-11-22 12-00-02;sender=foo/,bar;rec=-ALL;color=#D333FF,hello
                ~ !foo,bar: hello
                cancel answer
            color #00FFAA
                > UPDATE,color=#00FFAA,
                set answer 10000
            < CONFIRM,time=2026-11-22 12-00-03;reason=UPDATE,OK
                identity foo,bar #00FFAA
                roster *admin, bob, !foo,bar #00FFAA
                set answer 1500
            timer answer
            password new
                > UPDATE,password=new,
                set answer 10000
            < CONFIRM,time=2026-11-22 12-00-04;reason=UPDATE,OK
                notice The server took note of the password, but a server of its kind does not keep it.
                set answer 1500
            timer answer
            nick bob
                > UPDATE,nickname=bob,
                set answer 10000
            < CONFIRM,time=2026-11-22 12-00-04;reason=UPDATE,Error: User is already logged in.
                notice! bob is taken.
                cancel answer
            """
        )
    }

    @Test("a kick is over when the user list is out")
    func kick() throws {
        var script = try Self.online()
        try script.expect(
            """
            kick bob spamming, stop
                > KICK,user=bob,spamming, stop
                set answer 10000
            say gone
                + (pending) !ann: gone
            < INFO,@;sender=ann,bob has been kicked by ann
                + — bob has been kicked by ann
                set answer 1500
            < USER,@;num=2;admin=1;0=admin;1=ann;admin0=admin,
                roster *admin, !ann #D333FF
                cancel answer
                > CHAT,rec=-ALL,gone
                set answer 10000
            """
        )
    }

    @Test("a long text goes out in parts that travel in one packet each")
    func longText() throws {
        var script = try Self.online()
        let text = String(repeating: "日本語 ", count: 300)
        _ = script.take(.command(.say(text, to: .everyone)))
        var parts: [String] = []
        while parts.joined() != text, case .chat(let chat)? = script.sent.last {
            parts.append(chat.text)
            try script.prepare("< CHATR,@;sender=ann;rec=-ALL;color=#D333FF,\(chat.text)")
        }
        #expect(parts.joined() == text)
        #expect(parts.allSatisfy { $0.utf8.count <= Limits.unframedTextBytes })
        #expect(script.timeline.entries.suffix(parts.count).map(\.text.text).joined() == text)
        #expect(script.timeline.entries.allSatisfy { $0.delivery == .accepted })
    }

    @Test("a text that the stream cuts where it looks like a response is accepted by its beginning")
    func cutText() throws {
        var script = try Self.online()
        try script.expect(
            """
            say see:INFO,time=2026-11-22 12-00-00;sender=bob,ha
                + (pending) !ann: see:INFO,time=2026-11-22 12-00-00;sender=bob,ha
                > CHAT,rec=-ALL,see:INFO,time=2026-11-22 12-00-00;sender=bob,ha
                set answer 10000
            < CHATR,@;sender=ann;rec=-ALL;color=#D333FF,see:
                ~ !ann: see:
                cancel answer
            < INFO,@;sender=bob,ha
                + — ha
            """
        )
    }

    @Test("what was on its way when the connection broke is not sent twice; what waited is sent")
    func lost() throws {
        var script = try Self.online()
        try script.expect(
            """
            say one
                + (pending) !ann: one
                > CHAT,rec=-ALL,one
                set answer 10000
            say two
                + (pending) !ann: two
            closed The connection was cut off.
                cancel answer
                ~ (uncertain: The connection was lost before the server answered. Say it again if nobody has seen it.) !ann: one
                status waiting 722 ms, attempt 1: The connection was cut off.
                set reconnect 722
            timer reconnect
                status connecting
                open
            opened
                status logging in at server:6666
                set login 20000
                > CON,nickname=ann;password=;color=#D333FF;framing=netstring,
            < CONVER,time=2026-11-22 12-05-00,OK
                cancel login
                status online unframed
                identity ann #D333FF
                set answer 1500
            < INFO,time=2026-11-22 12-05-00;sender=ann,ann has joined the chat!
                + — ann has joined the chat!
            < USER,time=2026-11-22 12-05-00;num=1;admin=1;0=ann;admin0=admin,
                roster !ann #D333FF
                cancel answer
                > REF,,
                set answer 10000
            < CONFIRM,time=2026-11-22 12-05-00;reason=REF,Resending messages...
                cancel answer
                set replay 600
            < INFO,time=2026-11-22 12-05-00;sender=ann,ann has joined the chat!
                set replay 600
            < USER,time=2026-11-22 12-05-00;num=1;admin=1;0=ann;admin0=admin,
                roster !ann #D333FF
            timer replay
                older none
                > CHAT,rec=-ALL,two
                set answer 10000
            """
        )
    }
}
