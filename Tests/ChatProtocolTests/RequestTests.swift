internal import ChatProtocol
internal import ChatTestSupport
internal import Testing

@Suite("Request")
struct RequestTests {
    struct Row: Sendable {
        var text: String
        var request: Request

        init(_ text: String, _ request: Request) {
            self.text = text
            self.request = request
        }
    }

    /// As a framed client of ours writes them.
    static let rows = [
        Row("DISCON,,", .disconnect),
        Row("USER,,", .users),
        Row("REF,,", .refresh(HistoryQuery())),
        Row(
            "REF,since=7;before=9;limit=50,",
            .refresh(HistoryQuery(since: MessageID(7), before: MessageID(9), limit: 50))
        ),
        Row(
            "CON,nickname=my nick;password=my pass;color=#FFFFFF,",
            .connect(ConnectRequest(nickname: "my nick", password: "my pass", color: "#FFFFFF"))
        ),
        Row(
            "CON,nickname=ann;password=;color=#D333FF;framing=netstring,",
            .connect(ConnectRequest(nickname: "ann", password: "", color: "#D333FF", framing: .netstring))
        ),
        Row("CON,,", .connect(ConnectRequest(nickname: nil, password: nil, color: nil))),
        Row(
            "CHAT,rec=-ALL,your message goes here",
            .chat(ChatRequest(recipient: .everyone, text: "your message goes here"))
        ),
        Row(
            "CHAT,rec=foo/,b//a/;r/=;nonce=x1,a,b",
            .chat(ChatRequest(recipient: .user("foo,b/a;r="), nonce: "x1", text: "a,b"))
        ),
        Row("CHAT,,hi", .chat(ChatRequest(recipient: nil, text: "hi"))),
        Row(
            "UPDATE,nickname=caro//l/,x;color=#00FFAA,",
            .update(UpdateRequest(nickname: "caro/l,x", color: "#00FFAA"))
        ),
        Row("UPDATE,password=new,", .update(UpdateRequest(password: "new"))),
        Row("UPDATE,,", .update(UpdateRequest())),
        Row(
            "KICK,user=foo,You have been kicked for spamming",
            .kick(KickRequest(user: "foo", reason: "You have been kicked for spamming"))
        ),
        Row("KICK,user=foo;ban=7200,why", .kick(KickRequest(user: "foo", reason: "why", ban: .seconds(7200)))),
        Row(
            "KICK,user=foo;ban=315360000,",
            .kick(KickRequest(user: "foo", reason: "", ban: .seconds(Limits.banSeconds)))
        ),
        Row("KICK,user=foo;ban=forever,why", .kick(KickRequest(user: "foo", reason: "why", ban: .forever))),
        Row("UNBAN,user=foo/,bar,", .unban(user: "foo,bar")),
        Row("UNBAN,,", .unban(user: nil)),
        Row("BANS,,", .bans),
        Row("KICK,,", .kick(KickRequest(user: nil, reason: ""))),
        Row("PING,,1,2", .ping("1,2")),
        Row("PONG,,1,2", .pong("1,2")),
    ]

    @Test("each request is read and written as the protocol says", arguments: rows)
    func coding(_ row: Row) throws {
        #expect(try Request(text: row.text) == row.request)
        #expect(row.request.text(.netstring) == row.text)
    }

    @Test(
        "without framing the keys of framed connections are left out",
        arguments: [
            Row("CHAT,rec=bob,hi", .chat(ChatRequest(recipient: .user("bob"), nonce: "n", text: "hi"))),
            Row("REF,,", .refresh(HistoryQuery(since: MessageID(7), before: MessageID(9), limit: 50))),
            Row("KICK,user=foo,why", .kick(KickRequest(user: "foo", reason: "why", ban: .seconds(1)))),
            // The one that asks for framing has to be there.
            Row(
                "CON,nickname=a;password=b;color=c;framing=netstring,",
                .connect(ConnectRequest(nickname: "a", password: "b", color: "c", framing: .netstring))
            ),
        ]
    )
    func unframed(_ row: Row) {
        #expect(row.request.text(.none) == row.text)
    }

