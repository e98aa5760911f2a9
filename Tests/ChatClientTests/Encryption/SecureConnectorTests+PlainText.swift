internal import ChatProtocol
internal import ChatSecurity
internal import ChatSession
internal import ChatTestSupport
internal import Foundation
internal import NIOConcurrencyHelpers
internal import Testing

@testable internal import ChatClient

/// When plain text is spoken, and when it is not.
extension SecureConnectorTests {
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
