internal import ChatTransport
internal import NIOCore
internal import NIOEmbedded
internal import Testing

@Suite("The first bytes of a connection")
struct OpeningHandlerTests {
    @Test(
        "tell what the peer speaks",
        arguments: [
            ("", nil),
            ("\u{16}\u{3}\u{1}", .tls),
            ("CON,nickname=ann", .plaintext),
            ("CON", nil),
            ("DISCONNECT", .plaintext),
            ("USER,,", .plaintext),
            ("con,", .plaintext),
            (",,", .plaintext),
            ("9", .plaintext),
            ("GET / HTTP/1.1", .foreign),
            ("POST ", .foreign),
            ("OPTIONS ", .foreign),
            ("\u{0}", .foreign),
            ("\n", .foreign),
            ("é", .foreign),
        ] as [(String, Opening?)]
    )
    func judges(text: String, opening: Opening?) {
        #expect(Opening.judge(Array(text.utf8)) == opening)
    }

    @Test("nothing is lost on the way to the handlers that come after", arguments: 1...12)
    func passesOn(chunk: Int) throws {
        let channel = EmbeddedChannel()
        var seen: [Opening] = []
        try channel.pipeline.syncOperations.addHandler(OpeningHandler { _, opening in seen.append(opening) })
        let text = "CON,nickname=ann;password=;color=#FFFFFF,"
        var rest = Array(text.utf8)[...]
        var got = ""
        while !rest.isEmpty {
            try channel.writeInbound(ByteBuffer(bytes: rest.prefix(chunk)))
            rest = rest.dropFirst(chunk)
            while let buffer = try channel.readInbound(as: ByteBuffer.self) { got += String(buffer: buffer) }
        }
        #expect(got == text)
        #expect(seen == [.plaintext])
        _ = try channel.finish()
    }

    @Test("a pipeline that refuses closes the connection")
    func refusal() throws {
        struct Refused: Error {}
        let channel = EmbeddedChannel()
        try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
        try channel.pipeline.syncOperations.addHandler(OpeningHandler { _, _ in throw Refused() })
        try channel.writeInbound(ByteBuffer(string: "GET / HTTP/1.1\r\n"))
        #expect(!channel.isActive)
    }
}
