internal import ChatServer
internal import ChatServerCore
internal import ChatTestSupport
internal import Foundation
internal import Testing

@Suite("What the operator sees of a server", .serialized)
struct ServerMetricsTests {
    private let path = "/tmp/chat-tui-\(UUID().uuidString.prefix(8)).sock"

    private func server(messages: any MessageStore = InMemoryMessageStore()) throws -> TestServer {
        try TestServer(users: "admin,secret\n", messages: messages) { $0.admin = AdminAddress(path) }
    }

    private func figure(_ name: String) throws -> Double {
        let text = try #require(UnixHTTP.get("/metrics", at: path))
        let line = try #require(text.split(separator: "\n").first { $0.hasPrefix(name + " ") }, "no \(name)")
        return try #require(line.split(separator: " ").last.flatMap { Double($0) })
    }

    @Test("connections by state, logins and refusals are counted")
    func connections() throws {
        let server = try server()
        let stranger = try SocketPeer(port: server.port)
        let new = try SocketPeer(port: server.port)
        try new.logIn(framedAs: "new")
        let old = try SocketPeer(port: server.port)
        old.send("CON,nickname=old;password=;color=#F00,")
        _ = try old.receive(until: "CONVER,")
        stranger.send("CON,nickname=new;password=;color=#F00,")
        _ = try stranger.receive(until: "Error")
        stranger.send("CON,nickname=admin;password=;color=#F00,")
        _ = try stranger.receive(until: "Error")
        stranger.send("CON,nickname=admin;password=wrong;color=#F00,")
        _ = try stranger.receive(until: "Error")
        #expect(try figure("chat_connections{state=\"greeting\"}") == 1)
        #expect(try figure("chat_connections{state=\"online\",framing=\"netstring\"}") == 1)
        #expect(try figure("chat_connections{state=\"online\",framing=\"none\"}") == 1)
        #expect(try figure("chat_connections_accepted_total") == 3)
        #expect(try figure("chat_logins_total") == 2)
        #expect(try figure("chat_refusals_total{reason=\"nickname_in_use\"}") == 1)
        #expect(try figure("chat_refusals_total{reason=\"password_missing\"}") == 1)
        #expect(try figure("chat_refusals_total{reason=\"password_wrong\"}") == 1)
        #expect(try figure("chat_refusals_total{reason=\"server_full\"}") == 0)
    }

    @Test("who finds no room is counted")
    func full() throws {
        let server = try TestServer { configuration in
            configuration.admin = AdminAddress(path)
            configuration.limits.connections = 1
        }
        let first = try SocketPeer(port: server.port)
        try first.logIn(framedAs: "first")
        let second = try SocketPeer(port: server.port)
        second.send("CON,nickname=second;password=;color=#F00,")
        while !second.isAtEnd { _ = second.receive() }
        #expect(try figure("chat_refusals_total{reason=\"server_full\"}") == 1)
        #expect(try figure("chat_connections_accepted_total") == 1)
    }

    @Test("messages are counted once, deliveries once for each who gets one")
    func messages() throws {
        let server = try server()
        let peers = try ["ann", "bob", "eve"].map { name in
            let peer = try SocketPeer(port: server.port)
            try peer.logIn(framedAs: name)
            return peer
        }
        let old = try SocketPeer(port: server.port)
        old.send("CON,nickname=old;password=;color=#F00,")
        _ = try old.receive(until: "USER,")
        peers[0].send(framed: "CHAT,rec=-ALL;nonce=1,to all")
        for peer in peers { _ = try peer.nextFrame(of: "CHATR") }
        _ = try old.receive(until: "to all")
        #expect(try figure("chat_messages_total") == 1)
        #expect(try figure("chat_deliveries_total") == 4)
        peers[0].send(framed: "CHAT,rec=bob,to one")
        for peer in peers[..<2] { _ = try peer.nextFrame(of: "CHATR") }
        #expect(try figure("chat_messages_total") == 2)
        #expect(try figure("chat_deliveries_total") == 6)
        #expect(try figure("chat_sent_bytes_total") > 1000)
        #expect(try figure("chat_queue_bytes") == 0)
        let commits = try figure("chat_commit_seconds_count")
        #expect(commits >= 2)
        #expect(try figure("chat_commit_seconds_bucket{le=\"+Inf\"}") == commits)
    }

    @Test("a store that fails makes it not ready, and one that works again ready")
    func readiness() throws {
        let store = SlowStore()
        let server = try server(messages: store)
        let ann = try SocketPeer(port: server.port)
        try ann.logIn(framedAs: "ann")
        // Only then the login is stored.
        _ = try ann.nextFrame(of: "INFO")
        #expect(UnixHTTP.get("/readyz", at: path)?.hasSuffix("ready\n") == true)
        store.fail(StoreError("disk full"))
        ann.send(framed: "CHAT,rec=-ALL,lost")
        _ = try ann.nextFrame(of: "ERR")
        #expect(UnixHTTP.get("/readyz", at: path)?.hasSuffix("messages can't be stored: disk full\n") == true)
        #expect(try figure("chat_store_failures_total") == 1)
        #expect(try figure("chat_messages_total") == 0)
        store.fail(nil)
        ann.send(framed: "CHAT,rec=-ALL,kept")
        _ = try ann.nextFrame(of: "CHATR")
        #expect(UnixHTTP.get("/readyz", at: path)?.hasSuffix("ready\n") == true)
    }

    @Test("the socket goes with the server")
    func end() throws {
        let server = try server()
        #expect(FileManager.default.fileExists(atPath: path))
        server.server.stop(within: .seconds(60))
        #expect(!FileManager.default.fileExists(atPath: path))
    }

    @Test("what changes while it runs holds at once")
    func change() throws {
        let server = try server()
        let ann = try SocketPeer(port: server.port)
        try ann.logIn(framedAs: "ann")
        var configuration = server.server.configuration
        configuration.limits.connections = 1
        configuration.allowsRegistration = false
        server.server.change(to: configuration)
        ann.send(framed: "UPDATE,password=new and more,")
        #expect(try ann.nextFrame(of: "CONFIRM").contains("Registration is not allowed"))
        let second = try SocketPeer(port: server.port)
        _ = second.receive()
        #expect(second.isAtEnd)
    }

    @Test("the heart beats with the event loop, and no longer")
    func heartbeat() throws {
        let server = try server()
        let beat = DispatchSemaphore(value: 0)
        weak var heart: Heart?
        do {
            let new = Heart()
            heart = new
            server.server.heartbeat(every: .milliseconds(5)) { withExtendedLifetime(new) { _ = beat.signal() } }
        }
        for _ in 0..<3 { #expect(beat.wait(timeout: .now() + 60) == .success) }
        server.server.stop(within: .seconds(60))
        // Nothing is left that could beat.
        #expect(heart == nil)
    }
}

/// Lives as long as the closure that holds it.
private final class Heart: Sendable {}
