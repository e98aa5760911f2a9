internal import ChatProtocol
internal import ChatTestSupport
internal import Foundation
internal import Testing

@Suite("Response")
struct ResponseTests {
    /// 2026-11-22 12-04-05 two hours east of Greenwich.
    static let moment = Timestamp(unixMilliseconds: 1_795_341_845_250, utcOffsetSeconds: 7200)

    struct Row: Sendable {
        var framed: String
        var unframed: String
        var body: Response.Body

        init(_ framed: String, unframed: String, _ body: Response.Body) {
            self.framed = framed
            self.unframed = unframed
            self.body = body
        }
    }

    static let rows = [
        Row(
            "CONVER,time=T;at=M,OK",
            unframed: "CONVER,time=T,OK",
            .login(.accepted(.none))
        ),
        Row(
            "CONVER,time=T;framing=netstring;at=M,OK",
            unframed: "CONVER,time=T;framing=netstring,OK",
            .login(.accepted(.netstring))
        ),
        Row(
            "CONVER,time=T;framing=netstring;password=ignored;at=M,OK",
            unframed: "CONVER,time=T;framing=netstring;password=ignored,OK",
            .login(.accepted(.netstring, ignoresPassword: true))
        ),
        Row(
            "CONVER,time=T;at=M,Error: User is already logged in",
            unframed: "CONVER,time=T,Error: User is already logged in",
            .login(.refused("Error: User is already logged in"))
        ),
        Row(
            "CHATR,time=T;sender=ann;rec=-ALL;color=#FF0000;id=12;at=M,hello, world",
            unframed: "CHATR,time=T;sender=ann;rec=-ALL;color=#FF0000,hello, world",
            .chat(
                ChatMessage(
                    id: MessageID(12),
                    sender: "ann",
                    recipient: .everyone,
                    color: "#FF0000",
                    text: "hello, world"
                )
            )
        ),
        Row(
            "CHATR,time=T;sender=a/,b;rec=c//d/;e/=;color=#FFF;id=9;nonce=n/=1;at=M,psst",
            unframed: "CHATR,time=T;sender=a/,b;rec=c//d/;e/=;color=#FFF,psst",
            .chat(
                ChatMessage(
                    id: MessageID(9),
                    sender: "a,b",
                    recipient: .user("c/d;e="),
                    color: "#FFF",
                    nonce: "n=1",
                    text: "psst"
                )
            )
        ),
        Row(
            "CONFIRM,time=T;reason=REF;more=1;at=M,Resending messages...",
            unframed: "CONFIRM,time=T;reason=REF,Resending messages...",
            .confirm(Confirmation(subject: .refresh, more: true, text: "Resending messages..."))
        ),
        Row(
            "CONFIRM,time=T;reason=UPDATE;at=M,OK",
            unframed: "CONFIRM,time=T;reason=UPDATE,OK",
            .confirm(Confirmation(subject: .update, text: "OK"))
        ),
        Row(
            "CONFIRM,time=T;reason=DISCON;at=M,Disconnected Successfully.",
            unframed: "CONFIRM,time=T;reason=DISCON,Disconnected Successfully.",
            .confirm(Confirmation(subject: .disconnect, text: "Disconnected Successfully."))
        ),
        Row(
            "INFO,time=T;sender=ann;id=3;event=join;color=#FFF;admin=0;at=M,ann has joined the chat!",
            unframed: "INFO,time=T;sender=ann,ann has joined the chat!",
            .info(
                Info(
                    id: MessageID(3),
                    sender: "ann",
                    event: .join(color: "#FFF", isAdmin: false),
                    text: "ann has joined the chat!"
                )
            )
        ),
        Row(
            "CONFIRM,time=T;reason=BANS;num=2;user1=b/,b;until1=1795341845250;by1=root;why1=spam/; x;user2=eve;by2=ann;"
                + "at=M,2 bans.",
            unframed: "CONFIRM,time=T;reason=BANS,2 bans.",
            .confirm(
                Confirmation(
                    subject: .bans,
                    bans: [
                        BanEntry(nickname: "b,b", until: 1_795_341_845_250, admin: "root", reason: "spam; x"),
                        BanEntry(nickname: "eve", until: nil, admin: "ann", reason: ""),
                    ],
                    text: "2 bans."
                )
            )
        ),
        Row(
            "CONFIRM,time=T;reason=KICK;at=M,bob is banned for ever.",
            unframed: "CONFIRM,time=T;reason=KICK,bob is banned for ever.",
            .confirm(Confirmation(subject: .kick, text: "bob is banned for ever."))
        ),
        Row(
            "CONFIRM,time=T;reason=UNBAN;at=M,bob may come back.",
            unframed: "CONFIRM,time=T;reason=UNBAN,bob may come back.",
            .confirm(Confirmation(subject: .unban, text: "bob may come back."))
        ),
        Row(
            "INFO,time=T;sender=ann;id=4;event=leave;at=M,ann has disconnected",
            unframed: "INFO,time=T;sender=ann,ann has disconnected",
            .info(Info(id: MessageID(4), sender: "ann", event: .leave, text: "ann has disconnected"))
        ),
        Row(
            "INFO,time=T;sender=root;id=5;event=kick;user=foo/,bar;at=M,foo,bar has been kicked by root",
            unframed: "INFO,time=T;sender=root,foo,bar has been kicked by root",
            .info(
                Info(
                    id: MessageID(5),
                    sender: "root",
                    event: .kick(user: "foo,bar"),
                    text: "foo,bar has been kicked by root"
                )
            )
        ),
        Row(
            "INFO,time=T;sender=anna;id=6;event=update;previous=ann;color=#00F;admin=1;at=M,ann is now anna",
            unframed: "INFO,time=T;sender=anna,ann is now anna",
            .info(
                Info(
                    id: MessageID(6),
                    sender: "anna",
                    event: .update(previous: "ann", color: "#00F", isAdmin: true),
                    text: "ann is now anna"
                )
            )
        ),
        Row(
            "CONVER,time=T;refusal=nickname-in-use;at=M,Error: no",
            unframed: "CONVER,time=T;refusal=nickname-in-use,Error: no",
            .login(.refused("Error: no", .nicknameInUse))
        ),
        Row(
            "CONVER,time=T;refusal=banned;until=1795341845250;at=M,Error: no",
            unframed: "CONVER,time=T;refusal=banned;until=1795341845250,Error: no",
            .login(.refused("Error: no", .banned, until: 1_795_341_845_250))
        ),
        Row(
            "CONFIRM,time=T;reason=UPDATE;refusal=color-invalid;at=M,Error: no",
            unframed: "CONFIRM,time=T;reason=UPDATE,Error: no",
            .confirm(Confirmation(subject: .update, refusal: .colorInvalid, text: "Error: no"))
        ),
        Row(
            "CONFIRM,time=T;reason=KICK;until=1795341845250;at=M,bob is banned.",
            unframed: "CONFIRM,time=T;reason=KICK,bob is banned.",
            .confirm(Confirmation(subject: .kick, until: 1_795_341_845_250, text: "bob is banned."))
        ),
        Row("ERR,time=T;at=M,Error: no", unframed: "ERR,time=T,Error: no", .error("Error: no")),
        Row(
            "ERR,time=T;refusal=recipient-absent;at=M,Error: no",
            unframed: "ERR,time=T,Error: no",
            .error("Error: no", .recipientAbsent)
        ),
        Row("WARN,time=T;at=M,Closing", unframed: "WARN,time=T,Closing", .warning("Closing")),
        Row(
            "WARN,time=T;refusal=kicked;at=M,Out",
            unframed: "WARN,time=T,Out",
            .warning("Out", .kicked)
        ),
        Row(
            "WARN,time=T;refusal=banned;until=1795341845250;at=M,Out",
            unframed: "WARN,time=T,Out",
            .warning("Out", .banned, until: 1_795_341_845_250)
        ),
        Row(
            "WARN,time=T;reconnect=7;at=M,Closing",
            unframed: "WARN,time=T,Closing",
            .closing("Closing", reconnectSeconds: 7)
        ),
        Row(
            "USER,time=T;num=2;admin=1;0=bob;color0=#00F;1=ann;color1=#F00;2=bob;color2=#00F;admin0=root;at=M,",
            unframed: "USER,time=T;num=2;admin=1;0=bob;1=ann;2=bob;admin0=root,",
            .users(
                UserList(
                    users: [.init(nickname: "ann", color: "#F00"), .init(nickname: "bob", color: "#00F")],
                    admins: ["root"]
                )
            )
        ),
        Row("PING,time=T;at=M,abc", unframed: "PING,time=T,abc", .ping("abc")),
        Row("PONG,time=T;at=M,", unframed: "PONG,time=T,", .pong("")),
    ]

