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

    @Test("a reader that takes nothing for too long is closed, however little waits")
    func stuckReader() throws {
        let server = try TestServer { configuration in
            configuration.limits.stuck = .milliseconds(100)
            configuration.limits.sweep = .milliseconds(20)
        }
        let slow = try SocketPeer(port: server.port, receiveBuffer: 4096)
        try slow.logIn(framedAs: "slow")
        let fast = try SocketPeer(port: server.port)
        try fast.logIn(framedAs: "fast")
        let text = String(repeating: "y", count: 16_000)
        // The system takes some megabytes for it before anything waits here.
        var isGone = false
        for _ in 0..<5000 where !isGone {
            fast.send(framed: "CHAT,rec=-ALL,\(text)")
            var frame = ""
            while !frame.hasPrefix("CHATR,") {
                frame = try #require(try fast.nextFrame())
                isGone = isGone || frame.contains("slow has disconnected")
            }
        }
        #expect(isGone)
    }

    @Test("an unframed client that can't keep up is closed, not the others")
    func unframedOverflow() throws {
        let server = try TestServer { $0.limits.connection.pacedMessages = 20 }
        let old = try SocketPeer(port: server.port)
        old.send("CON,nickname=old;password=;color=#F00,")
        _ = try old.receive(until: "CONVER,")
        let new = try SocketPeer(port: server.port)
        try new.logIn(framedAs: "new")
        for number in 0..<60 { new.send(framed: "CHAT,rec=-ALL,\(number)") }
        for _ in 0..<60 { _ = try new.nextFrame(of: "CHATR") }
        #expect(try new.nextFrame(of: "INFO").contains("old has disconnected"))
    }

    @Test("who does not answer when another wants the nickname makes room for it, who answers stays")
    func probe() throws {
        let server = try TestServer { $0.limits.probeAnswer = .milliseconds(300) }
        let dead = try SocketPeer(port: server.port)
        try dead.logIn(framedAs: "ann")
        let alive = try SocketPeer(port: server.port)
        try alive.logIn(framedAs: "bob")
        let other = try SocketPeer(port: server.port)
        other.send("CON,nickname=bob;password=;color=#F00,")
        _ = try other.receive(until: "already logged in")
        other.send("CON,nickname=ann;password=;color=#F00,")
        _ = try other.receive(until: "already logged in")
        #expect(try alive.nextFrame(of: "PING").hasPrefix("PING,time="))
        alive.send(framed: "PONG,,")
        #expect(try alive.nextFrame(of: "INFO").contains("ann has disconnected"))
        other.send("CON,nickname=bob;password=;color=#F00,")
        _ = try other.receive(until: "already logged in")
        other.send("CON,nickname=ann;password=;color=#F00,")
        _ = try other.receive(until: "OK")
    }

    @Test("a silent framed client is asked, and closed if it does not answer")
    func silence() throws {
        let server = try TestServer { configuration in
            configuration.limits.silence = .milliseconds(50)
            configuration.limits.pingAnswer = .milliseconds(300)
            configuration.limits.sweep = .milliseconds(10)
        }
        let ann = try SocketPeer(port: server.port)
        try ann.logIn(framedAs: "ann")
        let bob = try SocketPeer(port: server.port)
        try bob.logIn(framedAs: "bob")
        // Ann answers while bob does not.
        var heard = ""
        while !heard.contains("bob has disconnected") {
            heard = try #require(try ann.nextFrame())
            if heard.hasPrefix("PING,") { ann.send(framed: "PONG,,") }
        }
        while try bob.nextFrame() != nil {}
    }

    @Test("who never logs in is closed")
    func neverLoggedIn() throws {
        let server = try TestServer { configuration in
            configuration.limits.login = .milliseconds(50)
            configuration.limits.sweep = .milliseconds(10)
        }
        let peer = try SocketPeer(port: server.port)
        while !peer.isAtEnd { #expect(peer.receive(within: 3000).isEmpty) }
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
        while !third.isAtEnd { #expect(third.receive(within: 3000).isEmpty) }
        peers.removeLast()
        #expect(try peers[0].nextFrame(of: "INFO").contains("peer0"))
        #expect(try peers[0].nextFrame(of: "INFO").contains("peer1 has joined"))
        #expect(try peers[0].nextFrame(of: "INFO").contains("peer1 has disconnected"))
        try SocketPeer(port: server.port).logIn(framedAs: "fourth")
    }

    @Test("what is no chat client is closed", arguments: ["GET / HTTP/1.1\r\n\r\n", "\u{16}\u{3}\u{1}\u{2}"])
    func foreign(bytes: String) throws {
        let server = try TestServer()
        let peer = try SocketPeer(port: server.port)
        peer.send(bytes)
        while !peer.isAtEnd { #expect(peer.receive(within: 3000).isEmpty) }
    }
}
