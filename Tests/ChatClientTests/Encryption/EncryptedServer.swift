internal import ChatSecurity
internal import ChatTestSupport
internal import Foundation
internal import NIOConcurrencyHelpers
internal import NIOCore
internal import NIOPosix
internal import NIOSSL

@testable internal import ChatClient

/// A server on loopback that speaks TLS and lets everybody in.
final class EncryptedServer: Sendable {
    let port: Int
    private let listener: any Channel
    private let connections = NIOLockedValueBox<[any Channel]>([])
    private let logins = NIOLockedValueBox<[String]>([])
    private let context: NIOLockedValueBox<NIOSSLContext>

    init(_ pair: TestAuthority.Pair) async throws {
        let context = NIOLockedValueBox(try Self.context(pair))
        self.context = context
        let logins = logins
        let connections = connections
        listener = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { channel in
                connections.withLockedValue { $0.append(channel) }
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
