internal import ChatProtocol
internal import ChatServerCore
internal import ChatTestSupport
internal import NIOCore
internal import NIOEmbedded
internal import Testing

@testable internal import ChatServer

/// What original clients hear where more is said than one message each 50 ms can carry.
@Suite("A busy room")
struct BusyRoomTests {
    /// One unframed client that reads all it is sent.
    private final class Reader: ServerConnectionDelegate {
        private(set) var channel: EmbeddedChannel?
        private var handler: ServerConnectionHandler?
        /// The lines that came, by sender.
        private(set) var lines: [String: [String]] = [:]
        /// How many lines came that began a text or a piece of news.
        private(set) var count = 0
        /// How many messages were left out.
        private(set) var leftOut = 0
        /// The longest time that a line took, in milliseconds.
        private(set) var lag: Int64 = 0
        /// The last list.
        private(set) var list: UserList?

        init(on loop: EmbeddedEventLoop) throws {
            let handler = ServerConnectionHandler(configuration: ServerConnectionConfiguration(), delegate: self)
            self.handler = handler
            channel = EmbeddedChannel(handler: handler, loop: loop)
            try channel?.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
        }

        func send(_ message: PacedMessage) {
            handler?.send(message)
        }

        func read(at now: Int64) throws {
            while let bytes = try channel?.readOutbound(as: ByteBuffer.self) {
                #expect(bytes.readableBytes <= Limits.unframedMessageBytes)
                switch try Response(Message(decoding: Array(buffer: bytes).span)).body {
                case .chat(let chat): for line in chat.text.split(separator: "\n") { note(line, by: chat.sender, now) }
                case .info(let info): for line in info.text.split(separator: "\n") { read(line, now) }
                case .users(let list): self.list = list
                default: Issue.record("nobody sent that")
                }
            }
        }

        /// Reads a line that says itself who said it.
        private func read(_ line: Substring, _ now: Int64) {
            if line.hasPrefix("[") {
                leftOut += Int(line.dropFirst().prefix { $0.isNumber }) ?? 0
                return
            }
            let parts = line.split(separator: ": ", maxSplits: 1)
            guard parts.count == 2 else { return #expect(line.hasPrefix("  "), "\(line) has no sender") }
            note(parts[1], by: String(parts[0]), now)
        }

        private func note(_ line: Substring, by sender: String, _ now: Int64) {
            // Parts of a long text have no time in them.
            guard let said = line.split(separator: " ").first.flatMap({ Int64($0) }) else { return }
            lines[sender, default: []].append(String(line))
            count += 1
            lag = max(lag, now - said)
        }

        func connectionReceived(_ incoming: RequestStream.Incoming) -> RequestStream.FlowControl { .more }
        func connectionBroke(_ fault: StreamFault) {}
        func connectionCanWrite() {}
        func connectionEnded() {}
        func connectionClosed(_ error: (any Error)?) { Issue.record("it was closed") }
    }

    private struct Text {
        var sender: String
        var moment: Int64
        var text: String

        var body: Response.Body { .chat(ChatMessage(sender: sender, recipient: .everyone, color: "#FFF", text: text)) }
    }

    /// Sends everything at its moments, and reads what is left afterwards.
    private func play(_ items: [(moment: Int64, body: Response.Body)], to count: Int) throws -> [Reader] {
        let loop = EmbeddedEventLoop()
        let readers = try (0..<count).map { _ in try Reader(on: loop) }
        let start = Timestamp(unixMilliseconds: 1_795_430_195_000)
        var now: Int64 = 0
        var rest = items[...]
        let end = (items.last?.moment ?? 0) + 10_000
        while now <= end {
            while let next = rest.first, next.moment <= now {
                rest.removeFirst()
                let moment = Timestamp(unixMilliseconds: start.unixMilliseconds + next.moment)
                let message = PacedMessage(Response(at: moment, next.body), kind: .broadcast)
                for reader in readers { reader.send(message) }
            }
            for reader in readers { try reader.read(at: now) }
            loop.advanceTime(by: .milliseconds(10))
            now += 10
        }
        return readers
    }

