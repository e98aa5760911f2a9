internal import NIOCore
internal import NIOEmbedded
internal import Testing

@testable internal import ChatClient

@Suite("A question in plain text")
struct PlainTextProbeTests {
    @Test(
        "is answered by an original server in a way of its own",
        arguments: [
            ("CONVER,time=2026-11-22 12:04:05,Error: Unknown connection attempt.", .original),
            ("CONVER,time=2026-11-22 12:04:05,", .original),
            ("CONVER,time=2026-11-22 12-04-05,Error: Log in first.", .ambiguous),
            ("CONVER,time=2026-11-22 12-04-05,OK", .unclear),
            ("ERR,time=2026-11-22 12-04-05,Error: no", .unclear),
            ("WARN,time=2026-11-22 12-04-05,The server is full.", .busy("The server is full.")),
            ("HTTP/1.1 400 Bad Request", .unclear),
            ("\u{15}\u{03}\u{03}", .unclear),
            ("CONVER,time=2026-11-22 12:", nil),
            ("CONVER,time=2026-11-22 12-04", nil),
            ("WAR", nil),
            ("CONVER," + String(repeating: "x", count: 3000), .unclear),
            ("", nil),
        ] as [(String, PlainTextProbe.Answer?)]
    )
    func judgement(text: String, answer: PlainTextProbe.Answer?) {
        #expect(PlainTextProbe.judge(ByteBuffer(string: text)) == answer)
    }

    private static func channel() throws -> EmbeddedChannel {
        let channel = EmbeddedChannel()
        channel.connect(to: try SocketAddress(ipAddress: "192.0.2.1", port: 6666), promise: nil)
        return channel
    }

    @Test("leaves a connection behind that can be used")
    func leaves() throws {
        let channel = try Self.channel()
        let answer = try PlainTextProbe.perform(on: channel, patience: .seconds(10))
        #expect(try channel.readOutbound(as: ByteBuffer.self) == ByteBuffer(string: "USER,,"))
        for part in ["CONVER,time=2026-11-22", " 12:04:05,Error: Unknown"] {
            try channel.writeInbound(ByteBuffer(string: part))
        }
        #expect(try answer.wait().answer == .original)
        try channel.writeInbound(ByteBuffer(string: "CONVER,"))
        #expect(try channel.readInbound(as: ByteBuffer.self) == ByteBuffer(string: "CONVER,"))
    }

    @Test("leaves nothing of its answer to the chat, wherever that is cut")
    func cutAnswer() throws {
        let time = "time=2026-11-22 12:04:05"
        let answer = Array("CONVER,\(time),Error: Unknown connection attempt. Expected: 'CON/,nickname/,color'".utf8)
        let verdict = "CONVER,\(time),OK"
        for cut in 1...answer.count {
            let channel = try Self.channel()
            let probed = try PlainTextProbe.perform(on: channel, patience: .seconds(10))
            try channel.writeInbound(ByteBuffer(bytes: answer[..<cut]))
            let isDecided = cut >= "CONVER,\(time),".utf8.count
            if !isDecided { try channel.writeInbound(ByteBuffer(bytes: answer[cut...])) }
            let handler = ClientProtocolHandler(decoder: try probed.wait().decoder)
            try channel.pipeline.syncOperations.addHandler(handler)
            channel.writeAndFlush(ClientProtocolHandlerTests.login, promise: nil)
            if isDecided, cut < answer.count { try channel.writeInbound(ByteBuffer(bytes: answer[cut...])) }
            channel.embeddedEventLoop.advanceTime(by: .seconds(3))
            try channel.writeInbound(ByteBuffer(string: verdict))
            channel.embeddedEventLoop.advanceTime(by: .seconds(3))
            var events: [ServerEvent] = []
            while let event = try channel.readInbound(as: ServerEvent.self) { events.append(event) }
            #expect(events == [try ClientProtocolHandlerTests.response(verdict)], "cut at \(cut)")
            _ = try? channel.finish(acceptAlreadyClosed: true)
        }
    }

    @Test("waits for the end of a busy server's words")
    func busyInPieces() throws {
        for closes in [false, true] {
            let channel = try Self.channel()
            let answer = try PlainTextProbe.perform(on: channel, patience: .seconds(10))
            for part in ["WARN,time=2026-11-22 12-04-05,The ser", "ver is full."] {
                try channel.writeInbound(ByteBuffer(string: part))
            }
            if closes { channel.pipeline.fireChannelInactive() }
            channel.embeddedEventLoop.advanceTime(by: .seconds(1))
            #expect(try answer.wait().answer == .busy("The server is full."))
        }
    }

    @Test("is over after a while, and when the connection is")
    func over() throws {
        let silent = try Self.channel()
        let silence = try PlainTextProbe.perform(on: silent, patience: .seconds(10))
        silent.embeddedEventLoop.advanceTime(by: .seconds(10))
        #expect(try silence.wait().answer == .unclear)
        let closed = try Self.channel()
        let end = try PlainTextProbe.perform(on: closed, patience: .seconds(10))
        closed.pipeline.fireChannelInactive()
        #expect(try end.wait().answer == .unclear)
    }
}
