internal import ChatProtocol
internal import NIOCore
internal import NIOEmbedded
internal import Testing

@testable internal import ChatServer

/// Writes down what a connection tells the server.
private final class Listener: ServerConnectionDelegate {
    var incoming: [RequestStream.Incoming] = []
    var appetite = RequestStream.Appetite.more
    var events: [String] = []

    func connectionReceived(_ incoming: RequestStream.Incoming) -> RequestStream.Appetite {
        self.incoming.append(incoming)
        return appetite
    }

    func connectionBroke(_ fault: StreamFault) { events.append("broke: \(fault)") }
    func connectionCanWrite() { events.append("can write") }
    func connectionOverflowed() { events.append("overflowed") }
    func connectionEnded() { events.append("ended") }
    func connectionClosed(_ error: (any Error)?) { events.append(error == nil ? "closed" : "failed") }
}

@Suite("Server connection handler")
struct ServerConnectionHandlerTests {
    private let listener = Listener()
    private let handler: ServerConnectionHandler
    private let channel: EmbeddedChannel

    init() throws {
        var configuration = ServerConnectionConfiguration()
        configuration.pacedMessages = 40
        configuration.pacedAnswers = 8
        handler = ServerConnectionHandler(configuration: configuration, delegate: listener)
        channel = EmbeddedChannel(handler: handler)
        try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
    }

    private func receive(_ text: String) throws {
        // With room left, as a read that did not fill its buffer has.
        var bytes = ByteBuffer()
        bytes.reserveCapacity(text.utf8.count + 64)
        bytes.writeString(text)
        try channel.writeInbound(bytes)
    }

    private func message(_ text: String, _ kind: PacedMessage.Kind = .broadcast) -> PacedMessage {
        PacedMessage(ByteBuffer(string: text), kind: kind)
    }

    private func written() throws -> [String] {
        var texts: [String] = []
        while let bytes = try channel.readOutbound(as: ByteBuffer.self) { texts.append(String(buffer: bytes)) }
        return texts
    }

    private func advance(_ milliseconds: Int64) {
        channel.embeddedEventLoop.advanceTime(by: .milliseconds(milliseconds))
    }

    @Test("unframed messages go out one by one, 50 ms apart")
    func pacing() throws {
        handler.send(["one", "two", "three"].map { message($0) })
        #expect(try written() == ["one"])
        advance(49)
        #expect(try written() == [])
        advance(1)
        #expect(try written() == ["two"])
        advance(50)
        #expect(try written() == ["three"])
        advance(1000)
        handler.send([message("four")])
        #expect(try written() == ["four"])
    }

    @Test("after the CONVER that agrees to netstrings, bytes go out at once and frames come in")
    func framing() throws {
        try receive("CON,nickname=ann;password=;color=#FFF;framing=netstring,")
        #expect(listener.incoming.count == 1)
        #expect(!handler.canWrite)
        handler.beginFraming(after: message("CONVER,…,OK", .answer))
        #expect(handler.canWrite)
        #expect(listener.events == ["can write"])
        handler.writeAndFlush(ByteBuffer(string: "1:a,"))
        handler.write(ByteBuffer(string: "1:b,"))
        handler.writeAndFlush(ByteBuffer(string: "1:c,"))
        #expect(try written() == ["CONVER,…,OK", "1:a,", "1:b,", "1:c,"])
        try receive("6:USER,,,5:REF")
        try receive(",,,")
        #expect(listener.incoming.dropFirst().map { try? $0.get() } == [.users, .refresh(HistoryQuery())])
    }

    @Test("a CONVER keeps its distance from what was said before it, and netstrings wait for it")
    func lateFraming() throws {
        handler.send([message("CONVER,…,Error", .answer)])
        handler.beginFraming(after: message("CONVER,…,OK", .answer))
        #expect(!handler.canWrite)
        #expect(try written() == ["CONVER,…,Error"])
        advance(50)
        #expect(try written() == ["CONVER,…,OK"])
        #expect(handler.canWrite)
        #expect(listener.events == ["can write"])
    }

