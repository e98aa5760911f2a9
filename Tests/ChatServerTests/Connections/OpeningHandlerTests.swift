internal import NIOCore
internal import NIOEmbedded
internal import Testing

@testable internal import ChatServer

@Suite("The first byte of a connection")
struct OpeningHandlerTests {
    @Test("tells TLS from everything else", arguments: UInt8.min...UInt8.max)
    func judges(byte: UInt8) {
        #expect(Opening(firstByte: byte) == (byte == 0x16 ? .tls : .plaintext))
    }

    @Test(
        "decides once, and every read comes through as it was",
        arguments: [("CON,nickname=ann;password=;color=#FFFFFF,", .plaintext), ("\u{16}\u{3}\u{1}\u{2}", .tls)]
            as [(String, Opening)]
    )
    func passesOn(text: String, opening: Opening) throws {
        let bytes = Array(text.utf8)
        for size in 1...bytes.count {
            let channel = EmbeddedChannel()
            let log = Log()
            let handler = OpeningHandler { channel, opening in
                log.openings.append(opening)
                try channel.pipeline.syncOperations.addHandler(log)
            }
            try channel.pipeline.syncOperations.addHandler(handler)
            let reads = stride(from: 0, to: bytes.count, by: size).map { Array(bytes[$0...].prefix(size)) }
            for read in reads { try channel.writeInbound(ByteBuffer(bytes: read)) }
            #expect(log.openings == [opening])
            #expect(log.reads == reads)
            #expect(log.completions == reads.count)
            #expect(throws: (any Error).self) { try channel.pipeline.syncOperations.handler(type: OpeningHandler.self) }
            _ = try channel.finish()
        }
    }

    @Test("a pipeline that refuses closes the connection, and nothing is passed on")
    func refusal() throws {
        struct Refused: Error {}
        let channel = EmbeddedChannel()
        let log = Log()
        try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
        try channel.pipeline.syncOperations.addHandlers(OpeningHandler { _, _ in throw Refused() }, log)
        try channel.writeInbound(ByteBuffer(string: "GET / HTTP/1.1\r\n"))
        #expect(!channel.isActive)
        #expect(log.reads.isEmpty)
    }
}

/// Writes down what comes after the opening.
private final class Log: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    var openings: [Opening] = []
    var reads: [[UInt8]] = []
    var completions = 0

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        reads.append(Array(buffer: unwrapInboundIn(data)))
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        completions += 1
    }
}
