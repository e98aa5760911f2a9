internal import ChatServer
internal import Testing

/// What the log says of changed accounts.
@Suite("The log of accounts", .serialized)
struct AuditTests {
    @Test("who registers or changes their own account gets one line, not another program's too")
    func own() throws {
        let log = RecordedLog()
        let server = try TestServer(logger: log.logger)
        let peer = try SocketPeer(port: server.port)
        try peer.logIn(framedAs: "ann")
        for change in ["password=first words", "nickname=anna", "nickname=anne;password=other words"] {
            peer.send(framed: "UPDATE,\(change),")
            #expect(try peer.nextFrame(of: "CONFIRM").hasSuffix(",OK"))
        }
        #expect(log.lines.filter { $0.hasPrefix("notice account") } == [])
        #expect(log.lines.filter { $0.hasPrefix("notice registration ") }.count == 1)
        #expect(log.lines.filter { $0.hasPrefix("notice update ") }.count == 2)
    }
}