    private func play(_ texts: [Text], to count: Int = 1) throws -> [Reader] {
        try play(texts.map { ($0.moment, $0.body) }, to: count)
    }

    /// What guests say who say all that their budget allows.
    private func talk(guests: Int, for milliseconds: Int64, _ text: (Int64) -> String) -> [Text] {
        var budgets = Array(repeating: RequestBudget(), count: guests)
        var free = Array(repeating: Int64(0), count: guests)
        var texts: [Text] = []
        for moment in stride(from: Int64(0), to: milliseconds, by: 10) {
            for guest in budgets.indices where free[guest] <= moment {
                let text = text(moment)
                texts.append(Text(sender: "guest\(guest)", moment: moment, text: text))
                let request = Request.chat(ChatRequest(recipient: .everyone, text: text))
                let now = Timestamp(unixMilliseconds: moment)
                free[guest] = moment + Int64(budgets[guest].charge(request, within: .init(), at: now))
            }
        }
        return texts
    }

    @Test(
        "200 messages a second for a minute reach 20 original clients within 5 s, whole and in order, however many talk",
        arguments: [40, 200, 12_000]
    )
    func twoHundredASecond(talkers: Int) throws {
        var generator = SeededGenerator(seed: 6)
        var order = Array(0..<talkers)
        let texts = (0..<12_000).map { number in
            if number % talkers == 0 { order.shuffle(using: &generator) }
            let sender = "talker\(order[number % talkers])"
            return Text(sender: sender, moment: Int64(number * 5), text: "\(number * 5) is when \(number) was said")
        }
        let said = Dictionary(grouping: texts, by: \.sender).mapValues { $0.map(\.text) }
        for reader in try play(texts, to: talkers == 200 ? 20 : 1) {
            #expect(reader.lag < 5000)
            #expect(reader.leftOut == 0)
            #expect(reader.lines == said)
        }
    }

    @Test("1,000 people who join within 10 s are all told of, and the last list is the newest")
    func joins() throws {
        var items: [(moment: Int64, body: Response.Body)] = []
        for number in 0..<1000 {
            let moment = Int64(number * 10)
            let event = Info.Event.join(color: "#FFF", isAdmin: false)
            items.append((moment, .info(Info(sender: "guest\(number)", event: event, text: "joined: \(moment)"))))
            let users = (max(0, number - 50)...number).map { UserList.Entry(nickname: "guest\($0)", color: "#FFF") }
            items.append((moment, .users(UserList(users: users, admins: []))))
        }
        let reader = try #require(try play(items, to: 1).first)
        #expect(reader.lines["joined"] == (0..<1000).map { "\($0 * 10)" })
        #expect(reader.lag < 5000)
        #expect(reader.list?.users.last?.nickname == "guest999")
    }

    @Test(
        "guests who say all that their budget allows do not cost an original client a word of the others",
        arguments: [(8, 20), (8, 1000), (8, 4000), (8, 16_000), (22, 20), (22, 1000)]
    )
    func guests(count: Int, size: Int) throws {
        let texts = talk(guests: count, for: 60_000) { "\($0) \(String(repeating: "x", count: size))" }
        let reader = try #require(try play(texts).first)
        #expect(reader.lag < 5000)
        #expect(reader.leftOut == 0)
        #expect(reader.count == texts.count)
    }

    @Test("characters of a thousand bytes, two of which fit into no message, do not either")
    func clusters() throws {
        let cluster = "e" + String(repeating: "\u{301}", count: 511)
        let texts = talk(guests: 2, for: 60_000) { "\($0) \(String(repeating: cluster, count: 4))" }
        let reader = try #require(try play(texts).first)
        #expect(reader.lag < 5000)
        #expect(reader.leftOut == 0)
        #expect(reader.count == texts.count)
    }

