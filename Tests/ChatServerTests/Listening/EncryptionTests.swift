internal import ChatProtocol
internal import ChatSecurity
internal import ChatServer
internal import ChatTestSupport
internal import Foundation
internal import NIOCore
internal import NIOSSL
internal import Testing

@Suite("Encryption", .serialized)
struct EncryptionTests {
    private let certificate: CertificateSource

    init() throws {
        certificate = try CertificateSource()
    }

    private func text(of frame: String) -> String {
        String(frame.split(separator: ",", maxSplits: 2).last ?? "")
    }

    // MARK: - Side by side

    @Test("TLS and plain text meet at one port", arguments: [TLSVersion.tlsv12, .tlsv13])
    func sideBySide(version: TLSVersion) throws {
        let server = try TestServer(certificate: certificate)
        let open = try SocketPeer(port: server.port)
        try open.logIn(framedAs: "open")
        let encryption = try ClientEncryption(version)
        let sealed = try SocketPeer(port: server.port, encryption: encryption)
        #expect(encryption.version == version)
        #expect(encryption.fingerprint == certificate.fingerprint)
        try sealed.logIn(framedAs: "sealed")
        sealed.send(framed: "CHAT,rec=-ALL,one")
        open.send(framed: "CHAT,rec=-ALL,two")
        for peer in [open, sealed] {
            let texts = [text(of: try peer.nextFrame(of: "CHATR")), text(of: try peer.nextFrame(of: "CHATR"))]
            #expect(Set(texts) == ["one", "two"])
        }
    }

    @Test("an original client in a tunnel is served as without one")
    func unframed() throws {
        let server = try TestServer(certificate: certificate)
        let peer = try SocketPeer(port: server.port, encryption: ClientEncryption())
        peer.send("CON,nickname=ann;password=;color=#FFF,")
        let answer = try peer.receive(until: "USER,")
        #expect(try answer.contains(Regex("^CONVER,.*,OKINFO,.*USER,")))
        peer.send("CHAT,rec=-ALL,hello")
        #expect(try peer.receive(until: "CHATR,").hasSuffix(",hello"))
    }

    @Test("records that arrive together are as many requests", arguments: [TLSVersion.tlsv12, .tlsv13])
    func records(version: TLSVersion) throws {
        let server = try TestServer(certificate: certificate)
        let (bobby, other) = (try SocketPeer(port: server.port), try SocketPeer(port: server.port))
        try bobby.logIn(framedAs: "bobby")
        try other.logIn(framedAs: "other")
        let encryption = try ClientEncryption(version)
        let old = try SocketPeer(port: server.port, encryption: encryption)
        old.send("CON,nickname=old;password=;color=#FFF,")
        _ = try old.receive(until: "USER,")
        let texts = ["-ALL,one", "bobby,my secret", "-ALL,two"]
        old.sendRaw(try texts.flatMap { try encryption.seal(Array("CHAT,rec=\($0)".utf8)) })
        #expect(try (0..<2).map { _ in text(of: try other.nextFrame(of: "CHATR")) } == ["one", "two"])
        #expect(try (0..<3).map { _ in text(of: try bobby.nextFrame(of: "CHATR")) } == ["one", "my secret", "two"])
    }

    @Test("a hello is a hello however it is cut", arguments: [1, 2, 5, 100])
    func hello(size: Int) throws {
        let server = try TestServer(certificate: certificate)
        let encryption = try ClientEncryption()
        let peer = try SocketPeer(port: server.port)
        let bytes = try encryption.hello()
        for start in stride(from: 0, to: bytes.count, by: size) { peer.sendRaw(Array(bytes[start...].prefix(size))) }
        while !encryption.isEstablished {
            let byte = peer.receive(maximum: 1)
            try #require(!byte.isEmpty)
            peer.sendRaw(try encryption.open(byte).answer)
        }
        #expect(encryption.fingerprint == certificate.fingerprint)
    }

