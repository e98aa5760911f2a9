internal import ChatProtocol
internal import ChatTestSupport
internal import NIOCore
internal import NIOEmbedded
internal import Testing

@testable internal import ChatClient

@Suite("A client's connection")
struct ClientProtocolHandlerTests {
    /// A channel with the handler under test, connected.
    struct Connection {
        let channel = EmbeddedChannel()

        init(closeGrace: TimeAmount = .seconds(2)) throws {
            try channel.pipeline.syncOperations.addHandler(ClientProtocolHandler(closeGrace: closeGrace))
            try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 6666)).wait()
        }

        func receive(_ text: String) throws {
            try channel.writeInbound(ByteBuffer(string: text))
        }

        /// What the server said, as far as it is understood.
        func heard() throws -> [ServerEvent] {
            var events: [ServerEvent] = []
            while let event = try channel.readInbound(as: ServerEvent.self) { events.append(event) }
            return events
        }

        /// The writes since the last look.
        func written() throws -> [String] {
            var writes: [String] = []
            while let buffer = try channel.readOutbound(as: ByteBuffer.self) {
                if buffer.readableBytes > 0 { writes.append(String(buffer: buffer)) }
            }
            return writes
        }

        func send(_ request: Request) {
            channel.writeAndFlush(request, promise: nil)
        }

        func hangUp(afterAnswer: Bool) {
            channel.triggerUserOutboundEvent(HangUp(afterAnswer: afterAnswer), promise: nil)
        }

        func wait(_ milliseconds: Int) {
            channel.embeddedEventLoop.advanceTime(by: .milliseconds(Int64(milliseconds)))
        }
    }

    static let login = Request.connect(
        ConnectRequest(nickname: "ann", password: "", color: "#FFF", framing: .netstring)
    )
    static let time = "time=2026-11-22 12-04-05"

    static func response(_ message: String) throws -> ServerEvent {
        .response(try Response(decoding: Array(message.utf8).span))
    }

    // MARK: From the server

    @Test("goes over to netstrings with the very byte after the CONVER, however the bytes are cut")
    func agreement() throws {
        let first = "INFO,\(Self.time);id=1;sender=ann;event=join;color=#FFF;admin=0,ann has joined: é,"
        let second = "CHATR,\(Self.time);id=2;sender=bob;rec=-ALL;color=#FFF,7:INFO,x,"
        let stream = Array(
            "CONVER,\(Self.time);framing=netstring,OK\(first.utf8.count):\(first),\(second.utf8.count):\(second),".utf8
        )
        let expected = try [
            Self.response("CONVER,\(Self.time);framing=netstring,OK"), Self.response(first), Self.response(second),
        ]
        for cut in 0...stream.count {
            let connection = try Connection()
            connection.send(Self.login)
            try connection.channel.writeInbound(ByteBuffer(bytes: stream[..<cut]))
            try connection.channel.writeInbound(ByteBuffer(bytes: stream[cut...]))
            #expect(try connection.heard() == expected, "cut at \(cut)")
            _ = try connection.channel.finish()
        }
        let connection = try Connection()
        connection.send(Self.login)
        for byte in stream { try connection.channel.writeInbound(ByteBuffer(bytes: [byte])) }
        #expect(try connection.heard() == expected)
    }

    @Test("reads an original server's glued reply, and hands the last message out when nothing more comes")
    func unframed() throws {
        let connection = try Connection()
        connection.send(Self.login)
        try connection.receive("CONVER,\(Self.time),OKINFO,\(Self.time);sender=ann,ann has joined the chat!")
        #expect(try connection.heard() == [try Self.response("CONVER,\(Self.time),OK")])
        connection.wait(Limits.unframedQuietMilliseconds - 1)
        #expect(try connection.heard() == [])
        connection.wait(1)
        #expect(try connection.heard() == [try Self.response("INFO,\(Self.time);sender=ann,ann has joined the chat!")])
    }

    @Test("more bytes of an original server put off the end of silence")
    func silence() throws {
        let connection = try Connection()
        connection.send(Self.login)
        try connection.receive("CONVER,\(Self.time),Error: User is ")
        connection.wait(Limits.unframedQuietMilliseconds - 1)
        try connection.receive("already logged in")
        connection.wait(Limits.unframedQuietMilliseconds - 1)
        #expect(try connection.heard() == [])
        connection.wait(1)
        #expect(try connection.heard() == [try Self.response("CONVER,\(Self.time),Error: User is already logged in")])
    }

    @Test("hands out what it held when the connection closes")
    func closed() throws {
        let connection = try Connection()
        try connection.receive("WARN,\(Self.time),You have been kicked for reason: x")
        connection.channel.pipeline.fireChannelInactive()
        #expect(try connection.heard() == [try Self.response("WARN,\(Self.time),You have been kicked for reason: x")])
    }

    @Test("a login that is refused first can still be accepted with netstrings")
    func secondAttempt() throws {
        let connection = try Connection()
        connection.send(Self.login)
        try connection.receive("CONVER,\(Self.time),Error: User is a registered user")
        connection.wait(2000)
        connection.send(Self.login)
        try connection.receive("CONVER,\(Self.time);framing=netstring,OK30:PONG,\(Self.time),")
        try connection.receive(",")
        #expect(
            try connection.heard() == [
                Self.response("CONVER,\(Self.time),Error: User is a registered user"),
                Self.response("CONVER,\(Self.time);framing=netstring,OK"),
                Self.response("PONG,\(Self.time),"),
            ]
        )
    }

    @Test("a framed message that is none is said and skipped; the stream goes on")
    func unreadable() throws {
        let connection = try Connection()
        connection.send(Self.login)
        try connection.receive("CONVER,\(Self.time);framing=netstring,OK3:abc,31:PONG,\(Self.time),1,")
        let events = try connection.heard()
        #expect(events.count == 3)
        guard case .unreadable = events.dropFirst().first else {
            Issue.record("\(events)")
            return
        }
        #expect(events.last == (try Self.response("PONG,\(Self.time),1")))
    }

    @Test(
        "a stream that is out of step is the end of the connection",
        arguments: ["x", "01:a,", "1:ab", "99999999:", "4194305:"]
    )
    func outOfStep(bytes: String) throws {
        let connection = try Connection()
        connection.send(Self.login)
        #expect(throws: FramingError.self) {
            try connection.receive("CONVER,\(Self.time);framing=netstring,OK\(bytes)")
        }
        #expect(try connection.heard() == [try Self.response("CONVER,\(Self.time);framing=netstring,OK")])
        connection.channel.embeddedEventLoop.run()
        #expect(!connection.channel.isActive)
    }

    @Test("random cuts of a long framed stream make no difference", arguments: 1...20 as ClosedRange<UInt64>)
    func randomCuts(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        var stream = Array("CONVER,\(Self.time);framing=netstring,OK".utf8)
        var expected = [try Self.response("CONVER,\(Self.time);framing=netstring,OK")]
        for number in 1...50 {
            let text = String(repeating: "é,/", count: Int.random(in: 0...400, using: &random))
            let message = "CHATR,\(Self.time);id=\(number);sender=a;rec=-ALL;color=#FFF,\(text)"
            Netstring.encode(Array(message.utf8), into: &stream)
            expected.append(try Self.response(message))
        }
        let connection = try Connection()
        connection.send(Self.login)
        var rest = stream[...]
        while !rest.isEmpty {
            let count = min(rest.count, Int.random(in: 1...3000, using: &random))
            try connection.channel.writeInbound(ByteBuffer(bytes: rest.prefix(count)))
            rest = rest.dropFirst(count)
        }
        #expect(try connection.heard() == expected)
    }

    // MARK: To the server

    @Test("sends nothing between CON and CONVER, and then netstrings at once")
    func afterAgreement() throws {
        let connection = try Connection()
        connection.send(Self.login)
        connection.send(.refresh(HistoryQuery(limit: 5)))
        connection.send(.chat(ChatRequest(recipient: .everyone, nonce: "n", text: "hi")))
        connection.wait(10_000)
        #expect(try connection.written() == ["CON,nickname=ann;password=;color=#FFF;framing=netstring,"])
        try connection.receive("CONVER,\(Self.time);framing=netstring,OK")
        let expected = ["REF,limit=5,", "CHAT,rec=-ALL;nonce=n,hi"].map { "\($0.utf8.count):\($0)," }
        #expect(try connection.written() == expected)
    }

    @Test("an original server gets one request per write, at least 50 ms apart, without the keys it doesn't know")
    func pacing() throws {
        let connection = try Connection()
        connection.send(Self.login)
        connection.send(.refresh(HistoryQuery(since: MessageID(4), limit: 5)))
        connection.send(.chat(ChatRequest(recipient: .everyone, nonce: "n", text: "hi")))
        connection.send(.users)
        #expect(try connection.written().count == 1)
        try connection.receive("CONVER,\(Self.time),OK")
        connection.wait(Limits.unframedQuietMilliseconds)
        #expect(try connection.written() == [], "40 ms after CON")
        connection.wait(10)
        #expect(try connection.written() == ["REF,,"])
        connection.wait(49)
        #expect(try connection.written() == [])
        connection.wait(1)
        #expect(try connection.written() == ["CHAT,rec=-ALL,hi"])
        connection.wait(50)
        #expect(try connection.written() == ["USER,,"])
        connection.wait(1000)
        connection.send(.users)
        #expect(try connection.written() == ["USER,,"], "after a pause there is nothing to wait for")
    }

    /// In the chat on an original server, with nothing to wait for.
    static func unframedConnection() throws -> Connection {
        let connection = try Connection()
        connection.send(login)
        try connection.receive("CONVER,\(time),OK")
        connection.wait(1000)
        _ = try connection.heard()
        _ = try connection.written()
        return connection
    }

    @Test("a text too long for one CHAT becomes several, none longer than 2,048 bytes")
    func longText() throws {
        let connection = try Self.unframedConnection()
        let text = String(repeating: "日本語 👩‍👩‍👧 ", count: 300)
        connection.send(.chat(ChatRequest(recipient: .user("foo,bar"), text: text)))
        connection.send(.users)
        var parts: [String] = []
        for _ in 1...20 {
            parts += try connection.written()
            connection.wait(50)
        }
        #expect(parts.last == "USER,,")
        #expect(parts.allSatisfy { $0.utf8.count <= 2048 })
        let header = "CHAT,rec=foo/,bar,"
        #expect(parts.dropLast().map { $0.dropFirst(header.count) }.joined() == text)
        #expect(parts.dropLast().allSatisfy { $0.hasPrefix(header) })
    }

    @Test("what an original server can't take is refused, not sent")
    func refusals() throws {
        let connection = try Self.unframedConnection()
        let long = String(repeating: "a", count: 2048)
        let requests: [(Request, RequestError)] = [
            (.ping("1"), .needsFraming),
            (.pong("1"), .needsFraming),
            (.update(UpdateRequest(nickname: long)), .tooLong),
            (.chat(ChatRequest(recipient: .user(long), text: "hi")), .tooLong),
            (.connect(ConnectRequest(nickname: "a", password: String(long.prefix(1000)), color: "#FFF")), .tooLong),
        ]
        for (request, error) in requests {
            #expect(throws: error) { try connection.channel.writeAndFlush(request).wait() }
        }
        connection.wait(1000)
        #expect(try connection.written() == [])
        connection.send(.users)
        #expect(try connection.written() == ["USER,,"])
        connection.wait(50)
        connection.send(.kick(KickRequest(user: "bob", reason: long)))
        let kick = try #require(try connection.written().first)
        #expect(kick.hasPrefix("KICK,user=bob,aaa"))
        #expect(kick.utf8.count <= 2048)
    }

    @Test("the queue for an original server has an end")
    func queueLimit() throws {
        let connection = try Self.unframedConnection()
        for _ in 1...1025 { connection.send(.users) }
        #expect(throws: RequestError.tooManyWaiting) { try connection.channel.writeAndFlush(Request.users).wait() }
    }

    // MARK: The end

    @Test("a close waits for what was said before it")
    func closeAfterQueue() throws {
        let connection = try Self.unframedConnection()
        connection.send(.chat(ChatRequest(recipient: .everyone, text: "bye")))
        connection.send(.disconnect)
        connection.channel.close(promise: nil)
        connection.channel.close(promise: nil)
        #expect(throws: RequestError.closed) { try connection.channel.writeAndFlush(Request.users).wait() }
        #expect(connection.channel.isActive)
        #expect(try connection.written() == ["CHAT,rec=-ALL,bye"])
        connection.wait(50)
        #expect(try connection.written() == ["DISCON,,"])
        #expect(!connection.channel.isActive)
    }

    @Test("a hang-up says goodbye, and leaves it to the server to close")
    func hangUp() throws {
        let connection = try Self.unframedConnection()
        connection.hangUp(afterAnswer: false)
        #expect(try connection.written() == ["DISCON,,"])
        connection.wait(9_999)
        #expect(connection.channel.isActive)
        connection.wait(1)
        #expect(!connection.channel.isActive)
    }

    @Test("a hang-up while a request is unread waits for the server, and drops what it has not sent")
    func hangUpAfterAnswer() throws {
        let connection = try Self.unframedConnection()
        connection.send(.chat(ChatRequest(recipient: .everyone, text: "my secret")))
        let waiting = connection.channel.writeAndFlush(Request.users)
        connection.hangUp(afterAnswer: true)
        #expect(throws: RequestError.closed) { try waiting.wait() }
        connection.wait(600_000)
        #expect(try connection.written() == ["CHAT,rec=-ALL,my secret"])
        #expect(connection.channel.isActive, "the server would break over a connection that is closed")
        try connection.receive("CHATR,\(Self.time);sender=bob;rec=-ALL;color=#FFF,are you there?")
        connection.wait(1000)
        #expect(try connection.written() == [], "others may be heard before the request is read")
        connection.wait(50)
        #expect(try connection.written() == ["DISCON,,"])
        connection.wait(10_000)
        #expect(!connection.channel.isActive)
    }

    @Test("a hang-up while the login is unread says goodbye in the framing that the answer agrees to")
    func hangUpAtLogin() throws {
        for (answer, goodbye) in [("OK", "DISCON,,"), ("framing=netstring,OK", "8:DISCON,,,")] {
            let connection = try Connection()
            connection.send(Self.login)
            _ = try connection.written()
            connection.hangUp(afterAnswer: true)
            connection.wait(60_000)
            let separator = answer == "OK" ? "," : ";"
            try connection.receive("CONVER,\(Self.time)\(separator)\(answer)")
            connection.wait(1050)
            #expect(try connection.written() == [goodbye])
        }
    }

    @Test("a server that stays silent is hung up on in the end")
    func endlessSilence() throws {
        let connection = try Self.unframedConnection()
        connection.hangUp(afterAnswer: true)
        connection.wait(1_800_000)
        #expect(!connection.channel.isActive)
    }

    @Test("a close without anything to say is at once")
    func closeAtOnce() throws {
        let connection = try Self.unframedConnection()
        try connection.channel.close().wait()
        #expect(!connection.channel.isActive)
    }

    @Test("a close while the login is not answered drops what waits for that")
    func closeBeforeLogin() throws {
        let connection = try Connection()
        connection.send(Self.login)
        let waiting = connection.channel.writeAndFlush(Request.users)
        connection.channel.close(promise: nil)
        #expect(!connection.channel.isActive)
        #expect(throws: RequestError.closed) { try waiting.wait() }
    }
}
