internal import ChatProtocol
internal import ChatSession
internal import ChatTestSupport
internal import NIOConcurrencyHelpers
internal import Testing

@testable internal import ChatClient

/// A client whose updates a test can wait for.
struct TestedClient {
    let client: ChatClient
    private var updates: AsyncStream<SessionUpdate>.Iterator
    /// The entries as they stand, the last that changed at the end.
    private(set) var entries: [TimelineEntry] = []
    private(set) var roster = Roster()

    init(_ address: String, security: ConnectionSecurity = .plain, nickname: String? = "ann") throws {
        let (stream, continuation) = AsyncStream.makeStream(of: SessionUpdate.self)
        let credentials = nickname.map { Credentials(nickname: $0, color: .white) }
        client = ChatClient(
            address: try ServerAddress(address),
            security: security,
            credentials: credentials
        ) { updates in
            for update in updates { continuation.yield(update) }
        }
        updates = stream.makeAsyncIterator()
        client.start()
    }

    /// Waits for an update that fits; the test's time limit is the bound.
    @discardableResult
    mutating func wait<Value>(for fits: (SessionUpdate) -> Value?) async throws -> Value {
        while let update = await updates.next(isolation: #isolation) {
            switch update {
            case .roster(let roster):
                self.roster = roster
            case .appended(let new):
                entries += new
            case .changed(let entry):
                entries.removeAll { $0.id == entry.id }
                entries.append(entry)
            default:
                break
            }
            if let value = fits(update) { return value }
        }
        throw Ended()
    }

    /// Waits until the timeline holds a text.
    mutating func wait(forText text: String) async throws {
        while !entries.contains(where: { $0.text.text == text && $0.delivery == .accepted }) {
            try await wait { _ in true }
        }
    }

    /// Waits until the client is in the chat.
    @discardableResult
    mutating func waitUntilOnline() async throws -> Framing {
        try await wait { update in
            if case .status(.online(_, let framing, _)) = update { framing } else { nil }
        }
    }

    struct Ended: Error {}
}

@Suite("A client over real sockets", .timeLimit(.minutes(10)))
struct ChatClientTests {
    static let time = "time=2026-11-22 12:04:05"

    /// Speaks like an original server: nickname `taken` is taken.
    static let original: FakeServer.Script = { _, chunk in
        guard let request = try? Request(decoding: Array(chunk.utf8).span) else { return [.close] }
        switch request {
        case .connect(let connect) where connect.nickname == "taken":
            return [.write("CONVER,\(time),Error: User is already logged in")]
        case .connect(let connect):
            let nickname = connect.nickname ?? ""
            return [
                .write("CONVER,\(time),OKINFO,\(time);sender=\(nickname),\(nickname) has joined the chat!"),
                .write("USER,\(time);num=1;admin=1;0=\(nickname);admin0=admin,"),
            ]
        case .chat(let chat):
            return [.write("CHATR,\(time);sender=ann;rec=\(chat.recipient?.wire ?? "");color=#FFFFFF,\(chat.text)")]
        case .refresh:
            return [.write("CONFIRM,\(time);reason=REF,Resending messages...")]
        case .disconnect:
            return [.write("CONFIRM,\(time);reason=DISCON,Disconnected Successfully."), .close]
        default:
            return [.write("ERR,\(time),Error: Unknown reason.")]
        }
    }

    @Test("gets into an original server's chat though the first reply comes glued, and talks")
    func gluedReply() async throws {
        let server = try await FakeServer(script: Self.original)
        var tested = try TestedClient("127.0.0.1:\(server.port)")
        #expect(try await tested.waitUntilOnline() == .none)
        tested.client.send(.say("one", to: .everyone))
        tested.client.send(.say("two, with; all=of/them", to: .everyone))
        try await tested.wait(forText: "two, with; all=of/them")
        #expect(tested.entries.map(\.text.text) == ["ann has joined the chat!", "one", "two, with; all=of/them"])
        #expect(tested.roster.members.map(\.nickname) == ["ann"])
        await tested.client.stop(within: .seconds(60))
        await server.stop()
    }

    @Test("is refused, asks, and gets in on the same connection")
    func refusedThenAccepted() async throws {
        let server = try await FakeServer(script: Self.original)
        var tested = try TestedClient("127.0.0.1:\(server.port)", nickname: "taken")
        let reason = try await tested.wait { update in
            if case .loginNeeded(let reason, .nicknameInUse) = update { reason } else { nil }
        }
        #expect(reason.text.hasPrefix("taken is here already: choose another nickname."))
        tested.client.send(.login(Credentials(nickname: "ann", color: .white)))
        try await tested.waitUntilOnline()
        #expect(server.connectionCount == 1)
        await tested.client.stop(within: .seconds(60))
        await server.stop()
    }

    @Test("asks who one is where nobody said")
    func asks() async throws {
        let server = try await FakeServer(script: Self.original)
        var tested = try TestedClient("chat://127.0.0.1:\(server.port)", nickname: nil)
        try await tested.wait { if case .loginNeeded(nil, nil) = $0 { true } else { nil } }
        tested.client.send(.login(Credentials(nickname: "ann", color: .white)))
        try await tested.waitUntilOnline()
        await tested.client.stop(within: .seconds(60))
        await server.stop()
    }