    @Test("of more than a line can carry, each reader gets the latest and the number of what it missed")
    func tooMuch() throws {
        let filler = String(repeating: "x", count: 500)
        let texts = (0..<40_000).map { number in
            Text(sender: "talker\(number % 300)", moment: Int64(number / 2), text: "\(number / 2) \(filler)")
        }
        let reader = try #require(try play(texts).first)
        #expect(reader.lag < 5000)
        #expect(reader.leftOut > 0)
        #expect(reader.count + reader.leftOut == texts.count)
    }

    // MARK: - In a server

    private func join(_ server: VirtualServer, _ nickname: String) throws -> VirtualPeer {
        let peer = try server.connect()
        try peer.send("CON,nickname=\(nickname);password=;color=#FFF,")
        server.advance(by: .seconds(1))
        _ = try peer.read()
        return peer
    }

    @Test(
        "what an original client asks and says is answered within 5 s, whatever the others say",
        arguments: [false, true]
    )
    func ownRequests(isPrivate: Bool) throws {
        let server = VirtualServer()
        let reader = try join(server, "reader")
        let talkers = try (0..<10).map { try server.join("talker\($0)") }
        let text = "CHAT,rec=\(isPrivate ? "reader" : "-ALL")," + String(repeating: "x", count: 400)
        var heard = ""
        func flood(_ seconds: Int) throws {
            for _ in 0..<(seconds * 10) {
                for talker in talkers {
                    for _ in 0..<3 { try talker.send(framed: text) }
                    _ = try talker.read()
                }
                server.advance(by: .milliseconds(100))
                heard += try reader.read()
            }
        }
        try flood(10)
        for (request, answer) in [
            ("CHAT,rec=-ALL,it is me", "reader: it is me"), ("REF,,", "reason=REF"), ("USER,,", "USER,time"),
            ("CHAT,rec=nobody,hi", "ERR,"), ("UPDATE,color=#000,", "reason=UPDATE"),
        ] {
            heard = ""
            try reader.send(request)
            try flood(5)
            #expect(heard.contains(answer))
        }
        #expect(heard.contains(" messages were left out"))
        #expect(!reader.isAtEnd)
        // Afterwards everything is as before.
        server.advance(by: .seconds(5))
        _ = try reader.read()
        try reader.send("CHAT,rec=-ALL,still here")
        #expect(try reader.read().hasSuffix("sender=reader;rec=-ALL;color=#000,still here"))
    }

    @Test("1,000 people who come and go within 10 s do not cost an original client its place")
    func comingAndGoing() throws {
        let server = VirtualServer()
        let reader = try join(server, "reader")
        var heard = ""
        for number in 0..<1000 {
            try server.join("guest\(number)").hangUp()
            server.advance(by: .milliseconds(10))
            heard += try reader.read()
        }
        server.advance(by: .seconds(5))
        heard += try reader.read()
        for number in 0..<1000 {
            #expect(heard.contains("guest\(number) has joined the chat!"))
            #expect(heard.contains("guest\(number) has disconnected"))
        }
        let list = try #require(heard.split(separator: "USER,").last)
        #expect(list.contains(";num=1;"))
        #expect(!reader.isAtEnd)
    }

    @Test("an original client whose socket takes nothing is closed after a while, and costs little until then")
    func stuck() throws {
        let server = VirtualServer()
        let reader = try join(server, "reader")
        let talker = try server.join("talker")
        try reader.holdWrites()
        for _ in 0..<25 {
            for _ in 0..<400 { try talker.send(framed: "CHAT,rec=-ALL,\(String(repeating: "x", count: 100))") }
            server.advance(by: .seconds(1))
        }
        #expect(!reader.isAtEnd)
        #expect(server.hub.audience.keptBytes < 1_000_000)
        server.advance(by: .seconds(20))
        #expect(reader.isAtEnd)
        #expect(try talker.read().contains("reader has disconnected"))
    }
}
