internal import ChatProtocol
internal import ChatTestSupport
internal import Testing

@Suite("Text splitting")
struct TextSplittingTests {
    @Test(
        "texts are split between characters",
        arguments: [
            ("", 10, [""]),
            ("hello", 10, ["hello"]),
            ("hello", 5, ["hello"]),
            ("hello!", 5, ["hello", "!"]),
            ("ééé", 5, ["éé", "é"]),
            ("日本語", 7, ["日本", "語"]),
            ("日本語", 5, ["日", "本", "語"]),
            ("ab\r\ncd", 4, ["ab\r\n", "cd"]),
            ("abc\r\nd", 4, ["abc", "\r\nd"]),
            ("ae\u{301}ae\u{301}", 4, ["ae\u{301}", "ae\u{301}"]),
            ("🇫🇷🇩🇪", 10, ["🇫🇷", "🇩🇪"]),
            // A character too large for a part is split between its scalars.
            ("a👩‍👩‍👧b", 12, ["a", "👩‍👩", "‍👧b"]),
            ("a👩‍👩‍👧", 4, ["a", "👩", "‍", "👩", "‍", "👧"]),
            // Four bytes are always granted: a scalar can take that many.
            ("🙂a", 0, ["🙂", "a"]),
            ("🙂a", -5, ["🙂", "a"]),
        ]
    )
    func split(_ text: String, _ maximum: Int, _ parts: [String]) {
        #expect(TextSplitting.split(text, maximumBytes: maximum).map { Array($0.utf8) } == parts.map { Array($0.utf8) })
    }