    @Test("half a request that is never finished is given up after 2 s, crumbs or not")
    func completion() throws {
        try receive("CON,nick")
        for _ in 0..<4 {
            advance(450)
            try receive("x")
        }
        #expect(listener.incoming.isEmpty)
        advance(200)
        #expect(listener.incoming.count == 1)
        #expect(throws: MessageError.self) { try listener.incoming[0].get() }
        try receive("USER,,")
        #expect(try listener.incoming[1].get() == .users)
    }

    @Test("one byte at a time is read like one write")
    func byteByByte() throws {
        for byte in "CON,nickname=ann;password=;color=#FFF,".utf8 { try receive(String(UnicodeScalar(byte))) }
        #expect(try listener.incoming.map { try $0.get() }.count == 1)
    }

    @Test("a peer that reads slower than it is told is reported, and nothing is queued any more")
    func overflow() throws {
        handler.send((0..<42).map { message("\($0)") })
        #expect(listener.events == ["overflowed"])
    }

    @Test("a peer that asks more than it can be told is not read from until it has been told")
    func answers() throws {
        handler.send((0..<9).map { message("\($0)", .answer) })
        try receive("USER,,")
        #expect(listener.incoming.count == 1)
        // The embedded channel reads when asked to; what matters is that it is not asked.
        var reads = 0
        try channel.pipeline.syncOperations.addHandler(ReadCounter { reads += 1 }, position: .first)
        channel.read()
        #expect(reads == 0)
        advance(50)
        #expect(reads == 1)
    }

    @Test("reading stops while the server wants a pause, and goes on where it stopped")
    func pause() throws {
        listener.appetite = .pause
        try receive("USER,,REF,,")
        #expect(listener.incoming.count == 1)
        var reads = 0
        try channel.pipeline.syncOperations.addHandler(ReadCounter { reads += 1 }, position: .first)
        channel.read()
        #expect(reads == 0)
        listener.appetite = .more
        handler.resume()
        #expect(listener.incoming.count == 2)
        #expect(reads == 1)
    }

    @Test("what was handed over goes out before the connection closes, and nothing more is read")
    func finish() throws {
        handler.send([message("one"), message("two")])
        handler.finish()
        handler.send([message("three")])
        try receive("USER,,")
        #expect(channel.isActive)
        advance(50)
        #expect(try written() == ["one", "two"])
        #expect(!channel.isActive)
        #expect(listener.events == ["closed"])
        #expect(listener.incoming.isEmpty)
    }

    @Test("a closing server does not let the distance between messages keep it")
    func hurry() throws {
        handler.send((0..<40).map { message("\($0)") })
        handler.hurry(until: channel.embeddedEventLoop.now + .milliseconds(200))
        handler.finish()
        advance(200)
        #expect(try written() == (0..<40).map { "\($0)" })
        #expect(!channel.isActive)
    }

    @Test("what can't be read is reported once", arguments: ["GET / HTTP/1.1\r\n", "\u{16}\u{3}"])
    func foreign(bytes: String) throws {
        try receive(bytes)
        try receive("CON,nickname=ann;password=;color=#FFF,")
        #expect(listener.events.count == 1)
        #expect(listener.events[0].hasPrefix("broke"))
        #expect(listener.incoming.isEmpty)
    }

    @Test("an error ends the connection")
    func failure() throws {
        channel.pipeline.fireErrorCaught(IOError(errnoCode: 104, reason: "read"))
        #expect(!channel.isActive)
        #expect(listener.events == ["failed"])
    }
}

/// Counts what reaches the socket's side of the pipeline.
private final class ReadCounter: ChannelOutboundHandler {
    typealias OutboundIn = ByteBuffer

    private let count: () -> Void

    init(_ count: @escaping () -> Void) {
        self.count = count
    }

    func read(context: ChannelHandlerContext) {
        count()
    }
}