    private func filled(_ text: String) -> String {
        var filled = ""
        for part in text.split(separator: "time=T", maxSplits: 1) {
            if !filled.isEmpty { filled += "time=2026-11-22 12-04-05" }
            filled += part
        }
        guard let at = filled.range(of: ";at=M") else { return filled }
        return filled.replacingCharacters(in: at, with: ";at=1795341845250")
    }

    @Test("each response is read and written as the protocol says", arguments: rows)
    func coding(_ row: Row) throws {
        let response = Response(at: Self.moment, row.body)
        #expect(response.text(.netstring) == filled(row.framed))
        #expect(response.text(.none) == filled(row.unframed))
        #expect(try Response(text: filled(row.framed)) == response)
    }

    @Test("what the original server writes is read", arguments: rows)
    func originalTime(_ row: Row) throws {
        let text = filled(row.unframed).replacing("12-04-05", with: "12:04:05")
        let response = try Response(text: text)
        #expect(response.time == Self.moment.wireTime)
        #expect(response.at == nil)
        #expect(response.text(.none) == filled(row.unframed))
    }

    @Test("only what is exactly OK is a login accepted", arguments: ["", "O", "ok", "OK ", "OK\n", "Error", "OKINFO"])
    func refused(_ content: String) throws {
        let response = try Response(text: "CONVER,time=2026-11-22 12:04:05;framing=netstring,\(content)")
        #expect(response.body == .login(.refused(content)))
    }

