internal import ChatProtocol
internal import ChatSecurity
internal import ChatServerCore
internal import NIOCore
internal import Testing

@testable internal import ChatServer

/// How long the server waits for somebody, on a clock that the tests move.
@Suite("Patience")
struct PatienceTests {
    @Test("a silent framed client is asked after 90 s, and closed if it does not answer in time")
    func silence() throws {
        let server = VirtualServer()
        let ann = try server.join("ann")
        let bob = try server.join("bob")
        _ = try ann.frames()
        // The sweep comes every 5 s.
        server.advance(by: .seconds(89))
        #expect(try ann.frames().isEmpty)
        server.advance(by: .seconds(7))
        #expect(try ann.frames().count { $0.hasPrefix("PING,") } == 1)
        try ann.send(framed: "PONG,,")
        server.advance(by: .milliseconds(Int64(Limits.pingAnswerMilliseconds)) + .seconds(10))
        #expect(bob.isAtEnd)
        #expect(!ann.isAtEnd)
        #expect(try ann.texts(of: "INFO").contains { $0.contains("bob has disconnected") })
    }

    @Test("an original client may be silent for ever: it knows no PING")
    func silentOriginal() throws {
        let server = VirtualServer()
        let old = try server.connect()
        try old.send("CON,nickname=old;password=;color=#F00,")
        server.advance(by: .hours(24))
        #expect(!old.isAtEnd)
        #expect(try !old.read().contains("PING"))
    }

    @Test("who does not answer when another wants the nickname makes room for it, who answers stays")
    func probe() throws {
        let server = VirtualServer()
        let dead = try server.join("ann")
        let alive = try server.join("bob")
        let other = try server.connect()
        for nickname in ["ann", "bob"] { try other.send("CON,nickname=\(nickname);password=;color=#F00,") }
        #expect(try dead.frames().contains { $0.hasPrefix("PING,") })
        #expect(try alive.frames().contains { $0.hasPrefix("PING,") })
        server.advance(by: .milliseconds(3_999))
        try alive.send(framed: "PONG,,")
        #expect(!dead.isAtEnd)
        server.advance(by: .milliseconds(2))
        #expect(dead.isAtEnd)
        #expect(!alive.isAtEnd)
        #expect(try other.read().contains("already logged in"))
        try other.send("CON,nickname=bob;password=;color=#F00,")
        try other.send("CON,nickname=ann;password=;color=#F00,")
        server.advance(by: .seconds(1))
        #expect(try other.read().contains("OK"))
    }

    @Test("who never logs in is closed after 2 minutes")
    func neverLoggedIn() throws {
        let server = VirtualServer()
        let peer = try server.connect()
        server.advance(by: .seconds(119))
        #expect(!peer.isAtEnd)
        server.advance(by: .seconds(7))
        #expect(peer.isAtEnd)
        #expect(try peer.read().isEmpty)
    }

    @Test("a crumb now and then buys a stranger no more than 10 minutes")
    func crumbs() throws {
        let server = VirtualServer()
        let peer = try server.connect()
        for minute in 1...9 {
            server.advance(by: .minutes(1))
            try peer.send("PING,,\(minute)")
            server.advance(by: .seconds(1))
            #expect(try peer.read().hasSuffix(",\(minute)"))
        }
        server.advance(by: .seconds(56))
        #expect(peer.isAtEnd)
    }

    /// Whether one more finds room; who does not is told so at the first request.
    private func hasRoom(_ server: VirtualServer, _ encryption: ListenerEncryption? = nil) throws -> Bool {
        let encryption = encryption ?? ListenerEncryption(certificate: nil, plaintext: .allow)
        let peer = try server.connect(encryption)
        try peer.send("USER,,")
        return try !peer.read().hasPrefix("WARN,")
    }

    @Test("a handshake that does not go on counts from the start, and ends in time", arguments: [0, 1, 100])
    func unfinishedHandshake(bytes: Int) throws {
        let server = VirtualServer { $0.connections = 2 }
        let encryption = ListenerEncryption(certificate: try CertificateSource(), plaintext: .allow)
        let hello = try ClientEncryption().hello()
        let peers = try (0..<2).map { _ in
            let peer = try server.connect(encryption)
            if bytes > 0 { try peer.send(Array(hello.prefix(bytes))) }
            return peer
        }
        #expect(try !hasRoom(server, encryption))
        server.advance(by: .seconds(119))
        #expect(try !hasRoom(server, encryption))
        server.advance(by: .seconds(7))
        for peer in peers { #expect(peer.isAtEnd) }
        #expect(try hasRoom(server, encryption))
    }

    @Test("a reader that takes nothing for 30 s is closed, however little waits")
    func stuckReader() throws {
        let server = VirtualServer()
        let slow = try server.join("slow")
        let fast = try server.join("fast")
        slow.setReading(false)
        try fast.send(framed: "CHAT,rec=-ALL,hello")
        server.advance(by: .seconds(30))
        #expect(!slow.isAtEnd)
        server.advance(by: .seconds(6))
        #expect(slow.isAtEnd)
        #expect(try fast.texts(of: "INFO").contains { $0.contains("slow has disconnected") })
    }

    @Test("a reader that takes a little now and then stays")
    func slowReader() throws {
        let server = VirtualServer()
        let slow = try server.join("slow")
        let fast = try server.join("fast")
        for number in 0..<10 {
            slow.setReading(false)
            try fast.send(framed: "CHAT,rec=-ALL,\(number)")
            server.advance(by: .seconds(29))
            slow.setReading(true)
            server.advance(by: .seconds(1))
            for peer in [slow, fast] { try peer.send(framed: "PONG,,") }
        }
        #expect(try slow.texts() == (0..<10).map { "\($0)" })
    }

    @Test("who leaves and reads nothing does not keep the place")
    func leaving() throws {
        let server = VirtualServer { $0.connections = 2 }
        let ann = try server.join("ann")
        let greedy = try server.join("greedy")
        greedy.setReading(false)
        try ann.send(framed: "CHAT,rec=-ALL,hello")
        try greedy.send(framed: "DISCON,,")
        #expect(try ann.texts(of: "INFO").contains { $0.contains("greedy has disconnected") })
        #expect(try !hasRoom(server))
        server.advance(by: .seconds(36))
        #expect(greedy.isAtEnd)
        #expect(try hasRoom(server))
    }
}
