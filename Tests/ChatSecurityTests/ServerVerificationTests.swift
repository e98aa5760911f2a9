internal import ChatSecurity
internal import Foundation
internal import NIOCore
internal import NIOPosix
internal import NIOSSL
internal import NIOTLS
internal import Testing

@Suite("Who is the server")
struct ServerVerificationTests {
    /// Lets a client and a server shake hands over loopback and gives the verdict.
    private func shakeHands(
        _ expectation: ServerExpectation,
        with source: CertificateSource
    ) async throws -> ServerVerdict? {
        let group = MultiThreadedEventLoopGroup.singleton
        let listener = try await ServerBootstrap(group: group)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(source.makeHandler())
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        let verification = ServerVerification(expectation)
        let ended = group.any().makePromise(of: Void.self)
        let client = try await ClientBootstrap(group: group)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandlers([
                        try verification.makeHandler(), HandshakeEnd(promise: ended),
                    ])
                }
            }
            .connect(to: try #require(listener.localAddress)).get()
        try await ended.futureResult.get()
        try? await client.close()
        try await listener.close()
        return verification.verdict
    }

    @Test("a stranger is accepted once, a known one by its fingerprint, another one never")
    func trustOnFirstUse() async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString).path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let files = try SelfSignedCertificate.loadOrCreate(in: folder)
        let source = try CertificateSource(certificatePath: files.certificate, keyPath: files.key)
        let shown = source.fingerprint
        let wrong = CertificateFingerprint(der: [])

        for (expectation, verdict) in [
            (ServerExpectation(host: "localhost"), ServerVerdict.firstUse(shown)),
            (ServerExpectation(host: "127.0.0.1", known: .pinned(shown)), .expected(shown)),
            (ServerExpectation(host: "localhost", known: .pinned(wrong)), .changed(expected: wrong, shown: shown)),
            (ServerExpectation(host: "localhost", known: .publicAuthority), .changed(expected: nil, shown: shown)),
            (ServerExpectation(host: "localhost", fingerprint: shown), .expected(shown)),
            (
                ServerExpectation(host: "localhost", fingerprint: wrong, known: .pinned(shown)),
                .changed(expected: wrong, shown: shown)
            ),
        ] {
            #expect(try await shakeHands(expectation, with: source) == verdict)
        }
    }
}

/// Tells when a handshake has ended, well or not.
private final class HandshakeEnd: ChannelInboundHandler {
    typealias InboundIn = Any

    private let promise: EventLoopPromise<Void>

    init(promise: EventLoopPromise<Void>) {
        self.promise = promise
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case .some(.handshakeCompleted) = event as? TLSUserEvent { promise.succeed() }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        promise.succeed()
        context.close(promise: nil)
    }
}
