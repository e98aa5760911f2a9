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
            ("CONVER,time=2026-11-22 12-04-05,Error: Log in first.", .unclear),
            ("WARN,time=2026-11-22 12-04-05,The server is full.", .busy("The server is full.")),
            ("HTTP/1.1 400 Bad Request", .unclear),
            ("\u{15}\u{03}\u{03}", .unclear),
            ("CONVER,time=2026-11-22 12:", nil),
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
        #expect(try answer.wait() == .original)
        try channel.writeInbound(ByteBuffer(string: "CONVER,"))
        #expect(try channel.readInbound(as: ByteBuffer.self) == ByteBuffer(string: "CONVER,"))
    }

    @Test("is over after a while, and when the connection is")
    func over() throws {
        let silent = try Self.channel()
        let silence = try PlainTextProbe.perform(on: silent, patience: .seconds(10))
        silent.embeddedEventLoop.advanceTime(by: .seconds(10))
        #expect(try silence.wait() == .unclear)
        let closed = try Self.channel()
        let end = try PlainTextProbe.perform(on: closed, patience: .seconds(10))
        closed.pipeline.fireChannelInactive()
        #expect(try end.wait() == .unclear)
    }
}
