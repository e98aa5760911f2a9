internal import ChatProtocol
internal import ChatServer
internal import NIOCore
internal import Testing

/// What one connection can't do to the others.
@Suite("Bounds", .serialized)
struct BoundsTests {
    @Test("a slow reader is closed, those beside it get everything")
    func slowReader() throws {
        let server = try TestServer { $0.limits.hardOutputBytes = 100_000 }
        let slow = try SocketPeer(port: server.port, receiveBuffer: 4096)
        try slow.logIn(framedAs: "slow")
        let fast = try SocketPeer(port: server.port)
        try fast.logIn(framedAs: "fast")
        let text = String(repeating: "y", count: 16_000)
        for number in 0..<400 {
            fast.send(framed: "CHAT,rec=-ALL,\(number) \(text)")
            let frame = try fast.nextFrame(of: "CHATR")
            #expect(frame.contains(",\(number) y"))
        }
        // It hears of the end of the slow one, or has while it waited for its own.
        let late = try SocketPeer(port: server.port)
        try late.logIn(framedAs: "late")
        late.send(framed: "USER,,")
        _ = try late.nextFrame(of: "USER")
        #expect(try late.nextFrame(of: "USER").contains("slow") == false)
    }

    @Test("more connections than allowed are not taken, and free places are used again")
    func connections() throws {
        let server = try TestServer { $0.limits.connections = 2 }
        var peers = try (0..<2).map { number in
            let peer = try SocketPeer(port: server.port)
            try peer.logIn(framedAs: "peer\(number)")
            return peer
        }
        let third = try SocketPeer(port: server.port)
        third.send("CON,nickname=third;password=;color=#F00,")
        #expect(try third.receive(until: "WARN,").contains("The server is full."))
        while !third.isAtEnd { #expect(third.receive().isEmpty) }
        peers.removeLast()
        #expect(try peers[0].nextFrame(of: "INFO").contains("peer0"))
        #expect(try peers[0].nextFrame(of: "INFO").contains("peer1 has joined"))
        #expect(try peers[0].nextFrame(of: "INFO").contains("peer1 has disconnected"))
        try SocketPeer(port: server.port).logIn(framedAs: "fourth")
    }

    @Test("what is no chat client is closed", arguments: ["GET / HTTP/1.1\r\n\r\n", "\u{1}\u{2}\u{3}"])
    func foreign(bytes: String) throws {
        let server = try TestServer()
        let peer = try SocketPeer(port: server.port)
        peer.send(bytes)
        while !peer.isAtEnd { #expect(peer.receive().isEmpty) }
    }

    @Test("a TLS hello to a server without TLS is answered in words, which no client takes for TLS")
    func noEncryption() throws {
        let server = try TestServer()
        let peer = try SocketPeer(port: server.port)
        peer.send("\u{16}\u{3}\u{1}\u{2}")
        var bytes: [UInt8] = []
        while !peer.isAtEnd { bytes += peer.receive() }
        let answer = String(decoding: bytes, as: UTF8.self)
        #expect(answer.hasPrefix("ERR,time="))
        #expect(answer.hasSuffix(",Error: This server has no encryption."))
    }
}
