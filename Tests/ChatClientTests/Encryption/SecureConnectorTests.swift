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

    /// How often somebody logged in at a server without TLS.
    let plainLogins = NIOLockedValueBox(0)

    /// What came first on the first connection.
    let firstWords = NIOLockedValueBox("")

    var path: String { "\(folder.path)/known_servers" }

    init() throws {
        folder = try ScratchFolder()
        // An authority that is nobody's is as good as a certificate that signs itself.
        own = try TestAuthority("nobody").issue(for: "chat-tui")
        fingerprint = try CertificateFingerprint(pem: own.certificate)
    }

    func security(
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

    func known() -> String { (try? folder.read("known_servers")) ?? "" }

    func know(_ text: String) throws { try folder.write(text, to: "known_servers") }

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
}
