internal import ChatProtocol
internal import ChatSecurity
internal import ChatServerCore
internal import NIOCore
internal import Testing

@testable internal import ChatServer

/// Connections for which there is no room.
@Suite("Refused connections", .serialized)
struct RefusedConnectionsTests {
    @Test("who is refused inside TLS hears it there, and the operator reads it")
    func refusedEncrypted() throws {
        let log = RecordedLog()
        let server = try TestServer(certificate: CertificateSource(), logger: log.logger) {
            $0.limits.openings = .init(burst: 1, perSecond: 0.01)
        }
        let first = try SocketPeer(port: server.port, encryption: ClientEncryption())
        try first.logIn(framedAs: "first")
        for _ in 0..<2 {
            let other = try SocketPeer(port: server.port, encryption: ClientEncryption())
            other.send("CON,nickname=other;password=;color=#F00;framing=netstring,")
            let warning = try other.receive(until: "WARN,")
            #expect(warning.contains(";refusal=too-fast;"))
            #expect(warning.contains("in a short time"))
            while !other.isAtEnd { #expect(other.receive().isEmpty) }
        }
        #expect(log.lines.filter { $0 == "info connection refused too-fast" }.count == 1)
    }

    @Test("where so many are refused that nobody shakes hands with them, they still see that this is TLS")
    func refusedWithoutHandshake() throws {
        let server = try TestServer(certificate: CertificateSource()) {
            $0.limits.openings = .init(burst: 1, perSecond: 0.0001)
            $0.limits.refusedHandshakes = .init(burst: 1, perSecond: 0.0001)
        }
        try SocketPeer(port: server.port).logIn(framedAs: "first")
        _ = try SocketPeer(port: server.port, encryption: ClientEncryption())
        let third = try SocketPeer(port: server.port)
        third.sendRaw(try ClientEncryption().hello())
        #expect(third.receive() == [0x15, 0x03, 0x03, 0x00, 0x02, 0x02, 0x50])
        while !third.isAtEnd { #expect(third.receive().isEmpty) }
    }

    @Test("of many at once some are told why, the others are closed, and all are counted and logged")
    func refusedWithoutAWord() throws {
        let log = RecordedLog()
        let server = VirtualServer(logger: log.logger) { $0.connections = 0 }
        let told = ServerLimits().refusedConnections
        let peers = try (0..<(told + 20)).map { _ in try server.connect() }
        #expect(peers.map(\.isAtEnd) == peers.indices.map { $0 >= told })
        #expect(server.hub.metrics.refusals[.serverFull] == told + 20)
        #expect(server.hub.metrics.untoldRefusals == 20)
        let lines = ["connection refused", "connection refused without a word"].map { "info \($0) server-full" }
        #expect(log.lines.filter { $0.contains("refused") } == lines)
        for peer in peers.prefix(told) {
            try peer.send("CON,nickname=ann;password=;color=#FFF,")
            #expect(try peer.read().contains("The server is full."))
        }
        // There is room for others again, and after a while a line again.
        server.advance(by: .seconds(10))
        let later = try server.connect()
        #expect(!later.isAtEnd)
        #expect(log.lines.filter { $0.contains("refused") } == lines + lines.prefix(1))
    }

    @Test("who has to encrypt is refused for what it sends, not for closing without a word", arguments: [false, true])
    func silentPlaintext(closesOneSideOnly: Bool) throws {
        let log = RecordedLog()
        let server = VirtualServer(logger: log.logger)
        let encryption = ListenerEncryption(certificate: try CertificateSource(), plaintext: .refuse)
        let silent = try server.connect(encryption)
        if closesOneSideOnly { silent.finishSending() } else { silent.hangUp() }
        server.advance(by: .seconds(10))
        #expect(silent.isAtEnd)
        #expect(server.hub.metrics.refusals.isEmpty)
        #expect(!log.lines.contains { $0.contains("refus") })
        let other = try server.connect(encryption)
        try other.send("CON,nickname=ann;password=;color=#FFF,")
        #expect(try other.read().hasPrefix("CONVER,"))
        #expect(log.lines.contains("notice refusal ann"))
        #expect(server.hub.metrics.refusals == [.encryptionRequired: 1])
    }

    @Test("a flood of refused connections is a line now and then")
    func refusalLog() {
        var log = RefusalLog()
        let start = NIODeadline.uptimeNanoseconds(0)
        let said = (0..<250).map { log.note(.tooFast, isTold: true, at: start + .milliseconds($0 * 100)) }
        #expect(said.compactMap { $0 } == [0, 99, 99])
        #expect(log.note(.addressFull, isTold: true, at: start) == 0)
        #expect(log.note(.tooFast, isTold: false, at: start) == 0)
    }
}
