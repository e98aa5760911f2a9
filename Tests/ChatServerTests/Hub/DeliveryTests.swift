internal import ChatProtocol
internal import ChatServer
internal import ChatServerCore
internal import NIOCore
internal import Testing

/// Who gets what, in which order.
@Suite("Delivery", .serialized)
struct DeliveryTests {
    private func text(of frame: String) -> String {
        String(frame.split(separator: ",", maxSplits: 2, omittingEmptySubsequences: false).last ?? "")
    }

    @Test("everybody gets every message once, all in one order")
    func oneOrder() throws {
        let server = try TestServer()
        let peers = try (0..<6).map { number in
            let peer = try SocketPeer(port: server.port)
            try peer.logIn(framedAs: "peer\(number)")
            return peer
        }
        for round in 0..<100 {
            for (number, peer) in peers.enumerated() { peer.send(framed: "CHAT,rec=-ALL,\(number) \(round)") }
        }
        let heard = try peers.map { peer in
            try (0..<600).map { _ in text(of: try peer.nextFrame(of: "CHATR")) }
        }
        for other in heard.dropFirst() { #expect(other == heard[0]) }
        for number in 0..<6 {
            #expect(heard[0].filter { $0.hasPrefix("\(number) ") } == (0..<100).map { "\(number) \($0)" })
        }
    }

    @Test("old and new clients hear each other, the sender's copy carries the nonce")
    func bothFramings() throws {
        let server = try TestServer()
        let old = try SocketPeer(port: server.port)
        old.send("CON,nickname=old;password=;color=#F00,")
        _ = try old.receive(until: "USER,")
        let new = try SocketPeer(port: server.port)
        try new.logIn(framedAs: "new")
        let third = try SocketPeer(port: server.port)
        try third.logIn(framedAs: "third")
        new.send(framed: "CHAT,rec=-ALL;nonce=n1,hello")
        #expect(try new.nextFrame(of: "CHATR").contains(";nonce=n1;"))
        #expect(try third.nextFrame(of: "CHATR").contains("nonce") == false)
        #expect(try old.receive(until: "CHATR,").contains("sender=new;rec=-ALL;color=#FFF,hello"))
        old.send("CHAT,rec=new,psst")
        #expect(text(of: try new.nextFrame(of: "CHATR")) == "psst")
        third.send(framed: "PING,,x")
        #expect(try third.nextFrame()?.hasPrefix("PONG,") == true)
    }

    @Test("a client that half-closes still gets what it asked for")
    func halfClose() throws {
        let server = try TestServer()
        let peer = try SocketPeer(port: server.port)
        peer.send("CON,nickname=ann;password=;color=#F00,")
        peer.finishSending()
        #expect(try peer.receive(until: "CONVER,").hasSuffix(",OK"))
        while !peer.isAtEnd { _ = peer.receive() }
    }

    @Test("hundreds of dear requests in one write are all answered, and keep nobody waiting")
    func dearRequests() throws {
        let server = try TestServer()
        let greedy = try SocketPeer(port: server.port)
        try greedy.logIn(framedAs: "greedy")
        for number in 0..<50 { greedy.send(framed: "CHAT,rec=-ALL,\(number)") }
        _ = try (0..<50).map { _ in try greedy.nextFrame(of: "CHATR") }
        var bytes: [UInt8] = []
        for _ in 0..<300 { Netstring.encode(Array("REF,,".utf8), into: &bytes) }
        greedy.send(bytes)
        let other = try SocketPeer(port: server.port)
        try other.logIn(framedAs: "other")
        other.send(framed: "PING,,still there?")
        _ = try other.nextFrame(of: "PONG")
        for _ in 0..<300 { _ = try greedy.nextFrame(of: "CONFIRM") }
    }

    /// An original client in a room in which something was said, its login over.
    private func join(_ server: TestServer) throws -> SocketPeer {
        let new = try SocketPeer(port: server.port)
        try new.logIn(framedAs: "new")
        for number in 0..<3 { new.send(framed: "CHAT,rec=-ALL,said before \(number)") }
        for _ in 0..<3 { _ = try new.nextFrame(of: "CHATR") }
        let old = try SocketPeer(port: server.port)
        old.send("CON,nickname=old;password=;color=#F00,")
        _ = try old.receive(until: "USER,")
        return old
    }

    @Test("an original client that asks for the history and more in one write is answered in order")
    func historyFirst() throws {
        let server = try TestServer(messages: SlowStore())
        let old = try join(server)
        old.send("REF,,USER,,")
        let answers = try old.receive(until: "USER,")
        #expect(answers.contains("reason=REF"))
        #expect(answers.contains("said before 2"))
    }

    @Test("an original client that asks for the history and leaves gets it before the goodbye")
    func historyBeforeGoodbye() throws {
        let server = try TestServer(messages: SlowStore())
        let old = try join(server)
        old.send("REF,,DISCON,,")
        let answers = try old.receive(until: "reason=DISCON")
        #expect(answers.contains("reason=REF"))
        #expect(answers.contains("said before 2"))
    }

    @Test("nobody hears a message before it is stored, nor its sender an answer")
    func storedFirst() throws {
        let store = HeldStore()
        let server = VirtualServer(messages: store)
        let ann = try server.join("ann")
        store.release()
        _ = try ann.frames()
        try ann.send(framed: "CHAT,rec=-ALL;nonce=1,one")
        try ann.send(framed: "CHAT,rec=-ALL;nonce=2,two")
        server.advance(by: .seconds(60))
        #expect(try ann.frames().isEmpty)
        // The second one came while the store had the first: it is the next batch.
        for text in ["one", "two"] {
            store.release()
            server.advance(by: .milliseconds(1))
            #expect(try ann.texts() == [text])
        }
    }

    @Test("who says more than the store can take waits, and nothing is lost")
    func storeFallsBehind() throws {
        let store = HeldStore()
        let server = VirtualServer(messages: store) { $0.waitingRecords = 10 }
        let ann = try server.join("ann")
        store.release()
        _ = try ann.frames()
        for number in 0..<500 { try ann.send(framed: "CHAT,rec=-ALL,\(number)") }
        try ann.send(framed: "PING,,")
        server.advance(by: .seconds(60))
        #expect(try ann.frames().isEmpty)
        var heard: [String] = []
        for _ in 0..<500 where heard.count < 500 {
            store.release()
            server.advance(by: .milliseconds(1))
            heard += try ann.texts()
        }
        #expect(heard == (0..<500).map { "\($0)" })
    }

    @Test("what can't be stored is refused, and heard by nobody")
    func storeFails() throws {
        let store = SlowStore()
        let server = try TestServer(messages: store)
        let ann = try SocketPeer(port: server.port)
        try ann.logIn(framedAs: "ann")
        _ = try ann.nextFrame(of: "USER")
        store.fail(StoreError("disk full"))
        ann.send(framed: "CHAT,rec=-ALL;nonce=1,one")
        #expect(try ann.nextFrame()?.hasPrefix("ERR,") == true)
        store.fail(nil)
        ann.send(framed: "CHAT,rec=-ALL;nonce=1,one")
        #expect(text(of: try ann.nextFrame(of: "CHATR")) == "one")
    }

    @Test("broken netstrings are answered and the connection closed")
    func brokenFraming() throws {
        let server = try TestServer()
        let ann = try SocketPeer(port: server.port)
        try ann.logIn(framedAs: "ann")
        ann.send("99999999:")
        #expect(try ann.nextFrame(of: "ERR").contains("netstring"))
        #expect(try ann.nextFrame() == nil)
    }
}
