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
        let isEventLoopBehind = false
        private(set) var channel: EmbeddedChannel?
        private var handler: ServerConnectionHandler?
        private(set) var isTooSlow = false
        /// The lines that came, by sender.
        private(set) var lines: [String: [String]] = [:]
        /// The longest time that a text took, in milliseconds.
        private(set) var lag: Int64 = 0

        init(on loop: EmbeddedEventLoop) throws {
            let handler = ServerConnectionHandler(configuration: ServerConnectionConfiguration(), delegate: self)
            self.handler = handler
            channel = EmbeddedChannel(handler: handler, loop: loop)
            try channel?.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
        }

        func send(_ messages: [PacedMessage]) {
            handler?.send(messages)
        }

        func read(at now: Int64) throws {
            while let bytes = try channel?.readOutbound(as: ByteBuffer.self) {
                #expect(bytes.readableBytes <= Limits.unframedMessageBytes)
                let response = try Response(Message(decoding: Array(buffer: bytes).span))
                guard case .chat(let chat) = response.body else { continue }
                for line in chat.text.split(separator: "\n") {
                    // Parts of a long text have no time in them.
                    guard let said = line.split(separator: " ").first.flatMap({ Int64($0) }) else { continue }
                    lines[chat.sender, default: []].append(String(line))
                    lag = max(lag, now - said)
                }
            }
        }

        func connectionReceived(_ incoming: RequestStream.Incoming) -> RequestStream.Appetite { .more }
        func connectionBroke(_ fault: StreamFault) {}
        func connectionCanWrite() {}
        func connectionOverflowed() { isTooSlow = true }
        func connectionEnded() {}
        func connectionClosed(_ error: (any Error)?) {}
    }

    private struct Text {
        var sender: String
        var moment: Int64
        var text: String
    }

    /// Has texts said at their moments, and what is left read afterwards.
    private func play(_ texts: [Text], to count: Int) throws -> [Reader] {
        let loop = EmbeddedEventLoop()
        let readers = try (0..<count).map { _ in try Reader(on: loop) }
        let start = Timestamp(unixMilliseconds: 1_795_430_195_000)
        var now: Int64 = 0
        var rest = texts[...]
        let end = (texts.last?.moment ?? 0) + 40_000
        while now <= end {
            while let next = rest.first, next.moment <= now {
                rest.removeFirst()
                let message = ChatMessage(
                    id: MessageID(Int64(texts.count - rest.count)),
                    sender: next.sender,
                    recipient: .everyone,
                    color: "#FFF",
                    text: next.text
                )
                let moment = Timestamp(unixMilliseconds: start.unixMilliseconds + next.moment)
                let messages = Response(at: moment, .chat(message)).unframedMessages(isBroadcast: true)
                for reader in readers { reader.send(messages) }
            }
            for reader in readers { try reader.read(at: now) }
            loop.advanceTime(by: .milliseconds(10))
            now += 10
        }
        return readers
    }

    @Test("200 messages a second for a minute reach 20 original clients within 5 s, whole and in order")
    func twoHundredASecond() throws {
        var generator = SeededGenerator(seed: 6)
        var order = Array(0..<40)
        let texts = (0..<12_000).map { number in
            if number % 40 == 0 { order.shuffle(using: &generator) }
            let sender = "talker\(order[number % 40])"
            return Text(sender: sender, moment: Int64(number * 5), text: "\(number * 5) is when \(number) was said")
        }
        for reader in try play(texts, to: 20) {
            #expect(!reader.isTooSlow)
            #expect(reader.lag < 5000)
            for (sender, said) in Dictionary(grouping: texts, by: \.sender) {
                #expect(reader.lines[sender] == said.map(\.text))
            }
        }
    }

    @Test(
        "eight guests who say all that their budget allows do not cost an original client its place",
        arguments: [20, 1000, 4000, 16_000]
    )
    func eightGuests(size: Int) throws {
        var budgets = Array(repeating: RequestBudget(), count: 8)
        var free = Array(repeating: Int64(0), count: 8)
        var texts: [Text] = []
        for moment in stride(from: Int64(0), to: 60_000, by: 10) {
            for guest in budgets.indices where free[guest] <= moment {
                let text = "\(moment) \(String(repeating: "x", count: size))"
                texts.append(Text(sender: "guest\(guest)", moment: moment, text: text))
                let request = Request.chat(ChatRequest(recipient: .everyone, text: text))
                let now = Timestamp(unixMilliseconds: moment)
                free[guest] = moment + Int64(budgets[guest].charge(request, within: .init(), at: now))
            }
        }
        let readers = try play(texts, to: 1)
        for reader in readers {
            #expect(!reader.isTooSlow)
            #expect(reader.lag < 20_000)
            #expect(reader.lines.values.reduce(0) { $0 + $1.count } == texts.count)
        }
    }
}
