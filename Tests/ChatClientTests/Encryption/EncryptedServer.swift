internal import ChatSecurity
internal import ChatTestSupport
internal import Foundation
internal import NIOConcurrencyHelpers
internal import NIOCore
internal import NIOPosix
internal import NIOSSL

@testable internal import ChatClient

/// A server on loopback that speaks TLS and lets everybody in who does.
final class EncryptedServer: Sendable {
    let port: Int
    private let listener: any Channel
    private let connections = NIOLockedValueBox<[any Channel]>([])
    private let logins = NIOLockedValueBox<[String]>([])
    private let context: NIOLockedValueBox<NIOSSLContext>

    /// - Parameters:
    ///   - pair: Its certificate.
    ///   - refusals: How many connections it closes at first, as if it were busy.
    ///   - answersPlainTextFirst: Whether a hello waits until somebody has asked
    ///     something in plain text, as if its way were slow.
    init(
        _ pair: TestAuthority.Pair,
        refusals: Int = 0,
        answersPlainTextFirst: Bool = false
    ) async throws {
        let context = NIOLockedValueBox(try Self.context(pair))
        self.context = context
        let logins = logins
        let connections = connections
        let gate = answersPlainTextFirst ? Gate() : nil
        listener = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { channel in
                let number = connections.withLockedValue { connections in
                    connections.append(channel)
                    return connections.count
                }
                if number <= refusals { return channel.close() }
                if let gate { _ = try? channel.pipeline.syncOperations.addHandler(PlainText(gate: gate)) }
                return channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandlers([
                        NIOSSLServerHandler(context: context.withLockedValue { $0 }), Doorman(logins: logins),
                    ])
                }
            }
            .bind(host: "127.0.0.1", port: 0)
            .get()
        port = listener.localAddress?.port ?? 0
    }

    /// What came in, decrypted.
    var received: [String] { logins.withLockedValue { $0 } }

    var connectionCount: Int { connections.withLockedValue { $0.count } }

    /// Shows another certificate from now on, and breaks the connections that there are.
    func change(to pair: TestAuthority.Pair) throws {
        let fresh = try Self.context(pair)
        context.withLockedValue { $0 = fresh }
        drop()
    }

    /// Breaks all connections.
    func drop() {
        for channel in connections.withLockedValue({ $0 }) { channel.close(promise: nil) }
    }

    func stop() async {
        try? await listener.close()
        drop()
    }

    private static func context(_ pair: TestAuthority.Pair) throws -> NIOSSLContext {
        try NIOSSLContext(
            configuration: .makeServerConfiguration(
                certificateChain: [.certificate(NIOSSLCertificate(bytes: Array(pair.certificate.utf8), format: .pem))],
                privateKey: .privateKey(NIOSSLPrivateKey(bytes: Array(pair.key.utf8), format: .pem))
            )
        )
    }

    /// What waits for somebody to ask in plain text.
    private final class Gate: Sendable {
        private struct State {
            var isOpen = false
            var waiting: [@Sendable () -> Void] = []
        }

        private let state = NIOLockedValueBox(State())

        func open() {
            let waiting = state.withLockedValue { state in
                state.isOpen = true
                defer { state.waiting = [] }
                return state.waiting
            }
            for action in waiting { action() }
        }

        func whenOpen(_ action: @escaping @Sendable () -> Void) {
            let isOpen = state.withLockedValue { state in
                if !state.isOpen { state.waiting.append(action) }
                return state.isOpen
            }
            if isOpen { action() }
        }
    }

    /// Answers plain text like this project's server, and holds TLS back.
    private final class PlainText: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        typealias InboundOut = ByteBuffer

        private let gate: Gate

        init(gate: Gate) { self.gate = gate }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            let bytes = unwrapInboundIn(data)
            guard bytes.readableBytesView.first.map({ UInt8(ascii: "A")...UInt8(ascii: "Z") ~= $0 }) == true else {
                let pipeline = context.pipeline
                let name = context.name
                let eventLoop = context.eventLoop
                return gate.whenOpen {
                    eventLoop.execute {
                        guard let context = try? pipeline.syncOperations.context(name: name) else { return }
                        context.fireChannelRead(NIOAny(bytes))
                        context.fireChannelReadComplete()
                    }
                }
            }
            let answer = ByteBuffer(string: "CONVER,time=2026-11-22 12-04-05,Error: Log in first.")
            context.writeAndFlush(NIOAny(answer)).assumeIsolated().whenComplete { [gate] _ in gate.open() }
        }
    }

    private final class Doorman: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer

        let logins: NIOLockedValueBox<[String]>

        init(logins: NIOLockedValueBox<[String]>) { self.logins = logins }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            let text = String(buffer: unwrapInboundIn(data))
            logins.withLockedValue { $0.append(text) }
            guard text.hasPrefix("CON,") else { return }
            let answer = "CONVER,time=2026-11-22 12-04-05;framing=netstring,OK"
            context.channel.writeAndFlush(ByteBuffer(string: answer), promise: nil)
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
    }
}

extension CertificateFingerprint {
    /// The fingerprint of a certificate in PEM.
    init(pem: String) throws {
        self.init(der: try NIOSSLCertificate(bytes: Array(pem.utf8), format: .pem).toDERBytes())
    }
}
