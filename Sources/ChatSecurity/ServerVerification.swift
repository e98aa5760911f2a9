internal import Foundation
public import NIOCore
internal import NIOSSL
internal import SwiftASN1
internal import Synchronization
@_spi(DisableValidityCheck) internal import X509

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
    /// Not the certificate that was expected (nil: one that a public authority
    /// vouches for): do not go on.
    case changed(expected: CertificateFingerprint?, shown: CertificateFingerprint)
    /// A public authority vouches for it, but as somebody else's: do not go on.
    case otherName(CertificateFingerprint)
    /// A public authority would vouch for it at another time: it has run out, or
    /// is not valid yet. Do not go on.
    case outdated(CertificateFingerprint)

    /// Whether the connection may go on.
    public var isAccepted: Bool {
        switch self {
        case .expected, .publicAuthority, .firstUse: true
        case .changed, .otherName, .outdated: false
        }
    }
}

/// Who may vouch for a server's name.
public struct CertificateAuthorities: Sendable {
    let roots: CertificateStore

    /// Those that the operating system trusts.
    public static let system = CertificateAuthorities(roots: .systemTrustRoots)

    /// Some of one's own.
    ///
    /// - Parameter certificates: Their certificates, each PEM.
    /// - Throws: The library's error for what is no certificate.
    public static func only(_ certificates: [String]) throws -> CertificateAuthorities {
        CertificateAuthorities(roots: CertificateStore(try certificates.map { try Certificate(pemEncoded: $0) }))
    }
}

/// One connection's check of its server; the verdict is there once the
/// handshake ended, either way.
public final class ServerVerification: Sendable {
    private let expectation: ServerExpectation
    private let authorities: CertificateAuthorities
    private let result = Mutex<ServerVerdict?>(nil)

    /// Prepares a check.
    ///
    /// - Parameters:
    ///   - expectation: Who the server is to be.
    ///   - authorities: Whose word counts.
    public init(_ expectation: ServerExpectation, authorities: CertificateAuthorities = .system) {
        self.expectation = expectation
        self.authorities = authorities
    }

    /// The verdict, or nil while there is none.
    public var verdict: ServerVerdict? {
        result.withLock { $0 }
    }

    /// Makes the handler that speaks TLS on the connection.
    ///
    /// - Throws: The library's error where TLS can't be set up.
    public func makeHandler() throws -> any ChannelHandler {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.minimumTLSVersion = .tlsv12
        // The name counts only in an authority's word; the library would ask
        // for it in every certificate, whatever the callback says.
        configuration.certificateVerification = .noHostnameVerification
        // They are asked below, and only where their word counts.
        configuration.trustRoots = .certificates([])
        return try NIOSSLClientHandler(
            context: NIOSSLContext(configuration: configuration),
            serverHostname: indicatedName,
            customVerificationCallback: { [self] chain, promise in
                promise.completeWithTask { await self.verify(chain) }
            }
        )
    }

    /// The name to tell the server; an address, or a name that DNS does not
    /// know in this form, has no place there.
    private var indicatedName: String? {
        let host = expectation.host
        return isAddress || !host.utf8.allSatisfy { $0 < 0x80 } ? nil : host
    }

    private var isAddress: Bool {
        // One with a zone is an address, too.
        expectation.host.contains(":") || (try? SocketAddress(ipAddress: expectation.host, port: 0)) != nil
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
        switch expectation.known {
        case .pinned(let pinned):
            // An authority's word is not asked for: it would let in whoever can get it.
            return pinned == shown ? .expected(shown) : .changed(expected: pinned, shown: shown)
        case .publicAuthority:
            if await isVouchedFor(chain) { return .publicAuthority(shown) }
            return await isVouchedFor(chain, atAnyTime: true)
                ? .outdated(shown) : .changed(expected: nil, shown: shown)
        case .plainText, nil:
            if await isVouchedFor(chain) { return .publicAuthority(shown) }
            // Pinned, these would be in the way of the right certificate later.
            if await isVouchedFor(chain, asAnybody: true) { return .otherName(shown) }
            return await isVouchedFor(chain, asAnybody: true, atAnyTime: true) ? .outdated(shown) : .firstUse(shown)
        }
    }

    /// Whether an authority signed this certificate, for the host or for
    /// anybody, for today or for any time.
    private func isVouchedFor(
        _ chain: [NIOSSLCertificate],
        asAnybody: Bool = false,
        atAnyTime: Bool = false
    ) async -> Bool {
        let certificates = chain.compactMap { certificate in
            (try? certificate.toDERBytes()).flatMap { try? Certificate(derEncoded: $0) }
        }
        guard certificates.count == chain.count, let leaf = certificates.first else { return false }
        let host = expectation.host
        let isAddress = isAddress
        var verifier = Verifier(rootCertificates: authorities.roots) {
            atAnyTime ? RFC5280Policy.withValidityCheckDisabled() : RFC5280Policy()
            if !asAnybody {
                ServerIdentityPolicy(serverHostname: isAddress ? nil : host, serverIP: isAddress ? host : nil)
            }
        }
        let result = await verifier.validate(
            leaf: leaf,
            intermediates: CertificateStore(certificates.dropFirst())
        )
        if case .validCertificate = result { return true }
        return false
    }
}
