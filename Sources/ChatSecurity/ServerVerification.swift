internal import Foundation
public import NIOCore
internal import NIOSSL
internal import SwiftASN1
internal import Synchronization
internal import X509

/// How a client decides whether the certificate that a server shows is the
/// right one.
public struct ServerExpectation: Hashable, Sendable {
    /// The host name or address that the user named.
    public var host: String
    /// A fingerprint that the user named; nothing else will do then.
    public var fingerprint: CertificateFingerprint?
    /// How the server is known from before.
    public var known: KnownServers.Identity?

    /// Creates an expectation.
    public init(host: String, fingerprint: CertificateFingerprint? = nil, known: KnownServers.Identity? = nil) {
        self.host = host
        self.fingerprint = fingerprint
        self.known = known
    }
}

/// What a certificate turned out to be.
public enum ServerVerdict: Hashable, Sendable {
    /// The certificate that was expected.
    case expected(CertificateFingerprint)
    /// A public authority vouches for the name.
    case publicAuthority(CertificateFingerprint)
    /// Seen for the first time; to be remembered, and shown to the user.
    case firstUse(CertificateFingerprint)
    /// Not the certificate that was expected: do not go on.
    case changed(expected: CertificateFingerprint?, shown: CertificateFingerprint)

    /// Whether the connection may go on.
    public var isAccepted: Bool {
        if case .changed = self { false } else { true }
    }
}

/// One connection's check of its server; the verdict is there once the
/// handshake ended, either way.
public final class ServerVerification: Sendable {
    private let expectation: ServerExpectation
    private let result = Mutex<ServerVerdict?>(nil)

    /// Prepares a check.
    public init(_ expectation: ServerExpectation) {
        self.expectation = expectation
    }

    /// The verdict, or nil while there is none.
    public var verdict: ServerVerdict? {
        result.withLock { $0 }
    }

    /// Makes the handler that speaks TLS on the connection.
    ///
    /// - Throws: The library's error where the host name can't be used.
    public func makeHandler() throws -> any ChannelHandler {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.minimumTLSVersion = .tlsv12
        // Only an authority's word depends on the name; SNI takes no addresses.
        let isAddress = (try? SocketAddress(ipAddress: expectation.host, port: 0)) != nil
        return try NIOSSLClientHandler(
            context: NIOSSLContext(configuration: configuration),
            serverHostname: isAddress ? nil : expectation.host,
            customVerificationCallback: { [self] chain, promise in
                promise.completeWithTask { await self.verify(chain) }
            }
        )
    }

    private func verify(_ chain: [NIOSSLCertificate]) async -> NIOSSLVerificationResult {
        guard let leaf = chain.first, let shown = try? CertificateFingerprint(leaf) else { return .failed }
        let verdict = await judge(chain, shown: shown)
        result.withLock { $0 = verdict }
        return verdict.isAccepted ? .certificateVerified : .failed
    }

    private func judge(_ chain: [NIOSSLCertificate], shown: CertificateFingerprint) async -> ServerVerdict {
        if let wanted = expectation.fingerprint {
            return shown == wanted ? .expected(shown) : .changed(expected: wanted, shown: shown)
        }
        if case .pinned(let pinned) = expectation.known, pinned == shown { return .expected(shown) }
        if await isVouchedFor(chain) { return .publicAuthority(shown) }
        switch expectation.known {
        case .pinned(let pinned): return .changed(expected: pinned, shown: shown)
        case .publicAuthority: return .changed(expected: nil, shown: shown)
        case nil: return .firstUse(shown)
        }
    }

    /// Whether a public authority signed this certificate for the host.
    private func isVouchedFor(_ chain: [NIOSSLCertificate]) async -> Bool {
        let certificates = chain.compactMap { certificate in
            (try? certificate.toDERBytes()).flatMap { try? Certificate(derEncoded: $0) }
        }
        guard certificates.count == chain.count, let leaf = certificates.first else { return false }
        let isAddress = (try? SocketAddress(ipAddress: expectation.host, port: 0)) != nil
        var verifier = Verifier(rootCertificates: .systemTrustRoots) {
            RFC5280Policy()
            ServerIdentityPolicy(
                serverHostname: isAddress ? nil : expectation.host,
                serverIP: isAddress ? expectation.host : nil
            )
        }
        let result = await verifier.validate(
            leaf: leaf,
            intermediates: CertificateStore(certificates.dropFirst())
        )
        if case .validCertificate = result { return true }
        return false
    }
}
