internal import ChatProtocol
internal import ChatServerCore
internal import NIOCore
internal import Testing

@testable internal import ChatServer

/// An original client that has to wait: what it sent means the same afterwards.
@Suite("An original client that waits")
struct UnframedWaitingTests {
    private func join(_ server: VirtualServer, _ nickname: String) throws -> VirtualPeer {
        let peer = try server.connect()
        try peer.send("CON,nickname=\(nickname);password=;color=#FFF,")
        server.advance(by: .seconds(1))
        _ = try peer.read()
        return peer
    }

    @Test("beyond its budget each send stays a request, a private text private, and a DISCON is heard")
    func overBudget() throws {
        let server = VirtualServer { $0.requests.requests = .init(burst: 3, perSecond: 1) }
        let bobby = try server.join("bobby")
        let other = try server.join("other")
        let old = try join(server, "old")
        for text in ["line 1", "line 2", "line 3", "line 4"] { try old.send("CHAT,rec=-ALL,\(text)") }
        try old.send("CHAT,rec=bobby,my secret")
        try old.send("DISCON,,")
        server.advance(by: .seconds(20))
        let lines = ["line 1", "line 2", "line 3", "line 4"]
        #expect(try other.texts() == lines)
        #expect(try bobby.texts() == lines + ["my secret"])
        #expect(try old.read().contains("reason=DISCON"))
    }

    @Test("during a long answer each send stays a request, a private text private, and a DISCON is heard")
    func longAnswer() throws {
        let server = VirtualServer()
        let bobby = try server.join("bobby")
        let other = try server.join("other")
        for number in 0..<30 { try other.send(framed: "CHAT,rec=-ALL,line \(number)") }
        let old = try join(server, "old")
        for peer in [bobby, other] { _ = try peer.read() }
        try old.send("REF,,")
        for request in ["CHAT,rec=-ALL,hello", "CHAT,rec=bobby,my secret", "DISCON,,"] { try old.send(request) }
        #expect(try other.texts().isEmpty)
        server.advance(by: .seconds(20))
        #expect(try other.texts() == ["hello"])
        #expect(try bobby.texts() == ["hello", "my secret"])
        #expect(try old.read().contains("reason=DISCON"))
    }

    @Test("while the store is behind each send stays a request")
    func storeBehind() throws {
        let store = HeldStore()
        let server = VirtualServer(messages: store) { $0.waitingRecords = 1 }
        func settle() {
            for _ in 0..<10 {
                store.release()
                server.advance(by: .milliseconds(100))
            }
        }
        let other = try server.connect()
        try other.send("CON,nickname=other;password=;color=#FFF;framing=netstring,")
        settle()
        let old = try server.connect()
        try old.send("CON,nickname=old;password=;color=#FFF,")
        settle()
        _ = try other.read()
        for text in ["one", "two", "three", "four"] { try old.send("CHAT,rec=-ALL,\(text)") }
        #expect(try other.read().isEmpty)
        settle()
        #expect(try other.texts() == ["one", "two", "three", "four"])
    }
}
