internal import ChatProtocol
internal import ChatSecurity
internal import ChatSession
internal import ChatTestSupport
internal import Foundation
internal import NIOConcurrencyHelpers
internal import Testing

@testable internal import ChatClient

@Suite("A connection that trusts nobody too much", .timeLimit(.minutes(10)))
struct SecureConnectorTests {
    let folder: ScratchFolder
    let own: TestAuthority.Pair
    let fingerprint: CertificateFingerprint

    var path: String { "\(folder.path)/known_servers" }

    init() throws {
        folder = try ScratchFolder()
        // An authority that is nobody's is as good as a certificate that signs itself.
        own = try TestAuthority("nobody").issue(for: "chat-tui")
        fingerprint = try CertificateFingerprint(pem: own.certificate)
    }

    private func security(
        _ encryption: ConnectionSecurity.Encryption = .prefer,
        _ fingerprint: CertificateFingerprint? = nil
    ) throws -> ConnectionSecurity {
        var security = ConnectionSecurity(
            encryption: encryption,
            fingerprint: fingerprint,
            knownServers: KnownServers(path: path)
        )
        security.authorities = try .only([])
        return security
    }

    private func known() -> String { (try? folder.read("known_servers")) ?? "" }

    private func know(_ text: String) throws { try folder.write(text, to: "known_servers") }

    // MARK: Who it is

    @Test("the first time the certificate is shown and remembered, the next time nothing is said")
    func firstUse() async throws {
        let server = try await EncryptedServer(own)
        var tested = try TestedClient("127.0.0.1:\(server.port)", security: security())
        let first = try await tested.untilSettled()
        #expect(first.notices.count == 1)
        #expect(first.notices.first?.contains("\(fingerprint)") == true)
        #expect(first.channel == .init(address: "127.0.0.1:\(server.port)", isEncrypted: true, isLocal: true))
        #expect(known() == "127.0.0.1:\(server.port) \(fingerprint)\n")
        await tested.client.stop(within: .zero)

        var again = try TestedClient("127.0.0.1:\(server.port)", security: security())
        #expect(try await again.untilSettled() == Settled(channel: first.channel))
        await again.client.stop(within: .zero)
        await server.stop()
    }

    @Test("a changed certificate stops it: nothing is sent, and nothing tried again until the user says so")
    func changed() async throws {
        let server = try await EncryptedServer(own)
        let address = "127.0.0.1:\(server.port)"
        let before = CertificateFingerprint(der: [])
        try know("# mine\n\(address) \(before)\n")
        var tested = try TestedClient(address, security: security())
        let outcome = try await tested.untilSettled()
        let advice = outcome.notices.first ?? ""
        let command = "chat-tui connect \(address) --fingerprint \(fingerprint)"
        for part in ["\(before)", "remove line 2 of \(path) and type /reconnect", "run\n\(command)"] {
            #expect(advice.contains(part))
        }
        // What is left once the screen is gone.
        for part in ["has changed", "remove line 2 of \(path)", "run: \(command)"] {
            #expect(outcome.distrust?.contains(part) == true)
        }
        #expect(server.received.isEmpty)
        #expect(server.connectionCount == 1)
        #expect(known() == "# mine\n\(address) \(before)\n")

        // As advised.
        try know("# mine\n")
        tested.client.send(.reconnectNow)
        #expect(try await tested.untilSettled().channel?.isEncrypted == true)
        #expect(known() == "# mine\n\(address) \(fingerprint)\n")
        await tested.client.stop(within: .zero)
        await server.stop()
    }

    @Test("a certificate that changes while one is connected stops it too, even where nothing could be remembered")
    func changesBetween() async throws {
        let server = try await EncryptedServer(own)
        // A file that can't be written: its folder is a file.
        try know("")
        var security = try security()
        security.knownServers = KnownServers(path: "/proc/known_servers")
        var tested = try TestedClient("127.0.0.1:\(server.port)", security: security)
        let first = try await tested.untilSettled()
        #expect(first.notices.last?.contains("can't be remembered") == true)
        server.drop()
        try await tested.wait { if case .status(.waiting) = $0 { true } else { nil } }
        tested.client.send(.reconnectNow)
        #expect(try await tested.untilSettled().notices.isEmpty)
        try server.change(to: TestAuthority("other").issue(for: "chat-tui"))
        try await tested.wait { if case .status(.waiting) = $0 { true } else { nil } }
        tested.client.send(.reconnectNow)
        #expect(try await tested.untilSettled().distrust != nil)
        await tested.client.stop(within: .zero)
        await server.stop()
    }

