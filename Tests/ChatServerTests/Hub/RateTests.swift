internal import ChatProtocol
internal import ChatServerCore
internal import NIOCore
internal import Testing

@testable internal import ChatServer

/// How fast one connection may ask for things, on a clock that the tests move.
@Suite("Rates")
struct RateTests {
    /// Moves the clock until a peer has got so many messages.
    ///
    /// - Returns: Their texts, and how many milliseconds it took.
    private func collect(
        _ count: Int,
        _ reason: String = "CHATR",
        from peer: VirtualPeer,
        of server: VirtualServer
    ) throws -> (texts: [String], milliseconds: Int) {
        var texts = try peer.texts(of: reason)
        var milliseconds = 0
        while texts.count < count, milliseconds < 100_000 {
            server.advance(by: .milliseconds(1))
            milliseconds += 1
            texts += try peer.texts(of: reason)
        }
        return (texts, milliseconds)
    }

    @Test("who talks too fast is heard more slowly, loses nothing, and holds nobody up")
    func messages() throws {
        let server = VirtualServer { $0.requests.requests = .init(burst: 5, perSecond: 50) }
        let fast = try server.join("fast")
        let calm = try server.join("calm")
        for number in 0..<40 { try fast.send(framed: "CHAT,rec=-ALL,\(number)") }
        try calm.send(framed: "CHAT,rec=-ALL,calm")
        let (texts, milliseconds) = try collect(41, from: calm, of: server)
        #expect(texts.filter { $0 != "calm" } == (0..<40).map { "\($0)" })
        // The burst is heard at once, then the others, and the rest in 20 ms each.
        #expect(texts.firstIndex(of: "calm") == 5)
        #expect((690...800).contains(milliseconds))
    }

    @Test("who says too much and then goodbye is heard to the end")
    func lastWords() throws {
        let server = VirtualServer { $0.requests.requests = .init(burst: 3, perSecond: 100) }
        let calm = try server.join("calm")
        let fast = try server.join("fast")
        for number in 0..<20 { try fast.send(framed: "CHAT,rec=-ALL,\(number)") }
        fast.finishSending()
        #expect(try collect(20, from: calm, of: server).texts == (0..<20).map { "\($0)" })
        #expect(try collect(1, "INFO", from: calm, of: server).texts.contains { $0.contains("fast has disconnected") })
    }

    @Test("but not for ever")
    func lastWordsWithoutEnd() throws {
        let server = VirtualServer { $0.requests.requests = .init(burst: 3, perSecond: 0.01) }
        let calm = try server.join("calm")
        let fast = try server.join("fast")
        for number in 0..<20 { try fast.send(framed: "CHAT,rec=-ALL,\(number)") }
        fast.finishSending()
        server.advance(by: .seconds(29))
        #expect(try calm.texts(of: "INFO").allSatisfy { !$0.contains("disconnected") })
        server.advance(by: .seconds(7))
        #expect(try calm.texts(of: "INFO").contains { $0.contains("fast has disconnected") })
        #expect(fast.isAtEnd)
    }

    @Test("pages of history have a budget of their own, and it only delays")
    func refreshes() throws {
        let server = VirtualServer {
            $0.requests.requests = .init(burst: 3, perSecond: 1000)
            $0.requests.refreshes = .init(burst: 2, perSecond: 20)
        }
        let ann = try server.join("ann")
        for _ in 0..<8 { try ann.send(framed: "REF,limit=1,") }
        let (answers, milliseconds) = try collect(8, "CONFIRM", from: ann, of: server)
        #expect(answers.count == 8)
        #expect((240...320).contains(milliseconds))
    }

    @Test("an answer that is being written buys no requests beyond the budget")
    func backlog() throws {
        let server = VirtualServer { $0.requests.refreshes = .init(burst: 2, perSecond: 20) }
        let ann = try server.join("ann")
        for number in 0..<60 {
            try ann.send(framed: "CHAT,rec=-ALL,\(number) \(String(repeating: "z", count: 16_000))")
        }
        #expect(try collect(60, from: ann, of: server).texts.count == 60)
        for _ in 0..<16 { try ann.send(framed: "REF,limit=60,") }
        var answers = 0
        var milliseconds = 0
        while answers < 16, milliseconds < 100_000 {
            // Each time the socket takes more, the connection is looked at.
            ann.setReading(false)
            server.advance(by: .milliseconds(1))
            ann.setReading(true)
            server.advance(by: .milliseconds(1))
            milliseconds += 2
            answers += try ann.texts(of: "CONFIRM").count
        }
        #expect(answers == 16)
        #expect(milliseconds >= 640)
    }
}
