internal import ChatProtocol
internal import ChatSession
internal import Testing

@Suite("Talking on a framed connection")
struct FramedChatTests {
    /// In the chat as ann, whose arrival was number 10; the history was empty.
    static func online(nickname: String = "ann") throws -> SessionScript {
        var script = SessionScript(nickname: nickname)
        try script.prepare(
            """
            start
            opened
            < CONVER,@;framing=netstring,OK
            < INFO,@;id=10;sender=\(nickname);event=join;color=#D333FF;admin=0,\(nickname) has joined the chat!
            < USER,@;num=2;admin=1;0=bob;1=\(nickname);color1=#D333FF;2=bob;color2=#00FF00;admin0=bob,
            < PONG,@,1
            < CONFIRM,@;reason=REF;more=0,Resending messages...
            timer replay
            """
        )
        return script
    }

    @Test("a message is pending until it comes back with its nonce, and then stands where everybody has it")
    func say() throws {
        var script = try Self.online()
        try script.expect(
            """
            say hello
                + (pending) !ann: hello
                > CHAT,rec=-ALL;nonce=910a2dec89025cc1beeb8da1658eec67,hello
            < CHATR,@;id=11;sender=bob;rec=-ALL;color=#00FF00,earlier
                + #11 bob: earlier
            < CHATR,@;id=12;sender=ann;rec=-ALL;color=#D333FF;nonce=910a2dec89025cc1beeb8da1658eec67,hello
                ~ #12 !ann: hello
            """
        )
        #expect(
            script.timeline.entries.map(\.line) == [
                "#10 — ann has joined the chat!",
                "#11 bob: earlier",
                "#12 !ann: hello",
            ]
        )
    }

    @Test("what is typed while the connection is down goes out once it is back")
    func offline() throws {
        var script = try Self.online()
        try script.expect(
            """
            closed The connection was cut off.
                cancel ping
                status waiting 783 ms, attempt 1: The connection was cut off.
                set reconnect 783
            say one
                + (pending) !ann: one
            tell bob two
                + (pending) !ann → bob: two
            timer reconnect
                status connecting
                open
            say three
                + (pending) !ann: three
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
                > CHAT,rec=-ALL;nonce=beeb8da1658eec67f893a2eefb32555e,one
                > CHAT,rec=bob;nonce=71c18690ee42c90b71bb54d8d101b5b9,two
                > CHAT,rec=-ALL;nonce=c34d0bff90150280e099ec6cd7363ca5,three
            """
        )
    }

    @Test("a message that was on its way is sent again with the same nonce, and shown once")
    func resend() throws {
        var script = try Self.online()
        try script.expect(
            """
            say did this arrive?
                + (pending) !ann: did this arrive?
                > CHAT,rec=-ALL;nonce=910a2dec89025cc1beeb8da1658eec67,did this arrive?
            closed The connection was cut off.
                cancel ping
                status waiting 986 ms, attempt 1: The connection was cut off.
                set reconnect 986
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
                > CHAT,rec=-ALL;nonce=910a2dec89025cc1beeb8da1658eec67,did this arrive?
            < INFO,@;id=13;sender=ann;event=join;color=#D333FF;admin=0,ann has joined the chat!
                cancel pong
                + #13 — ann has joined the chat!
                roster *bob #00FF00, !ann #D333FF
            """
        )
        let nonces = script.sent.compactMap { request -> String? in
            if case .chat(let chat) = request { chat.nonce } else { nil }
        }
        #expect(nonces.count == 2)
        #expect(Set(nonces).count == 1)
        let nonce = try #require(nonces.first)
        // It had arrived: the history has it, without the nonce, and then the
        // server answers the second CHAT with the number of the first.
        try script.prepare(
            """
            < CONFIRM,@;reason=REF;more=0,Resending messages...
            < CHATR,@;id=11;sender=ann;rec=-ALL;color=#D333FF,did this arrive?
            < INFO,@;id=12;sender=ann;event=leave,ann has disconnected
            < INFO,@;id=13;sender=ann;event=join;color=#D333FF;admin=0,ann has joined the chat!
            < CHATR,@;id=11;sender=ann;rec=-ALL;color=#D333FF;nonce=\(nonce),did this arrive?
            """
        )
        #expect(
            script.timeline.entries.map(\.line) == [
                "#10 — ann has joined the chat!",
                "#11 !ann: did this arrive?",
                "#12 — ann has disconnected",
                "#13 — ann has joined the chat!",
            ]
        )
    }

    @Test("the answer to the second copy can come before the history has the first")
    func resendBeforeReplay() throws {
        var script = try Self.online()
        try script.prepare(
            """
            say did this arrive?
            closed The connection was cut off.
            timer reconnect
            opened
            < CONVER,@;framing=netstring,OK
            < INFO,@;id=13;sender=ann;event=join;color=#D333FF;admin=0,ann has joined the chat!
            """
        )
        guard case .chat(let chat)? = script.sent.last, let nonce = chat.nonce else {
            Issue.record("nothing was sent again")
            return
        }
        try script.prepare(
            """
            < CHATR,@;id=11;sender=ann;rec=-ALL;color=#D333FF;nonce=\(nonce),did this arrive?
            < CONFIRM,@;reason=REF;more=0,Resending messages...
            < CHATR,@;id=11;sender=ann;rec=-ALL;color=#D333FF,did this arrive?
            < INFO,@;id=12;sender=ann;event=leave,ann has disconnected
            < INFO,@;id=13;sender=ann;event=join;color=#D333FF;admin=0,ann has joined the chat!
            """
        )
        #expect(
            script.timeline.entries.map(\.line) == [
                "#10 — ann has joined the chat!",
                "#11 !ann: did this arrive?",
                "#12 — ann has disconnected",
                "#13 — ann has joined the chat!",
            ]
        )
    }

    @Test("an ERR is about the oldest request that has no answer")
    func errors() throws {
        var script = try Self.online()
        try script.expect(
            """
            tell nobody psst
                + (pending) !ann → nobody: psst
                > CHAT,rec=nobody;nonce=910a2dec89025cc1beeb8da1658eec67,psst
            kick bob
                > KICK,user=bob,
            kick carol please go
                > KICK,user=carol,please go
            say hello
                + (pending) !ann: hello
                > CHAT,rec=-ALL;nonce=f893a2eefb32555e71c18690ee42c90b,hello
            < ERR,@,Error: nobody Unrecognized recipient.
                ~ (failed: nobody is not here.) !ann → nobody: psst
            < INFO,@;id=11;sender=ann;event=kick;user=bob,bob has been kicked by ann
                + #11 — bob has been kicked by ann
                roster !ann #D333FF
            < ERR,@,Error: Must be an admin to perform that action.
                notice! carol was not kicked: Must be an admin to perform that action.
            < ERR,@,Error: The message could not be stored and was not sent. Please try again.
                ~ (failed: The message could not be stored and was not sent. Please try again.) !ann: hello
            < ERR,@,Error: Something else.
                + ERR Something else.
            """
        )
    }

    @Test("private messages name both ends")
    func privateMessages() throws {
        var script = try Self.online()
        try script.expect(
            """
            < CHATR,@;id=11;sender=bob;rec=ann;color=#00FF00,psst
                + #11 bob → ann: psst
            < CHATR,@;id=11;sender=bob;rec=ann;color=#00FF00,psst
            """
        )
    }

    @Test("a text longer than a message may be is sent as several, each with its own answer")
    func longText() throws {
        var script = try Self.online()
        let text = String(repeating: "é", count: Limits.chatTextBytes / 2 + 10)
        let lines = script.take(.command(.say(text, to: .everyone)))
        let sent = script.sent.suffix(2).compactMap { request -> ChatRequest? in
            if case .chat(let chat) = request { chat } else { nil }
        }
        #expect(sent.map(\.text).joined() == text)
        #expect(sent.map(\.text.utf8.count) == [Limits.chatTextBytes, 20])
        #expect(lines.map { $0.prefix(18) }.count == 5)
        #expect(script.timeline.entries.suffix(2).map(\.text.text).joined() == text)
        #expect(script.timeline.entries.suffix(2).map(\.delivery) == [.pending, .pending])
    }

    @Test("parts of a long text stand together, before what was typed after it")
    func longTextFirst() throws {
        var script = try Self.online()
        try script.prepare("closed The connection was cut off.")
        let text = String(repeating: "a", count: Limits.chatTextBytes) + "b"
        _ = script.take(.command(.say(text, to: .everyone)))
        try script.prepare("say later\ntimer reconnect\nopened\n< CONVER,@;framing=netstring,OK")
        #expect(script.timeline.entries.suffix(3).map(\.text.text.last) == ["a", "b", "r"])
        let sent = script.sent.suffix(3).compactMap { request -> Character? in
            if case .chat(let chat) = request { chat.text.last } else { nil }
        }
        #expect(sent == ["a", "b", "r"])
    }

    @Test("nothing that means nothing is sent")
    func nothing() throws {
        var script = try Self.online()
        #expect(script.take(.command(.say(" \n\t", to: .everyone))) == [])
        #expect(script.take(.command(.say("", to: .user("bob")))) == [])
        #expect(script.take(.command(.say("hi", to: .user("")))) == ["notice! That is nobody's nickname."])
    }

    @Test("the outbox is bounded in messages and in bytes")
    func bounds() throws {
        var script = try Self.online()
        try script.prepare("closed The connection was cut off.")
        for number in 1...500 { _ = script.take(.command(.say("line \(number)", to: .everyone))) }
        let refusal = "notice! Too much is waiting to be sent: say this again when the server is back."
        #expect(script.take(.command(.say("one more", to: .everyone))) == [refusal])
        var other = try Self.online()
        try other.prepare("closed The connection was cut off.")
        _ = other.take(.command(.say(String(repeating: "a", count: 1_048_576), to: .everyone)))
        #expect(other.take(.command(.say("b", to: .everyone))) == [refusal])
    }

    @Test("whatever a server sends is safe to show")
    func safety() throws {
        var script = try Self.online()
        let evil = "a\u{1B}[2Jb\u{202E}c\u{7}"
        try script.prepare("< CHATR,@;id=11;sender=\(evil);rec=\(evil);color=red,\(evil)")
        try script.prepare("< INFO,@;id=12;sender=\(evil);event=join;color=red;admin=1,\(evil)")
        for text in ["WARN,@,\(evil)", "ERR,@,\(evil)", "CONFIRM,@;reason=UPDATE,Error: \(evil)"] {
            try script.prepare("nick other\n< \(text)")
        }
        let forbidden: Set<Unicode.Scalar> = ["\u{1B}", "\u{202E}", "\u{7}"]
        for entry in script.timeline.entries {
            #expect(entry.line.unicodeScalars.allSatisfy { !forbidden.contains($0) }, "\(entry.line.debugDescription)")
        }
        #expect(script.roster.line.unicodeScalars.allSatisfy { !forbidden.contains($0) })
    }

    @Test("a server can't fill the memory with long texts")
    func longNonsense() throws {
        var script = try Self.online()
        let name = String(repeating: "n", count: 100_000)
        let text = String(repeating: "é", count: 100_000)
        try script.prepare(
            """
            < CHATR,@;id=11;sender=\(name);rec=\(name);color=#FFF,\(text)
            < INFO,@;id=12;sender=\(name);event=update;previous=\(name);color=\(name);admin=0,\(text)
            < WARN,@,\(text)
            < ERR,@,\(text)
            < USER,@;num=2;admin=0;0=\(name);1=ann,
            """
        )
        for entry in script.timeline.entries {
            #expect(entry.text.text.utf8.count <= 65_536)
            #expect(entry.line.utf8.count < 67_000)
        }
        #expect(script.timeline.entries.last?.text.text.hasSuffix("é…") == true)
        #expect(script.roster.members.map(\.nickname) == ["ann"])
    }

    @Test("an event's texts are safe to show, too")
    func safeEvents() throws {
        var script = try Self.online()
        try script.prepare("< INFO,@;id=11;sender=bob;event=kick;user=a\u{1B}[2Jb,kicked")
        guard case .info(_, .kick(let user)?)? = script.timeline.entries.last?.kind else {
            Issue.record("no kick")
            return
        }
        #expect(!user.unicodeScalars.contains("\u{1B}"))
    }
}