    @Test(
        "what nobody knows is ignored, and of repeated keys the last wins",
        arguments: [
            Row("CHAT,x=y;rec=a;rec=-ALL,hi", .chat(ChatRequest(recipient: .everyone, text: "hi"))),
            Row(
                "CON,framing=carrier-pigeon;nickname=a;nickname=b;color=green,",
                .connect(ConnectRequest(nickname: "b", password: nil, color: "green"))
            ),
            Row("USER,since=x,words", .users),
            Row("KICK,user=a;ban=0,why", .kick(KickRequest(user: "a", reason: "why"))),
            Row("BANS,user=a,words", .bans),
            Row("UNBAN,x=y;user=a,words", .unban(user: "a")),
            Row("DISCON,a=b,bye", .disconnect),
        ]
    )
    func lenient(_ row: Row) throws {
        #expect(try Request(text: row.text) == row.request)
    }

    @Test(
        "what can't be read names the key",
        arguments: [
            ("REF,since=x,", "since"), ("REF,before=-1,", "before"), ("REF,limit=9999999999999999999999,", "limit"),
            ("REF,limit=,", "limit"), ("KICK,user=a;ban=2h,", "ban"), ("KICK,user=a;ban=-5,", "ban"),
            ("KICK,user=a;ban=315360001,", "ban"), ("KICK,user=a;ban=+5,", "ban"), ("KICK,user=a;ban=,", "ban"),
            ("CHAT,rec=-ALL;nonce=,x", "nonce"),
            ("CHAT,rec=-ALL;nonce=\(String(repeating: "n", count: 65)),x", "nonce"),
        ]
    )
    func unreadable(_ text: String, _ key: String) {
        #expect(fault { () throws(MessageError) in try Request(text: text) }?.code == .invalidParameter(key))
    }

    @Test("a nonce of the greatest length is taken")
    func longestNonce() throws {
        let nonce = String(repeating: "n", count: Limits.nonceBytes)
        let request = Request.chat(ChatRequest(recipient: .everyone, nonce: nonce, text: ""))
        #expect(try Request(text: request.text(.netstring)) == request)
    }

    @Test(
        "a reason is case-sensitive, and an unknown one is named",
        arguments: ["BOGUS", "chat", "CHATR", "CHA", "INFO"]
    )
    func unknownReason(_ reason: String) {
        let error = fault { () throws(MessageError) in try Request(text: "\(reason),a=b,hi") }
        #expect(error?.code == .unknownReason(reason))
    }

    @Test("what is encoded is decoded to the same", arguments: UInt64(0)..<100)
    func roundTrip(_ seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let nickname = generator.text(upTo: 16)
        let text = generator.text(upTo: 30)
        let requests: [Request] = [
            .connect(
                ConnectRequest(nickname: nickname, password: text, color: generator.text(upTo: 7), framing: .netstring)
            ),
            .chat(ChatRequest(recipient: Recipient(wire: nickname), nonce: "é,\(seed)", text: text)),
            .update(UpdateRequest(nickname: nickname, password: Bool.random(using: &generator) ? text : nil)),
            .kick(
                KickRequest(
                    user: nickname,
                    reason: text,
                    ban: .seconds(Int.random(in: 1...Limits.banSeconds, using: &generator))
                )
            ),
            .unban(user: nickname),
            .refresh(
                HistoryQuery(since: MessageID(Int64.random(in: 0...Int64.max, using: &generator)), limit: Int(seed))
            ),
            .ping(text),
        ]
        for request in requests {
            #expect(try Request(text: request.text(.netstring)) == request)
        }
    }

    @Test("bytes are appended to what is there")
    func appends() {
        var bytes = Array("x".utf8)
        Request.users.encode(into: &bytes, framing: .none)
        #expect(bytes == Array("xUSER,,".utf8))
    }
}
