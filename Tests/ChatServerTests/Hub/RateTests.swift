internal import ChatProtocol
internal import ChatSecurity
internal import ChatServer
internal import ChatServerCore
internal import NIOCore
internal import Testing

/// How much at once, and how fast.
@Suite("Rates and sums", .serialized)
struct RateTests {
    @Test("who talks too fast is heard more slowly, loses nothing, and holds nobody up")
    func messages() throws {
        let server = try TestServer {
            $0.limits.requests.requests = .init(burst: 5, perSecond: 50)
        }
        let fast = try SocketPeer(port: server.port)
        try fast.logIn(framedAs: "fast")
        let calm = try SocketPeer(port: server.port)
        try calm.logIn(framedAs: "calm")
        let started = NIODeadline.now()
        for number in 0..<40 { fast.send(framed: "CHAT,rec=-ALL,fast \(number)") }
        calm.send(framed: "CHAT,rec=-ALL,calm")
        var heard: [String] = []
        while heard.count < 41 {
            let frame = try calm.nextFrame(of: "CHATR")
            heard.append(String(frame.split(separator: ",", maxSplits: 2).last ?? ""))
        }
        #expect(heard.filter { $0 != "calm" } == (0..<40).map { "fast \($0)" })
        // The others are not behind the flood, but in the middle of it.
        #expect(try #require(heard.firstIndex(of: "calm")) < 20)
        // Login and 4 messages are the burst; the other 36 take 20 ms each.
        #expect(NIODeadline.now() - started >= .milliseconds(600))
    }

    @Test("who says too much and then goodbye is heard to the end")
    func lastWords() throws {
        let server = try TestServer { $0.limits.requests.requests = .init(burst: 3, perSecond: 100) }
        let calm = try SocketPeer(port: server.port)
        try calm.logIn(framedAs: "calm")
        let fast = try SocketPeer(port: server.port)
        try fast.logIn(framedAs: "fast")
        for number in 0..<20 { fast.send(framed: "CHAT,rec=-ALL,\(number)") }
        fast.finishSending()
        for number in 0..<20 { #expect(try calm.nextFrame(of: "CHATR").hasSuffix(",\(number)")) }
        while try !calm.nextFrame(of: "INFO").contains("fast has disconnected") {}
    }

    @Test("but not for ever")
    func lastWordsWithoutEnd() throws {
        let server = try TestServer { configuration in
            configuration.limits.requests.requests = .init(burst: 3, perSecond: 0.01)
            configuration.limits.stuck = .milliseconds(100)
            configuration.limits.sweep = .milliseconds(10)
        }
        let calm = try SocketPeer(port: server.port)
        try calm.logIn(framedAs: "calm")
        let fast = try SocketPeer(port: server.port)
        try fast.logIn(framedAs: "fast")
        for number in 0..<20 { fast.send(framed: "CHAT,rec=-ALL,\(number)") }
        fast.finishSending()
        while try !calm.nextFrame(of: "INFO").contains("fast has disconnected") {}
    }

    @Test("pages of history have a budget of their own, and it only delays")
    func refreshes() throws {
        let server = try TestServer {
            $0.limits.requests.requests = .init(burst: 3, perSecond: 1000)
            $0.limits.requests.refreshes = .init(burst: 2, perSecond: 20)
        }
        let ann = try SocketPeer(port: server.port)
        try ann.logIn(framedAs: "ann")
        let started = NIODeadline.now()
        for _ in 0..<8 { ann.send(framed: "REF,limit=1,") }
        for _ in 0..<8 { _ = try ann.nextFrame(of: "CONFIRM") }
        #expect(NIODeadline.now() - started >= .milliseconds(250))
    }

    @Test("one address has so many connections and no more; a free place is used again")
    func perAddress() throws {
        let server = try TestServer { $0.limits.connectionsPerAddress = 2 }
        let first = try SocketPeer(port: server.port)
        try first.logIn(framedAs: "first")
        var second: SocketPeer? = try SocketPeer(port: server.port)
        try second?.logIn(framedAs: "second")
        let third = try SocketPeer(port: server.port)
        while !third.isAtEnd { #expect(third.receive(within: 3000).isEmpty) }
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
        while !peers[2].isAtEnd { #expect(peers[2].receive(within: 3000).isEmpty) }
    }

    @Test("a crumb now and then buys a stranger no more time")
    func crumbs() throws {
        let server = try TestServer { configuration in
            configuration.limits.loginInAll = .milliseconds(150)
            configuration.limits.sweep = .milliseconds(10)
        }
        let peer = try SocketPeer(port: server.port)
        var answers = 0
        while !peer.isAtEnd, answers < 1000 {
            peer.send("PING,,x")
            answers += 1
            _ = peer.receive(within: 20)
        }
        #expect(peer.isAtEnd)
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

    @Test("who leaves and reads nothing does not keep the place")
    func leaving() throws {
        let server = try TestServer { configuration in
            configuration.limits.connections = 2
            configuration.limits.stuck = .milliseconds(200)
            configuration.limits.sweep = .milliseconds(20)
        }
        let ann = try SocketPeer(port: server.port)
        try ann.logIn(framedAs: "ann")
        let text = String(repeating: "z", count: 16_000)
        for _ in 0..<60 { ann.send(framed: "CHAT,rec=-ALL,\(text)") }
        for _ in 0..<60 { _ = try ann.nextFrame(of: "CHATR") }
        let greedy = try SocketPeer(port: server.port, receiveBuffer: 4096)
        try greedy.logIn(framedAs: "greedy")
        for _ in 0..<4 { greedy.send(framed: "REF,limit=60,") }
        greedy.send(framed: "DISCON,,")
        while try !ann.nextFrame(of: "INFO").contains("greedy has disconnected") {}
        // The system took some of it; the rest nobody ever will.
        let deadline = NIODeadline.now() + .seconds(20)
        var isFree = false
        while !isFree, NIODeadline.now() < deadline {
            isFree = (try? SocketPeer(port: server.port).logIn(framedAs: "next")) != nil
        }
        #expect(isFree)
        withExtendedLifetime(greedy) {}
    }

    @Test("a backlog that is being written buys no requests beyond the budget")
    func backlog() throws {
        let server = try TestServer { $0.limits.requests.refreshes = .init(burst: 2, perSecond: 20) }
        let ann = try SocketPeer(port: server.port)
        try ann.logIn(framedAs: "ann")
        let text = String(repeating: "z", count: 16_000)
        for _ in 0..<60 { ann.send(framed: "CHAT,rec=-ALL,\(text)") }
        for _ in 0..<60 { _ = try ann.nextFrame(of: "CHATR") }
        let started = NIODeadline.now()
        for _ in 0..<16 { ann.send(framed: "REF,limit=60,") }
        for _ in 0..<16 { _ = try ann.nextFrame(of: "CONFIRM") }
        #expect(NIODeadline.now() - started >= .milliseconds(650))
    }
}
