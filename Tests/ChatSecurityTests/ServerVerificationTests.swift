internal import ChatSecurity
internal import ChatTestSupport
internal import Foundation
internal import NIOCore
internal import NIOPosix
internal import NIOSSL
internal import NIOTLS
internal import Testing

@Suite("Who is the server")
struct ServerVerificationTests {
    let folder: ScratchFolder

    init() throws { folder = try ScratchFolder() }

    /// A source of a certificate that was issued.
    private func source(of pair: TestAuthority.Pair) throws -> CertificateSource {
        try CertificateSource(
            certificatePath: folder.write(pair.certificate, to: "certificate.pem"),
            keyPath: folder.write(pair.key, to: "key.pem")
        )
    }

    /// Runs a handshake between a client and a server over loopback and gives the verdict.
    private func shakeHands(
        _ expectation: ServerExpectation,
        with source: CertificateSource,
        authorities: CertificateAuthorities = .system
    ) async throws -> ServerVerdict? {
        let group = MultiThreadedEventLoopGroup.singleton
        let listener = try await ServerBootstrap(group: group)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(source.makeHandler())
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        let verification = ServerVerification(expectation, authorities: authorities)
        let ended = group.any().makePromise(of: Bool.self)
        let client = try await ClientBootstrap(group: group)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandlers([
                        try verification.makeHandler(), HandshakeEnd(promise: ended),
                    ])
                }
            }
            .connect(to: try #require(listener.localAddress)).get()
        let isEncrypted = try await ended.futureResult.get()
        #expect(isEncrypted == verification.verdict?.isAccepted)
        try? await client.close()
        try await listener.close()
        return verification.verdict
    }

    @Test("a stranger is accepted once, a known one by its fingerprint, another one never")
    func trustOnFirstUse() async throws {
        let files = try SelfSignedCertificate.loadOrCreate(in: folder.path)
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

    @Test("an authority's word counts for the name in the certificate, and not against a certificate that is known")
    func authorities() async throws {
        let authority = try TestAuthority()
        let trusted = try CertificateAuthorities.only([authority.rootCertificate])
        let nobody = try CertificateAuthorities.only([])
        let source = try source(of: authority.issue(for: "localhost"))
        let shown = source.fingerprint
        let wrong = CertificateFingerprint(der: [])

        for (expectation, authorities, verdict) in [
            (ServerExpectation(host: "localhost"), trusted, ServerVerdict.publicAuthority(shown)),
            (ServerExpectation(host: "LOCALHOST"), trusted, .publicAuthority(shown)),
            (ServerExpectation(host: "localhost", known: .publicAuthority), trusted, .publicAuthority(shown)),
            (ServerExpectation(host: "127.0.0.1"), trusted, .otherName(shown)),
            (ServerExpectation(host: "home.example"), trusted, .otherName(shown)),
            (
                ServerExpectation(host: "home.example", known: .publicAuthority), trusted,
                .changed(expected: nil, shown: shown)
            ),
            (
                ServerExpectation(host: "localhost", known: .pinned(wrong)), trusted,
                .changed(expected: wrong, shown: shown)
            ),
            (ServerExpectation(host: "home.example", known: .pinned(shown)), trusted, .expected(shown)),
            (ServerExpectation(host: "localhost"), nobody, .firstUse(shown)),
            (
                ServerExpectation(host: "localhost", known: .publicAuthority), nobody,
                .changed(expected: nil, shown: shown)
            ),
        ] {
            #expect(try await shakeHands(expectation, with: source, authorities: authorities) == verdict)
        }
    }

    @Test(
        "a certificate that has run out, or is not valid yet, is no stranger's to be remembered",
        arguments: [-3.0 ... -2.0, 2.0...3.0]
    )
    func outdated(days: ClosedRange<Double>) async throws {
        let authority = try TestAuthority()
        let trusted = try CertificateAuthorities.only([authority.rootCertificate])
        let nobody = try CertificateAuthorities.only([])
        let source = try source(of: authority.issue(for: "localhost", valid: days))
        let shown = source.fingerprint

        for (expectation, authorities, verdict) in [
            (ServerExpectation(host: "localhost"), trusted, ServerVerdict.outdated(shown)),
            (ServerExpectation(host: "home.example"), trusted, .outdated(shown)),
            (ServerExpectation(host: "localhost", known: .publicAuthority), trusted, .outdated(shown)),
            (
                ServerExpectation(host: "home.example", known: .publicAuthority), trusted,
                .changed(expected: nil, shown: shown)
            ),
            // Who named or remembered this very certificate needs nobody's word.
            (ServerExpectation(host: "localhost", fingerprint: shown), trusted, .expected(shown)),
            (ServerExpectation(host: "localhost", known: .pinned(shown)), trusted, .expected(shown)),
            (ServerExpectation(host: "localhost"), nobody, .firstUse(shown)),
        ] {
            #expect(try await shakeHands(expectation, with: source, authorities: authorities) == verdict)
        }
    }

    @Test("a host that has no place in SNI is none", arguments: ["::1", "fe80::1%eth0", "bücher.example", "192.0.2.1"])
    func names(host: String) throws {
        #expect(throws: Never.self) { try ServerVerification(ServerExpectation(host: host)).makeHandler() }
    }
}

/// Tells when a handshake has ended, well or not.
private final class HandshakeEnd: ChannelInboundHandler {
    typealias InboundIn = Any

    private let promise: EventLoopPromise<Bool>

    init(promise: EventLoopPromise<Bool>) {
        self.promise = promise
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case .some(.handshakeCompleted) = event as? TLSUserEvent { promise.succeed(true) }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        promise.succeed(false)
        context.close(promise: nil)
    }
}
