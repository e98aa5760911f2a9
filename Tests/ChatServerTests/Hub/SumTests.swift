internal import ChatProtocol
internal import ChatSecurity
internal import ChatServer
internal import ChatServerCore
internal import NIOCore
internal import Testing

/// How many connections one address may have, and how much may wait for all of them.
@Suite("Sums", .serialized)
struct SumTests {
    @Test("one address has so many connections and no more; a free place is used again")
    func perAddress() throws {
        let server = try TestServer { $0.limits.connectionsPerAddress = 2 }
        let first = try SocketPeer(port: server.port)
        try first.logIn(framedAs: "first")
        var second: SocketPeer? = try SocketPeer(port: server.port)
        try second?.logIn(framedAs: "second")
        let third = try SocketPeer(port: server.port)
        third.send("CON,nickname=third;password=;color=#F00,")
        #expect(try third.receive(until: "WARN,").contains("Too many connections from your address are open."))
        while !third.isAtEnd { #expect(third.receive().isEmpty) }
        second = nil
        while try !first.nextFrame(of: "INFO").contains("second has disconnected") {}
        try SocketPeer(port: server.port).logIn(framedAs: "fourth")
    }

    @Test("one address opens connections so fast and no faster")
    func openings() throws {
        let server = try TestServer { $0.limits.openings = .init(burst: 2, perSecond: 0.01) }
        let peers = try (0..<3).map { _ in try SocketPeer(port: server.port) }
        try peers[0].logIn(framedAs: "first")
        try peers[1].logIn(framedAs: "second")
        peers[2].send("CON,nickname=third;password=;color=#F00,")
        #expect(try peers[2].receive(until: "WARN,").contains("in a short time"))
        while !peers[2].isAtEnd { #expect(peers[2].receive().isEmpty) }
    }

    @Test("when too much waits for all together, those for whom most waits have to go")
    func total() throws {
        let server = try TestServer {
            $0.limits.totalOutputBytes = 2_000_000
            // Each alone would be allowed all of it.
            $0.limits.hardOutputBytes = 64_000_000
            $0.limits.stuck = .hours(1)
        }
        let ann = try SocketPeer(port: server.port)
        try ann.logIn(framedAs: "ann")
        let text = String(repeating: "z", count: 16_000)
        for _ in 0..<60 { ann.send(framed: "CHAT,rec=-ALL,\(text)") }
        for _ in 0..<60 { _ = try ann.nextFrame(of: "CHATR") }
        // Asks for pages of a megabyte and reads none of them.
        let greedy = try SocketPeer(port: server.port, receiveBuffer: 4096)
        try greedy.logIn(framedAs: "greedy")
        for _ in 0..<12 { greedy.send(framed: "REF,limit=60,") }
        var isGone = false
        for _ in 0..<5000 where !isGone {
            ann.send(framed: "CHAT,rec=-ALL,still here")
            isGone = try #require(try ann.nextFrame()).contains("greedy has disconnected")
        }
        #expect(isGone)
        // Who reads is served as before.
        ann.send(framed: "CHAT,rec=-ALL,and afterwards")
        while try !ann.nextFrame(of: "CHATR").contains("and afterwards") {}
    }

    @Test("who reads is never counted out, however much goes through", arguments: [false, true])
    func throughput(isEncrypted: Bool) throws {
        let server = try TestServer(certificate: isEncrypted ? CertificateSource() : nil) {
            $0.limits.totalOutputBytes = 1_000_000
        }
        let encryption = isEncrypted ? try ClientEncryption() : nil
        let ann = try SocketPeer(port: server.port, encryption: encryption)
        try ann.logIn(framedAs: "ann")
        let bob = try SocketPeer(port: server.port, encryption: isEncrypted ? try ClientEncryption() : nil)
        try bob.logIn(framedAs: "bob")
        let text = String(repeating: "z", count: 16_000)
        for number in 0..<200 {
            ann.send(framed: "CHAT,rec=-ALL;nonce=\(number),\(text)")
            _ = try ann.nextFrame(of: "CHATR")
            _ = try bob.nextFrame(of: "CHATR")
        }
    }

    @Test("when some have to go, the others stay")
    func cascade() throws {
        let server = try TestServer(certificate: CertificateSource()) {
            $0.limits.totalOutputBytes = 4_000_000
            $0.limits.stuck = .hours(1)
        }
        let ann = try SocketPeer(port: server.port, encryption: ClientEncryption())
        try ann.logIn(framedAs: "ann")
        let text = String(repeating: "z", count: 16_000)
        for _ in 0..<60 { ann.send(framed: "CHAT,rec=-ALL,\(text)") }
        for _ in 0..<60 { _ = try ann.nextFrame(of: "CHATR") }
        // Each asks for pages of a megabyte and reads none of them.
        let greedy = try (0..<6).map { number in
            let peer = try SocketPeer(port: server.port, receiveBuffer: 4096, encryption: ClientEncryption())
            try peer.logIn(framedAs: "greedy\(number)")
            for _ in 0..<4 { peer.send(framed: "REF,limit=60,") }
            return peer
        }
        for number in 0..<2000 {
            ann.send(framed: "CHAT,rec=-ALL,\(number)")
            while try !ann.nextFrame(of: "CHATR").hasSuffix(",\(number)") {}
        }
        withExtendedLifetime(greedy) {}
    }
}
