internal import ChatProtocol
internal import NIOCore
internal import NIOEmbedded
internal import Testing

@testable internal import ChatServer

/// Writes down what a connection tells the server.
private final class Listener: ServerConnectionDelegate {
    var incoming: [RequestStream.Incoming] = []
    var flow = RequestStream.FlowControl.more
    var events: [String] = []

    /// What arrived, in words.
    var requests: [String] {
        incoming.map { incoming in
            switch incoming {
            case .success(.chat(let chat)): "\(chat.recipient?.wire ?? "?"): \(chat.text)"
            case .success(let request): "\(request)"
            case .failure(let error): "\(error)"
            }
        }
    }

    func connectionReceived(_ incoming: RequestStream.Incoming) -> RequestStream.FlowControl {
        self.incoming.append(incoming)
        return flow
    }

    func connectionBroke(_ fault: StreamFault) { events.append("broke: \(fault)") }
    func connectionCanWrite() { events.append("can write") }
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
        configuration.pacedAnswers = 8
        configuration.readAhead = 2000
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

    private func receiveFull(_ text: String) throws {
        var bytes = ByteBuffer(string: text)
        // A slice has no room behind it.
        let slice = bytes.readSlice(length: bytes.readableBytes)
        try channel.writeInbound(try #require(slice))
    }

    /// Ends the pauses, as the server does one by one.
    private func resume(until count: Int) {
        while listener.incoming.count < count { handler.resume() }
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
        for text in ["one", "two", "three"] { handler.send(message(text)) }
        #expect(try written() == ["one"])
        advance(49)
        #expect(try written() == [])
        advance(1)
        #expect(try written() == ["two"])
        advance(50)
        #expect(try written() == ["three"])
        advance(1000)
        handler.send(message("four"))
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
        handler.send(message("CONVER,…,Error", .answer))
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

    @Test("a peer that asks more than it can be told is answered once it has been told, each send by itself")
    func answers() throws {
        for number in 0..<9 { handler.send(message("\(number)", .answer)) }
        for text in ["CHAT,rec=-ALL,one", "CHAT,rec=bob,two", "DISCON,,"] { try receive(text) }
        #expect(listener.incoming.isEmpty)
        advance(50)
        #expect(listener.requests == ["-ALL: one", "bob: two", "disconnect"])
    }

    @Test("who has ended is heard to the end although much is still to be told")
    func lastWords() throws {
        for number in 0..<9 { handler.send(message("\(number)", .answer)) }
        try receive("CHAT,rec=-ALL,one")
        channel.pipeline.fireUserInboundEventTriggered(ChannelEvent.inputClosed)
        #expect(handler.isHolding)
        advance(50)
        #expect(listener.requests == ["-ALL: one"])
        #expect(!handler.isHolding)
        #expect(listener.events == ["ended", "ended"])
    }

    @Test("what a peer sends during a pause is read at once, and each read stays a request of its own")
    func readAhead() throws {
        var reads = 0
        try channel.pipeline.syncOperations.addHandler(ReadCounter { reads += 1 }, position: .first)
        listener.flow = .pause
        let texts = ["CHAT,rec=-ALL,line 047", "CHAT,rec=bobby,my secret", "CHAT,rec=-ALL,see REF,,", "DISCON,,"]
        for text in texts {
            channel.read()
            try receive(text)
        }
        #expect(reads == 4)
        #expect(listener.incoming.count == 1)
        resume(until: 4)
        #expect(listener.requests == ["-ALL: line 047", "bobby: my secret", "-ALL: see REF,,", "disconnect"])
    }

    @Test("reading stops at a bound, and what waited in the socket meanwhile is split")
    func readAheadBound() throws {
        var reads = 0
        try channel.pipeline.syncOperations.addHandler(ReadCounter { reads += 1 }, position: .first)
        listener.flow = .pause
        var sent = 0
        while true {
            let before = reads
            channel.read()
            guard reads > before else { break }
            try receive("CHAT,rec=-ALL,\(sent)")
            sent += 1
        }
        #expect(sent > 2)
        resume(until: sent)
        handler.resume()
        #expect(reads == sent + 1)
        try receive("CHAT,rec=-ALL,lateCHAT,rec=bobby,my secretDISCON,,")
        resume(until: sent + 3)
        #expect(
            listener.requests == (0..<sent).map { "-ALL: \($0)" } + ["-ALL: late", "bobby: my secret", "disconnect"]
        )
        // Soon everything is read as it comes again.
        advance(2000)
        try receive("CHAT,rec=-ALL,typed DISCON,,")
        resume(until: sent + 4)
        #expect(listener.requests.last == "-ALL: typed DISCON,,")
    }

    @Test("what follows a read that filled its buffer is split like it")
    func fullBuffer() throws {
        try receiveFull("CHAT,rec=-ALL,oneREF,,")
        try receive("CHAT,rec=-ALL,twoCHAT,rec=bobby,three")
        #expect(
            listener.requests == ["-ALL: one", "\(Request.refresh(HistoryQuery()))", "-ALL: two", "bobby: three"]
        )
        try receive("CHAT,rec=-ALL,fourDISCON,,")
        #expect(listener.requests.last == "-ALL: fourDISCON,,")
    }

    @Test("half a request whose rest the server leaves in the socket is not given up")
    func halfWithheld() throws {
        listener.flow = .pause
        try receive("CHAT,rec=-ALL,first")
        let filler = "CHAT,rec=-ALL," + String(repeating: "x", count: 4000)
        try receive(filler)
        try receiveFull("CHAT,rec=-ALL,a long")
        channel.read()
        advance(5000)
        resume(until: 2)
        handler.resume()
        try receive(" text")
        resume(until: 3)
        #expect(listener.requests.last == "-ALL: a long text")
    }

    @Test("what a peer leaves unfinished when it ends is answered as it is")
    func endInTheMiddle() throws {
        try receiveFull("CHAT,rec=-ALL,exactly a buffer")
        channel.pipeline.fireUserInboundEventTriggered(ChannelEvent.inputClosed)
        #expect(listener.requests == ["-ALL: exactly a buffer"])
    }

    @Test("netstrings wait in the socket during a pause, and go on where they stopped")
    func pause() throws {
        try receive("CON,nickname=ann;password=;color=#FFF;framing=netstring,")
        handler.beginFraming(after: message("CONVER,…,OK", .answer))
        listener.flow = .pause
        try receive("6:USER,,,5:REF,,,")
        #expect(listener.incoming.count == 2)
        var reads = 0
        try channel.pipeline.syncOperations.addHandler(ReadCounter { reads += 1 }, position: .first)
        channel.read()
        #expect(reads == 0)
        listener.flow = .more
        handler.resume()
        #expect(listener.incoming.count == 3)
        #expect(reads == 1)
    }

    @Test("who is too slow is told why, in place of what waited, and closed")
    func farewell() throws {
        for number in 0..<20 { handler.send(message("\(number)")) }
        #expect(try written() == ["0"])
        handler.finish(saying: message("WARN,…", .answer))
        advance(50)
        #expect(try written() == ["WARN,…"])
        #expect(!channel.isActive)
        #expect(listener.events == ["closed"])
    }

    @Test("what was handed over goes out before the connection closes, and nothing more is read")
    func finish() throws {
        for text in ["one", "two"] { handler.send(message(text)) }
        handler.finish()
        handler.send(message("three"))
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
        for number in 0..<40 { handler.send(message("\(number)")) }
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
