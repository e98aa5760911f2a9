internal import ChatServer
internal import Foundation
internal import NIOCore
internal import NIOPosix
internal import Testing

@Suite("The operator's endpoint")
struct AdminEndpointTests {
    private let group = MultiThreadedEventLoopGroup.singleton

    private func report(notReady: String? = nil) -> AdminReport {
        let loop = group.any()
        return AdminReport(
            notReadyReason: { notReady },
            metrics: {
                loop.makeSucceededFuture([Metric("chat_connections", help: "Open ones.", kind: .gauge, value: 3)])
            }
        )
    }

    /// Starts an endpoint on which no connection ends because the test is slow.
    private func start(
        at address: AdminAddress,
        on group: (any EventLoopGroup)? = nil,
        notReady: String? = nil
    ) throws -> AdminEndpoint {
        try .start(at: address, group: group ?? self.group, report: report(notReady: notReady), longest: .hours(1))
    }

    /// Sends one HTTP/1.0 request and gives everything that comes back.
    private func ask(_ request: String, at address: SocketAddress) async throws -> String {
        let answer = group.any().makePromise(of: String.self)
        let channel = try await ClientBootstrap(group: group)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(Collector(promise: answer))
                }
            }
            .connect(to: address).get()
        try await channel.writeAndFlush(ByteBuffer(string: "\(request) HTTP/1.0\r\n\r\n"))
        return try await answer.futureResult.get()
    }

    @Test(
        "answers what an operator asks",
        arguments: [
            ("GET /healthz", nil, "200 OK", "ok\n"),
            ("GET /readyz", nil, "200 OK", "ready\n"),
            ("GET /readyz", "the disk is full", "503 Service Unavailable", "the disk is full\n"),
            ("GET /healthz", "the disk is full", "200 OK", "ok\n"),
            ("GET /metrics", nil, "200 OK", "# TYPE chat_connections gauge\nchat_connections 3\n"),
            ("GET /metrics?x=1", nil, "200 OK", "chat_connections 3\n"),
            ("HEAD /metrics", nil, "200 OK", "\r\n\r\n"),
            ("GET /other", nil, "404 Not Found", "/metrics\n"),
            ("POST /metrics", nil, "405 Method Not Allowed", "only GET\n"),
        ] as [(String, String?, String, String)]
    )
    func answers(request: String, notReady: String?, status: String, end: String) async throws {
        let loopback = try #require(AdminAddress("127.0.0.1:0"))
        let endpoint = try start(at: loopback, notReady: notReady)
        let answer = try await ask(request, at: try #require(endpoint.localAddress))
        #expect(answer.hasPrefix("HTTP/1.0 \(status)\r\n"))
        #expect(answer.hasSuffix(end))
        endpoint.stop()
    }

    @Test("takes so many at a time and closes the others, so that they do not use up the chat's files")
    func crowd() async throws {
        let loopback = try #require(AdminAddress("127.0.0.1:0"))
        // One loop counts connections in the order in which they came.
        let endpoint = try start(at: loopback, on: group.next())
        let address = try #require(endpoint.localAddress)
        var silent: [any Channel] = []
        for _ in 0..<16 { silent.append(try await ClientBootstrap(group: group).connect(to: address).get()) }
        // Closed without a word.
        await #expect(throws: (any Error).self) {
            let answer = try await ask("GET /healthz", at: address)
            if answer.isEmpty { throw ChannelError.eof }
        }
        try await silent.removeFirst().close()
        // The place is free once the server has seen that.
        var answer = ""
        for _ in 0..<1000 where !answer.hasSuffix("ok\n") {
            answer = (try? await ask("GET /healthz", at: address)) ?? ""
        }
        #expect(answer.hasSuffix("ok\n"))
        for channel in silent { try? await channel.close() }
        endpoint.stop()
    }

    @Test("a unix socket is for its owner alone")
    func unixSocket() async throws {
        let path = "/tmp/chat-tui-\(UUID().uuidString).sock"
        defer { try? FileManager.default.removeItem(atPath: path) }
        let address = try #require(AdminAddress("unix:\(path)"))
        let endpoint = try start(at: address)
        let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
        #expect(mode == 0o600)
        let answer = try await ask("GET /healthz", at: try SocketAddress(unixDomainSocketPath: path))
        #expect(answer.hasSuffix("ok\n"))
        endpoint.stop()
    }

    @Test(
        "only loopback and unix sockets can be named",
        arguments: [
            ("127.0.0.1:9000", true), ("[::1]:9000", true), ("localhost:9000", true), ("unix:/run/chat.sock", true),
            ("/run/chat.sock", true), ("0.0.0.0:9000", false), ("192.0.2.1:9000", false), (":9000", false),
            ("127.0.0.1:99999", false), ("unix:", false), ("", false), ("[::]:9000", false),
        ]
    )
    func addresses(text: String, isValid: Bool) {
        #expect((AdminAddress(text) != nil) == isValid)
    }
}

/// Collects text until the connection closes.
private final class Collector: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let promise: EventLoopPromise<String>
    private var text = ""

    init(promise: EventLoopPromise<String>) {
        self.promise = promise
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        text += String(buffer: unwrapInboundIn(data))
    }

    func channelInactive(context: ChannelHandlerContext) {
        promise.succeed(text)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        promise.fail(error)
        context.close(promise: nil)
    }
}