    @Test("the parts are the text, none is too long, and none could take more", arguments: UInt64(0)..<200)
    func properties(_ seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        var text = generator.text(upTo: 120)
        if Bool.random(using: &generator) { text += "e" + String(repeating: "\u{301}", count: 40) }
        let maximum = Int.random(in: 4...60, using: &generator)
        let parts = TextSplitting.split(text, maximumBytes: maximum)
        #expect(Array(parts.joined().utf8) == Array(text.utf8))
        for part in parts { #expect(part.utf8.count <= maximum && (!part.isEmpty || text.isEmpty)) }
        for (part, next) in zip(parts, parts.dropFirst()) {
            let scalar = next.unicodeScalars.first.map { String($0).utf8.count } ?? 0
            let character = text[next.startIndex...].first.map { String($0).utf8.count } ?? 0
            // Either the next character did not fit, or not even its next scalar.
            #expect(part.utf8.count + max(scalar, min(character, maximum)) > maximum)
        }
    }

    @Test("requests too long for the original are sent in parts that fit", arguments: UInt64(0)..<40)
    func requests(_ seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let text = (0..<Int.random(in: 0...60, using: &generator)).map { _ in generator.text(upTo: 200) }.joined()
        let request = Request.chat(ChatRequest(recipient: .user(generator.text(upTo: 16)), nonce: "n", text: text))
        let parts = try request.unframedParts()
        var joined = ""
        for part in parts {
            #expect(part.text(.none).utf8.count <= Limits.unframedMessageBytes)
            guard case .chat(let chat) = part, case .chat(let whole) = request else { continue }
            #expect(chat.recipient == whole.recipient)
            joined += chat.text
        }
        #expect(Array(joined.utf8) == Array(text.utf8))
    }

    @Test("what fits is sent as it is")
    func fitting() throws {
        for request in [
            Request.users, .chat(ChatRequest(recipient: .everyone, text: "")),
            .kick(KickRequest(user: "a", reason: "b")),
        ] {
            #expect(try request.unframedParts() == [request])
        }
        let text = String(repeating: "x", count: Limits.unframedMessageBytes - "CHAT,rec=-ALL,".utf8.count)
        #expect(try Request.chat(ChatRequest(recipient: .everyone, text: text)).unframedParts().count == 1)
        #expect(try Request.chat(ChatRequest(recipient: .everyone, text: text + "x")).unframedParts().count == 2)
    }

    @Test("a long reason of a KICK is cut visibly")
    func kick() throws {
        let kick = Request.kick(KickRequest(user: "bob", reason: String(repeating: "日", count: 1000)))
        let parts = try kick.unframedParts()
        #expect(parts.count == 1)
        let text = try #require(parts.first).text(.none)
        #expect(text.utf8.count <= Limits.unframedMessageBytes && text.utf8.count > Limits.unframedMessageBytes - 8)
        #expect(text.hasPrefix("KICK,user=bob,日日") && text.hasSuffix("日…"))
    }

    @Test("a CON has half the room, and no request can do with less than its parameters")
    func tooLong() throws {
        let long = String(repeating: "p", count: 1000)
        let connect = Request.connect(ConnectRequest(nickname: "ann", password: long, color: "#FFF"))
        #expect(
            fault { () throws(MessageError) in try connect.unframedParts() }?.code
                == .tooLong(Limits.unframedConnectBytes)
        )
        let update = Request.update(UpdateRequest(nickname: long, password: long, color: long))
        #expect(
            fault { () throws(MessageError) in try update.unframedParts() }?.code
                == .tooLong(Limits.unframedMessageBytes)
        )
        let chat = Request.chat(ChatRequest(recipient: .user(long + long), text: long))
        #expect(
            fault { () throws(MessageError) in try chat.unframedParts() }?.code == .tooLong(Limits.unframedMessageBytes)
        )
        #expect(try Request.update(UpdateRequest(password: long)).unframedParts().count == 1)
    }

    @Test("the longest login that the rules allow fits")
    func longestLogin() throws {
        let nickname = "a" + String(repeating: ",\u{20DD}\u{20DD}", count: 15)
        _ = try Nickname(nickname)
        let password = String(repeating: "/", count: Limits.passwordBytes)
        let request = Request.connect(
            ConnectRequest(nickname: nickname, password: password, color: "#FFFFFF", framing: .netstring)
        )
        #expect(try request.unframedParts() == [request])
    }

    @Test("responses too long for the original are sent in parts that fit", arguments: UInt64(0)..<40)
    func responses(_ seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let text = (0..<Int.random(in: 0...60, using: &generator)).map { _ in generator.text(upTo: 200) }.joined()
        let nickname = generator.text(upTo: 16)
        let chat = ChatMessage(sender: nickname, recipient: .user(nickname), color: "#FFFFFF", text: text)
        var joined = ""
        for part in Response(at: ResponseTests.moment, .chat(chat)).unframedParts() {
            #expect(part.text(.none).utf8.count <= Limits.unframedMessageBytes)
            guard case .chat(let message) = part.body else { continue }
            #expect(message.sender == nickname)
            joined += message.text
        }
        #expect(Array(joined.utf8) == Array(text.utf8))
    }

    @Test(
        "other long texts that need not be one are split, too",
        arguments: [
            { .info(Info(sender: "a,b", text: $0)) }, { .error($0) }, { .warning($0) },
            { .confirm(Confirmation(subject: .bans, text: $0)) },
        ] as [@Sendable (String) -> Response.Body]
    )
    func otherTexts(_ body: @Sendable (String) -> Response.Body) throws {
        let text = String(repeating: "é", count: 2000)
        let response = Response(at: ResponseTests.moment, body(text))
        let parts = response.unframedParts()
        #expect(parts.count == 2)
        #expect(parts.allSatisfy { $0.text(.none).utf8.count <= Limits.unframedMessageBytes })
        let messages = try parts.map { try Message(text: $0.text(.none)) }
        #expect(messages.map(\.content).joined() == text)
        #expect(Set(messages.map(\.parameters)) == [try Message(text: response.text(.none)).parameters])
    }

    @Test(
        "the one answer that is waited for is cut visibly",
        arguments: [
            { .login(.refused($0)) }, { .confirm(Confirmation(subject: .update, text: $0)) }, { .ping($0) },
            { .pong($0) },
        ] as [@Sendable (String) -> Response.Body]
    )
    func cut(_ body: @Sendable (String) -> Response.Body) throws {
        let short = Response(at: ResponseTests.moment, body("short"))
        #expect(short.unframedParts() == [short])
        let parts = Response(at: ResponseTests.moment, body(String(repeating: "é", count: 2000))).unframedParts()
        #expect(parts.count == 1)
        let text = try #require(parts.first).text(.none)
        #expect(text.utf8.count <= Limits.unframedMessageBytes && text.utf8.count > Limits.unframedMessageBytes - 8)
        #expect(text.hasSuffix("é…"))
    }

    @Test("a long list of users is cut to what fits")
    func users() {
        let list = UserList(users: (0..<1000).map { .init(nickname: "user\($0)") }, admins: ["root"])
        let parts = Response(at: ResponseTests.moment, .users(list)).unframedParts()
        #expect(parts.map(\.body) == [.users(list.fitted(maximumBytes: Limits.unframedMessageBytes))])
        #expect(parts.allSatisfy { $0.text(.none).utf8.count <= Limits.unframedMessageBytes })
    }
}