    @Test("the certificate that was named is accepted, and known from then on in place of another")
    func namedFingerprint() async throws {
        let server = try await EncryptedServer(own)
        let address = "127.0.0.1:\(server.port)"
        try know("\(address) \(CertificateFingerprint(der: []))\n")
        var tested = try TestedClient(address, security: security(.prefer, fingerprint))
        let outcome = try await tested.untilSettled()
        #expect(outcome.channel?.isEncrypted == true)
        #expect(outcome.notices.count == 1)
        #expect(outcome.notices.first?.contains("the certificate that you named") == true)
        #expect(known() == "\(address) \(fingerprint)\n")
        await tested.client.stop(within: .zero)
        await server.stop()
    }

    @Test("who hosts is told nothing of the certificate of the own server, which nobody named")
    func ownServer() async throws {
        let server = try await EncryptedServer(own)
        let security = ConnectionSecurity(encryption: .require, fingerprint: fingerprint, knownServers: nil)
        var tested = try TestedClient("127.0.0.1:\(server.port)", security: security)
        let outcome = try await tested.untilSettled()
        #expect(outcome.channel?.isEncrypted == true)
        #expect(outcome.notices.isEmpty)
        await tested.client.stop(within: .zero)
        await server.stop()
    }

    @Test("any other than the one that was named is refused, known or not")
    func otherThanNamed() async throws {
        let server = try await EncryptedServer(own)
        let address = "127.0.0.1:\(server.port)"
        try know("\(address) \(fingerprint)\n")
        var tested = try TestedClient(address, security: security(.prefer, CertificateFingerprint(der: [])))
        #expect(try await tested.untilSettled().distrust?.contains("--fingerprint") == true)
        #expect(server.received.isEmpty)
        await tested.client.stop(within: .zero)
        await server.stop()
    }

    @Test("whom an authority vouches for by name may change the certificate, as long as one does")
    func publicAuthority() async throws {
        let authority = try TestAuthority()
        let server = try await EncryptedServer(authority.issue(for: "localhost"))
        let address = "localhost:\(server.port)"
        var security = try security()
        security.authorities = try .only([authority.rootCertificate])
        var tested = try TestedClient(address, security: security)
        #expect(try await tested.untilSettled().channel?.isEncrypted == true)
        #expect(known() == "\(address) public-ca\n")
        try server.change(to: authority.issue(for: "localhost"))
        try await tested.wait { if case .status(.waiting) = $0 { true } else { nil } }
        tested.client.send(.reconnectNow)
        #expect(try await tested.untilSettled().notices.isEmpty)
        for impostor in [own, try authority.issue(for: "elsewhere.example")] {
            try server.change(to: impostor)
            var next = try TestedClient(address, security: security)
            #expect(try await next.untilSettled().distrust != nil)
            await next.client.stop(within: .zero)
        }
        await tested.client.stop(within: .zero)
        await server.stop()
    }

    @Test("a damaged file of known servers stops it before it connects")
    func damaged() async throws {
        let server = try await EncryptedServer(own)
        try know("\nbroken\n")
        var tested = try TestedClient("127.0.0.1:\(server.port)", security: security())
        let outcome = try await tested.untilSettled()
        #expect(outcome.distrust?.contains("\(path): line 2 ") == true)
        #expect(server.connectionCount == 0)
        #expect(known() == "\nbroken\n")
        await tested.client.stop(within: .zero)
        await server.stop()
    }

    // MARK: Plain text

    /// How often somebody logged in at a server without TLS.
    private let plainLogins = NIOLockedValueBox(0)

    /// Servers that answer no hello with TLS, each in its way.
    private func plainServer(_ kind: String) async throws -> FakeServer {
        let (hello, probe): ([FakeServer.Action], [FakeServer.Action]) =
            switch kind {
            case "original": ([], [.write("CONVER,time=2026-11-22 12:04:05,Error: Unknown connection attempt.")])
            case "busy": ([.close], [.write("WARN,time=2026-11-22 12-04-05,The server is full."), .close])
            case "closing": ([.close], [.write("CONVER,time=2026-11-22 12-04-05,Error: Log in first.")])
            default: ([.write("ERR,time=2026-11-22 12-04-05,Error: Unknown reason.")], [])
            }
        return try await FakeServer { [plainLogins, firstWords] number, chunk in
            if number == 0 { firstWords.withLockedValue { if $0.isEmpty { $0 = chunk } } }
            guard chunk.hasPrefix("CON,") else { return chunk == "USER,," ? probe : hello }
            plainLogins.withLockedValue { $0 += 1 }
            return ChatClientTests.original(number, chunk)
        }
    }

