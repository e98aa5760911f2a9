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

    @Test("a flood of refused connections is a line now and then")
    func refusalLog() {
        var log = RefusalLog()
        let start = NIODeadline.uptimeNanoseconds(0)
        let said = (0..<250).map { log.note(.tooFast, at: start + .milliseconds($0 * 100)) }
        #expect(said.compactMap { $0 } == [0, 99, 99])
        #expect(log.note(.addressFull, at: start) == 0)
    }
}