    @Test(
        "what a response needs and lacks is named",
        arguments: [
            ("CONVER,,OK", "time"),
            ("ERR,time=,x", "time"),
            ("ERR,time=yesterday,x", "time"),
            ("CHATR,time=2026-11-22 12:04:05;rec=-ALL;color=#FFF,x", "sender"),
            ("CHATR,time=2026-11-22 12:04:05;sender=a;color=#FFF,x", "rec"),
            ("CHATR,time=2026-11-22 12:04:05;sender=a;rec=-ALL,x", "color"),
            ("INFO,time=2026-11-22 12:04:05,x", "sender"),
            ("CONFIRM,time=2026-11-22 12:04:05,x", "reason"),
            ("CONFIRM,time=2026-11-22 12:04:05;reason=CHAT,x", "reason"),
        ]
    )
    func missing(_ text: String, _ key: String) {
        #expect(fault { () throws(MessageError) in try Response(text: text) }?.code == .invalidParameter(key))
    }

    @Test(
        "an INFO whose event can't be read is still an INFO",
        arguments: [
            "event=party", "event=join", "event=kick", "event=update;color=#FFF", "event=update;previous=a", "id=x",
            "at=x",
        ]
    )
    func unreadableExtras(_ parameters: String) throws {
        let response = try Response(text: "INFO,time=2026-11-22 12:04:05;sender=a;\(parameters),words")
        #expect(response.body == .info(Info(sender: "a", text: "words")))
        #expect(response.at == nil)
    }

    @Test("each refusal is read as it is written, and is a short word of its own", arguments: Refusal.allCases)
    func refusal(_ refusal: Refusal) throws {
        for body: Response.Body in [
            .login(.refused("no", refusal)), .error("no", refusal), .warning("no", refusal),
            .confirm(Confirmation(subject: .update, refusal: refusal, text: "no")),
        ] {
            let response = Response(at: Self.moment, body)
            #expect(try Response(text: response.text(.netstring)) == response)
        }
        #expect(refusal.rawValue.utf8.count <= 24)
        #expect(refusal.rawValue.allSatisfy { $0 == "-" || ("a"..."z").contains($0) })
    }

    @Test("a refusal that nobody knows is none", arguments: ["", "x", "Banned", "banned "])
    func unknownRefusal(_ word: String) throws {
        let response = try Response(text: "ERR,time=2026-11-22 12:04:05;refusal=\(word);until=x,words")
        #expect(response.body == .error("words"))
    }

    @Test("an unknown reason is named")
    func unknownReason() {
        let error = fault { () throws(MessageError) in try Response(text: "CHAT,time=2026-11-22 12:04:05;rec=a,hi") }
        #expect(error?.code == .unknownReason("CHAT"))
    }

    @Test("a confirmation knows whether it reports a failure")
    func failure() {
        #expect(Confirmation(subject: .update, text: "Error: Color").isFailure)
        #expect(!Confirmation(subject: .update, text: "OK").isFailure)
    }

    @Test("what is encoded is decoded to the same", arguments: UInt64(0)..<100)
    func roundTrip(_ seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let nickname = generator.text(upTo: 16)
        let text = generator.text(upTo: 30)
        let color = generator.text(upTo: 7)
        let id = MessageID(Int64.random(in: 0...Int64.max, using: &generator))
        let bodies: [Response.Body] = [
            .chat(
                ChatMessage(
                    id: id,
                    sender: nickname,
                    recipient: Recipient(wire: generator.text(upTo: 16)),
                    color: color,
                    nonce: text,
                    text: text
                )
            ),
            .info(
                Info(id: id, sender: nickname, event: .update(previous: text, color: color, isAdmin: true), text: text)
            ),
            .info(Info(id: id, sender: nickname, event: .kick(user: text), text: text)),
            .login(.refused("Error: \(text)")),
            .error(text), .warning(text), .ping(text), .pong(text),
        ]
        let moment = Timestamp(
            unixMilliseconds: Int64.random(in: -62_000_000_000_000...253_000_000_000_000, using: &generator),
            utcOffsetSeconds: Int32.random(in: -43_200...50_400, using: &generator)
        )
        for body in bodies {
            let response = Response(at: moment, body)
            #expect(try Response(text: response.text(.netstring)) == response)
        }
    }
}