    @Test("comes back after a loss, with what was typed meanwhile")
    func reconnects() async throws {
        let server = try await FakeServer(script: Self.original)
        var tested = try TestedClient("127.0.0.1:\(server.port)")
        try await tested.waitUntilOnline()
        tested.client.send(.say("before", to: .everyone))
        try await tested.wait(forText: "before")
        server.drop(0)
        let reason = try await tested.wait { update in
            if case .status(.waiting(let reason, _, _)) = update { reason } else { nil }
        }
        #expect(reason == "The server closed the connection.")
        tested.client.send(.say("meanwhile", to: .everyone))
        tested.client.send(.reconnectNow)
        try await tested.wait(forText: "meanwhile")
        #expect(server.connectionCount == 2)
        #expect(tested.entries.count { $0.text.text == "before" } == 1)
        await tested.client.stop(within: .seconds(60))
        await server.stop()
    }

    @Test("goes over to netstrings, in one read with the CONVER, and gets a flood in few deliveries")
    func framed() async throws {
        let server = try await FakeServer { _, chunk in
            guard chunk.hasPrefix("CON,") else { return [] }
            var stream = Array("CONVER,\(Self.time);framing=netstring,OK".utf8)
            let join = "INFO,\(Self.time);id=1;sender=ann;event=join;color=#FFF;admin=0,ann has joined the chat!"
            Netstring.encode(Array(join.utf8), into: &stream)
            for number in 2...5000 {
                let chat = "CHATR,\(Self.time);id=\(number);sender=bob;rec=-ALL;color=#FFF,message \(number)"
                Netstring.encode(Array(chat.utf8), into: &stream)
            }
            return [.write(String(decoding: stream, as: UTF8.self))]
        }
        let deliveries = NIOLockedValueBox(0)
        let (stream, continuation) = AsyncStream.makeStream(of: [SessionUpdate].self)
        let client = ChatClient(
            address: try ServerAddress("127.0.0.1:\(server.port)"),
            security: .plain,
            credentials: Credentials(nickname: "ann", color: .white)
        ) { updates in
            deliveries.withLockedValue { $0 += 1 }
            continuation.yield(updates)
        }
        client.start()
        var entries: [TimelineEntry] = []
        for await updates in stream {
            for case .appended(let new) in updates { entries += new }
            if entries.count == 5000 { break }
        }
        #expect(entries.compactMap(\.messageID?.number) == Array(1...5000))
        #expect(deliveries.withLockedValue { $0 } < 500)
        await client.stop(within: .zero)
        await server.stop()
    }

    @Test("says in plain words that nobody answers, and tries again")
    func refusedConnection() async throws {
        let server = try await FakeServer(script: Self.original)
        let port = server.port
        await server.stop()
        var tested = try TestedClient("127.0.0.1:\(port)")
        let reason = try await tested.wait { update in
            if case .status(.waiting(let reason, _, _)) = update { reason } else { nil }
        }
        #expect(reason.contains("no chat answers on port \(port)"))
        await tested.client.stop(within: .seconds(60))
    }

    @Test("says in plain words that a name is unknown")
    func unknownHost() async throws {
        var tested = try TestedClient("no-such-host.invalid")
        let reason = try await tested.wait { update in
            if case .status(.waiting(let reason, _, _)) = update { reason } else { nil }
        }
        #expect(reason == "No server is known by the name no-such-host.invalid: check the spelling and your network.")
        await tested.client.stop(within: .seconds(60))
    }

    @Test("closes a connection whose stream makes no sense, and says so")
    func outOfStep() async throws {
        let server = try await FakeServer { _, _ in
            [.write("CONVER,\(Self.time);framing=netstring,OKHTTP/1.1 400 Bad Request")]
        }
        var tested = try TestedClient("127.0.0.1:\(server.port)")
        let reason = try await tested.wait { update in
            if case .status(.waiting(let reason, _, _)) = update { reason } else { nil }
        }
        #expect(reason.hasPrefix("The server sent something that is not the chat's protocol"))
        await tested.client.stop(within: .seconds(60))
        await server.stop()
    }

    @Test("speaks IPv6", .enabled(if: Loopback.hasIPv6))
    func ipv6() async throws {
        let server = try await FakeServer(host: "::1", script: Self.original)
        var tested = try TestedClient("[::1]:\(server.port)")
        try await tested.waitUntilOnline()
        await tested.client.stop(within: .seconds(60))
        await server.stop()
    }

    @Test("stops when the deadline is over, whatever the server does; and twice, and before it starts")
    func stop() async throws {
        let server = try await FakeServer { _, chunk in
            chunk.hasPrefix("CON,") ? [.write("CONVER,\(Self.time);framing=netstring,OK")] : []
        }
        var tested = try TestedClient("127.0.0.1:\(server.port)")
        try await tested.waitUntilOnline()
        await tested.client.stop(within: .zero)
        await tested.client.stop(within: .seconds(60))
        let idle = ChatClient(address: try ServerAddress("127.0.0.1:1"), security: .plain, credentials: nil) { _ in }
        await idle.stop(within: .seconds(60))
        await server.stop()
    }
}