    @Test("dozens of connections get a broadcast whole and in order, encrypted or not")
    func broadcast() throws {
        let server = try TestServer(certificate: certificate)
        let talker = try SocketPeer(port: server.port, encryption: ClientEncryption())
        try talker.logIn(framedAs: "talker")
        let peers = try (0..<40).map { number in
            let peer = try SocketPeer(port: server.port, encryption: number % 8 == 0 ? nil : ClientEncryption())
            try peer.logIn(framedAs: "peer\(number)")
            return peer
        }
        let filler = String(repeating: "x", count: 500)
        for number in 0..<200 { talker.send(framed: "CHAT,rec=-ALL,\(number) \(filler)") }
        for peer in peers {
            for number in 0..<200 { #expect(text(of: try peer.nextFrame(of: "CHATR")).hasPrefix("\(number) x")) }
        }
    }

    // MARK: - Who may do without

    @Test("who has to encrypt and does not is told so, and closed; nobody hears of it")
    func refuse() throws {
        let server = try TestServer(certificate: certificate) { $0.plaintext = .refuse }
        let ann = try SocketPeer(port: server.port, encryption: ClientEncryption())
        try ann.logIn(framedAs: "ann")
        let bob = try SocketPeer(port: server.port)
        bob.send("CON,nickname=bob;password=secret;color=#FFF,")
        let answer = String(decoding: bob.receive(), as: UTF8.self)
        #expect(answer.hasPrefix("CONVER,"))
        #expect(answer.contains(",Error: "))
        #expect(answer.contains("TLS"))
        #expect(bob.receive().isEmpty)
        #expect(bob.isAtEnd)
        ann.send(framed: "PING,,")
        var heard = ""
        while !heard.hasPrefix("PONG,") {
            heard = try #require(try ann.nextFrame())
            #expect(!heard.contains("bob"))
        }
    }

    @Test(
        "who is refused for want of encryption is one line in the log, and one in the figures",
        arguments: [
            ("CON,nickname=bob;password=secret;color=#FFF,", "notice refusal bob"),
            ("CON,nickname=b\u{1B}ob;password=secret;color=#FFF,", "notice refusal"),
            ("CON,nickname=\(String(repeating: "b", count: 900));password=;color=,", "notice refusal"),
            ("DISCON,,", "notice refusal"),
        ]
    )
    func refusalIsTold(request: String, line: String) throws {
        let log = RecordedLog()
        let path = "/tmp/chat-tui-\(UUID().uuidString.prefix(8)).sock"
        let server = try TestServer(certificate: certificate, logger: log.logger) { configuration in
            configuration.plaintext = .refuse
            configuration.admin = AdminAddress(path)
        }
        let bob = try SocketPeer(port: server.port)
        bob.send(request)
        while !bob.isAtEnd { _ = bob.receive() }
        #expect(log.lines.filter { $0.hasPrefix("notice ") } == [line])
        #expect(!log.lines.contains { $0.contains("secret") })
        let figures = try #require(UnixHTTP.get("/metrics", at: path))
        #expect(figures.contains("\nchat_refusals_total{reason=\"encryption_required\"} 1\n"))
    }

    @Test("programs on the same machine may be let do without")
    func loopback() throws {
        let server = try TestServer(certificate: certificate) { $0.plaintext = .loopback }
        try SocketPeer(port: server.port).logIn(framedAs: "bob")
        try SocketPeer(port: server.port, encryption: ClientEncryption()).logIn(framedAs: "ann")
    }

    // MARK: - What is no chat client

    @Test("a browser is closed, in TLS too, and told nothing", arguments: [false, true], 1...4)
    func browser(isEncrypted: Bool, cut: Int) throws {
        let server = try TestServer(certificate: certificate)
        let peer = try SocketPeer(port: server.port, encryption: isEncrypted ? ClientEncryption() : nil)
        let request = Array("GET / HTTP/1.1\r\n\r\n".utf8)
        peer.send(Array(request[..<cut]))
        peer.send(Array(request[cut...]))
        while !peer.isAtEnd { #expect(peer.receive().isEmpty) }
    }

    @Test(
        "a handshake that fails is one line for who looks for it, and the place is free again",
        arguments: [
            "\u{16}\u{3}\u{1}\u{0}\u{5}hello", "\u{16}\u{3}\u{1}GET / HTTP/1.1\r\n\r\n",
            "\u{16}\u{16}\u{16}\u{16}\u{16}",
        ]
    )
    func failedHandshake(bytes: String) throws {
        let log = RecordedLog()
        let server = try TestServer(certificate: certificate, logger: log.logger) { $0.limits.connections = 1 }
        let peer = try SocketPeer(port: server.port)
        peer.send(bytes)
        // It may get the alert.
        while !peer.isAtEnd { _ = peer.receive() }
        try SocketPeer(port: server.port, encryption: ClientEncryption()).logIn(framedAs: "ann")
        let lines = log.lines.filter { !$0.hasPrefix("notice login") }
        #expect(lines.count == 1)
        #expect(lines[0].hasPrefix("debug a connection failed before its login "))
        #expect(!lines[0].contains("\n"))
    }

    @Test("versions before TLS 1.2 are refused", arguments: [TLSVersion.tlsv1, .tlsv11])
    func oldVersion(version: TLSVersion) throws {
        let server = try TestServer(certificate: certificate)
        let configuration = try ClientEncryption(version)
        #expect(throws: SocketPeer.Overdue.self) { try SocketPeer(port: server.port, encryption: configuration) }
    }

    // MARK: - Bounds

    @Test("a slow reader is closed, those beside it get everything")
    func slowReader() throws {
        let server = try TestServer(certificate: certificate) { $0.limits.hardOutputBytes = 100_000 }
        let slow = try SocketPeer(port: server.port, receiveBuffer: 4096, encryption: ClientEncryption())
        try slow.logIn(framedAs: "slow")
        let fast = try SocketPeer(port: server.port, encryption: ClientEncryption())
        try fast.logIn(framedAs: "fast")
        let filler = String(repeating: "y", count: 16_000)
        for number in 0..<400 {
            fast.send(framed: "CHAT,rec=-ALL,\(number) \(filler)")
            #expect(text(of: try fast.nextFrame(of: "CHATR")).hasPrefix("\(number) y"))
        }
        let late = try SocketPeer(port: server.port, encryption: ClientEncryption())
        try late.logIn(framedAs: "late")
        late.send(framed: "USER,,")
        _ = try late.nextFrame(of: "USER")
        #expect(try late.nextFrame(of: "USER").contains("slow") == false)
    }

    // MARK: - Ends

    @Test("who says the last word still gets all that they asked for", arguments: [true, false])
    func lastWord(isEncrypted: Bool) throws {
        // More than the system takes for somebody who does not read.
        let (count, filler) = (600, String(repeating: "z", count: 16_000))
        let server = try TestServer(certificate: certificate) { configuration in
            configuration.limits.totalOutputBytes = 1 << 30
            configuration.limits.historyPageBytes = 1 << 26
            configuration.limits.hardOutputBytes = 1 << 28
        }
        let talker = try SocketPeer(port: server.port)
        try talker.logIn(framedAs: "talker")
        for number in 0..<count {
            talker.send(framed: "CHAT,rec=-ALL,\(number) \(filler)")
            _ = try talker.nextFrame(of: "CHATR")
        }
        let encryption = isEncrypted ? try ClientEncryption() : nil
        let peer = try SocketPeer(port: server.port, receiveBuffer: 4096, encryption: encryption)
        try peer.logIn(framedAs: "ann")
        peer.send(framed: "REF,limit=1000,")
        peer.finishSending()
        // All of it is on its way before the first byte of it is read.
        let others = try SocketPeer(port: server.port)
        try others.logIn(framedAs: "bob")
        for number in 0..<count { #expect(text(of: try peer.nextFrame(of: "CHATR")).hasPrefix("\(number) z")) }
        while try peer.nextFrame() != nil {}
    }

    @Test("a connection that is cut below TLS has ended, and everyone hears so")
    func cut() throws {
        let server = try TestServer(certificate: certificate)
        let ann = try SocketPeer(port: server.port, encryption: ClientEncryption())
        try ann.logIn(framedAs: "ann")
        let bob = try SocketPeer(port: server.port, encryption: ClientEncryption())
        try bob.logIn(framedAs: "bob")
        bob.cutSending()
        var heard = ""
        while !heard.contains("bob has disconnected") { heard = try ann.nextFrame(of: "INFO") }
        while !bob.isAtEnd { _ = bob.receive() }
    }

    @Test("a server that closes says so to everyone, and is not kept by who does not answer")
    func close() throws {
        let server = try TestServer(certificate: certificate)
        let peers = try ["ann", "bob"].map { nickname in
            let peer = try SocketPeer(port: server.port, encryption: ClientEncryption())
            try peer.logIn(framedAs: nickname)
            return peer
        }
        let silent = try SocketPeer(port: server.port)
        silent.sendRaw([0x16])
        let start = NIODeadline.now()
        server.server.stop(within: .seconds(120))
        // Its goodbye takes a second; whom it waited for would be cut after 72.
        #expect(NIODeadline.now() - start < .seconds(60))
        for peer in peers {
            _ = try peer.nextFrame(of: "WARN")
            while try peer.nextFrame() != nil {}
            #expect(peer.encryption?.isEnded == true)
        }
    }
}