    /// What came first on the first connection.
    private let firstWords = NIOLockedValueBox("")

    private func plain(_ server: FakeServer) -> SessionEvent.Channel {
        SessionEvent.Channel(address: "127.0.0.1:\(server.port)", isEncrypted: false, isLocal: true)
    }

    @Test(
        "a stranger that shows to have no TLS is spoken to in plain text, remembered, and the user told once",
        arguments: ["original", "answering"]
    )
    func fallsBack(kind: String) async throws {
        let server = try await plainServer(kind)
        let address = "127.0.0.1:\(server.port)"
        var tested = try TestedClient(address, security: security())
        let outcome = try await tested.untilSettled()
        #expect(outcome.channel == plain(server))
        #expect(outcome.notices == ["\(address) offers no encryption."])
        #expect(known() == "\(address) plain-text\n")
        for connection in 0..<server.connectionCount { server.drop(connection) }
        try await tested.wait { if case .status(.waiting) = $0 { true } else { nil } }
        tested.client.send(.reconnectNow)
        #expect(try await tested.untilSettled() == Settled(channel: plain(server)))
        await tested.client.stop(within: .zero)
        await server.stop()
    }

    @Test("a server that is known to have no TLS is spoken to in plain text first")
    func plainFirst() async throws {
        let server = try await plainServer("original")
        try know("127.0.0.1:\(server.port) plain-text\n")
        var tested = try TestedClient("127.0.0.1:\(server.port)", security: security())
        #expect(try await tested.untilSettled().channel == plain(server))
        #expect(firstWords.withLockedValue { $0 } == "USER,,")
        await tested.client.stop(within: .zero)
        await server.stop()
    }

    @Test("a server that was encrypted and has no TLS any more is tried on, and the user told once what to type")
    func goneSilent() async throws {
        let server = try await plainServer("closing")
        let address = "127.0.0.1:\(server.port)"
        try know("\(address) public-ca\n")
        var tested = try TestedClient(address, security: security())
        let reason = "\(address) closes the connection when it is asked for TLS, and was encrypted before."
        var notices: [String] = []
        for attempt in 1...4 {
            let outcome = try await tested.untilSettled()
            #expect(outcome.failure == reason, "attempt \(attempt)")
            notices += outcome.notices
            tested.client.send(.reconnectNow)
        }
        #expect(notices.count == 1)
        #expect(notices.first?.contains("line 1 of \(path) and type /reconnect") == true)
        #expect(plainLogins.withLockedValue { $0 } == 0)
        await tested.client.stop(within: .zero)
        await server.stop()
    }

    @Test("a server that hangs up on TLS is tried again, and joined in plain text after a yes only")
    func doubt() async throws {
        let server = try await plainServer("closing")
        let address = "127.0.0.1:\(server.port)"
        var tested = try TestedClient(address, security: security())
        let reason = "\(address) closes the connection when it is asked for TLS."
        #expect(try await tested.untilSettled() == Settled(failure: reason))
        tested.client.send(.reconnectNow)
        let question = try await tested.wait { if case .plainTextQuestion(let reason) = $0 { reason } else { nil } }
        #expect(question.text == reason)
        #expect(plainLogins.withLockedValue { $0 } == 0)
        #expect(known() == "")
        tested.client.send(.allowPlainText(true))
        #expect(try await tested.untilSettled().channel == plain(server))
        // A yes proves nothing about the server.
        #expect(known() == "")
        await tested.client.stop(within: .zero)
        await server.stop()
    }

    @Test("a server that says that it is busy is tried again, however often, and nothing asked")
    func busyInWords() async throws {
        let server = try await plainServer("busy")
        var tested = try TestedClient("127.0.0.1:\(server.port)", security: security())
        for _ in 1...3 {
            #expect(try await tested.untilSettled().failure == "127.0.0.1:\(server.port) says: The server is full.")
            tested.client.send(.reconnectNow)
        }
        await tested.client.stop(within: .zero)
        await server.stop()
    }

    @Test("a busy server with TLS that hangs up at first is joined encrypted, once it has time")
    func busy() async throws {
        let server = try await EncryptedServer(own, refusals: 2)
        var tested = try TestedClient("127.0.0.1:\(server.port)", security: security())
        #expect(try await tested.untilSettled().failure?.contains("closes the connection") == true)
        tested.client.send(.reconnectNow)
        #expect(try await tested.untilSettled().channel?.isEncrypted == true)
        await tested.client.stop(within: .zero)
        await server.stop()
    }

    @Test(
        "a server whose TLS is slower than its plain text is joined encrypted, whatever it was before",
        arguments: [false, true]
    )
    func slow(wasPlain: Bool) async throws {
        let server = try await EncryptedServer(own, answersPlainTextFirst: true)
        let address = "127.0.0.1:\(server.port)"
        try know(wasPlain ? "\(address) plain-text\n" : "")
        var tested = try TestedClient(address, security: security())
        #expect(try await tested.untilSettled().channel?.isEncrypted == true)
        #expect(known() == "\(address) \(fingerprint)\n")
        await tested.client.stop(within: .zero)
        await server.stop()
    }

    @Test("a server that was once encrypted is never spoken to in plain text", arguments: ["closing", "answering"])
    func noDowngrade(kind: String) async throws {
        let server = try await plainServer(kind)
        let address = "127.0.0.1:\(server.port)"
        try know("\(address) \(fingerprint)\n")
        for security in [try security(), try security(.require), try security(.prefer, fingerprint)] {
            var tested = try TestedClient(address, security: security)
            let outcome = try await tested.untilSettled()
            #expect(outcome.channel == nil)
            #expect((outcome.distrust == nil) == (kind == "closing"))
            await tested.client.stop(within: .zero)
        }
        #expect(plainLogins.withLockedValue { $0 } == 0)
        await server.stop()
    }

    @Test("plain text that is asked for of an encrypted server is refused without connecting")
    func refusesPlainText() async throws {
        let server = try await plainServer("original")
        let address = "127.0.0.1:\(server.port)"
        try know("\(address) public-ca\n")
        var tested = try TestedClient(address, security: security(.off))
        let outcome = try await tested.untilSettled()
        #expect(outcome.notices.first?.contains("line 1 of \(path)") == true)
        #expect(server.connectionCount == 0)
        await tested.client.stop(within: .zero)
        await server.stop()
    }

    @Test("chats:// takes nothing but TLS, and says so in plain words")
    func requires() async throws {
        let server = try await plainServer("answering")
        var tested = try TestedClient("chats://127.0.0.1:\(server.port)", security: security())
        let outcome = try await tested.untilSettled()
        #expect(outcome.distrust == "127.0.0.1:\(server.port) does not speak TLS, and nothing else is wanted.")
        #expect(plainLogins.withLockedValue { $0 } == 0)
        await tested.client.stop(within: .zero)
        await server.stop()
    }

    @Test("who answers the hello with an alert speaks TLS: no plain text for them")
    func alert() async throws {
        let logins = NIOLockedValueBox(0)
        let server = try await FakeServer { _, chunk in
            if chunk.hasPrefix("CON,") { logins.withLockedValue { $0 += 1 } }
            // A fatal alert: handshake_failure.
            return [.write("\u{15}\u{03}\u{03}\u{00}\u{02}\u{02}\u{28}"), .close]
        }
        var tested = try TestedClient("127.0.0.1:\(server.port)", security: security())
        let outcome = try await tested.untilSettled()
        #expect(outcome.failure?.contains("speaks TLS, but no encryption came about") == true)
        await tested.client.stop(within: .zero)
        await server.stop()
        #expect(logins.withLockedValue { $0 } == 0)
    }
}

/// What became of an attempt to connect.
struct Settled: Hashable {
    var channel: SessionEvent.Channel?
    var distrust: String?
    var failure: String?
    var notices: [String] = []
}

extension TestedClient {
    /// Waits until the client is in the chat, or knows why not.
    mutating func untilSettled() async throws -> Settled {
        var settled = Settled()
        return try await wait { update in
            switch update {
            case .notice(let text, _): settled.notices.append(text.text)
            case .status(.online(let channel, _, _)):
                settled.channel = channel
                return settled
            case .status(.distrusted(let reason)):
                settled.distrust = reason
                return settled
            case .status(.waiting(let reason, _, _)):
                settled.failure = reason
                return settled
            default: break
            }
            return nil
        }
    }
}
