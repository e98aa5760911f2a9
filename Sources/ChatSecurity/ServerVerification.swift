internal import Foundation
public import NIOCore
internal import NIOSSL
internal import SwiftASN1
internal import Synchronization
@_spi(DisableValidityCheck) internal import X509

/// What a client expects of the server's certificate.
public struct ServerExpectation: Hashable, Sendable {
    /// The host name or address that the user gave.
    public var host: String
    /// A fingerprint that the user gave; if set, no other certificate is accepted.
    public var fingerprint: CertificateFingerprint?
    /// How the server is known from earlier connections; nil if it is unknown.
    public var known: KnownServers.Identity?

    /// Creates an expectation.
    public init(host: String, fingerprint: CertificateFingerprint? = nil, known: KnownServers.Identity? = nil) {
        self.host = host
        self.fingerprint = fingerprint
        self.known = known
    }
}

/// The result of checking a certificate.
public enum ServerVerdict: Hashable, Sendable {
    /// It is the certificate that was expected.
    case expected(CertificateFingerprint)
    /// A public authority confirms that it belongs to the host's name.
    case publicAuthority(CertificateFingerprint)
    /// The server was seen for the first time; remember the certificate and show it to the user.
    case firstUse(CertificateFingerprint)
    /// It is not the expected certificate (nil: one signed by a public authority was expected); do not continue.
    case changed(expected: CertificateFingerprint?, shown: CertificateFingerprint)
    /// A public authority signed it, but for another name; do not continue.
    case otherName(CertificateFingerprint)
    /// A public authority signed it, but it has expired or is not valid yet; do not continue.
    case outdated(CertificateFingerprint)

    /// Whether the connection may continue.
    public var isAccepted: Bool {
        switch self {
        case .expected, .publicAuthority, .firstUse: true
        case .changed, .otherName, .outdated: false
        }
    }
}

/// The authorities that are trusted to confirm a server's name.
public struct CertificateAuthorities: Sendable {
    let roots: CertificateStore

    /// The authorities that the operating system trusts.
    public static let system = CertificateAuthorities(roots: .systemTrustRoots)

    /// Trusts only the given authorities.
    ///
    /// - Parameter certificates: Their certificates, each in PEM format.
    /// - Throws: The library's error if one is not a certificate.
    public static func only(_ certificates: [String]) throws -> CertificateAuthorities {
        CertificateAuthorities(roots: CertificateStore(try certificates.map { try Certificate(pemEncoded: $0) }))
    }
}

/// Checks the server of one connection; the verdict is available once the handshake has ended, whether it succeeded or
/// not.
public final class ServerVerification: Sendable {
    private let expectation: ServerExpectation
    private let authorities: CertificateAuthorities
    private let result = Mutex<ServerVerdict?>(nil)

    /// Prepares a check.
    ///
    /// - Parameters:
    ///   - expectation: What the server has to prove.
    ///   - authorities: The authorities to trust.
    public init(_ expectation: ServerExpectation, authorities: CertificateAuthorities = .system) {
        self.expectation = expectation
        self.authorities = authorities
    }

    /// The verdict; nil as long as there is none.
    public var verdict: ServerVerdict? {
        result.withLock { $0 }
    }

    /// Creates the handler that speaks TLS on the connection.
    ///
    /// - Throws: The library's error if TLS can't be set up.
    public func makeHandler() throws -> any ChannelHandler {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.minimumTLSVersion = .tlsv12
        // The name matters only in a certificate signed by an authority. The library would check it in every
        // certificate, whatever the callback says.
        configuration.certificateVerification = .noHostnameVerification
        // The authorities are asked below, and only when their answer matters.
        configuration.trustRoots = .certificates([])
        return try NIOSSLClientHandler(
            context: NIOSSLContext(configuration: configuration),
            serverHostname: indicatedName,
            customVerificationCallback: { [self] chain, promise in
                promise.completeWithTask { await self.verify(chain) }
            }
        )
    }

    /// The host name to send to the server; nil for an address, and for a name that is not in DNS form, since neither
    /// is allowed there.
    private var indicatedName: String? {
        let host = expectation.host
        return isAddress || !host.utf8.allSatisfy { $0 < 0x80 } ? nil : host
    }

    private var isAddress: Bool {
        // An address with a zone counts as an address, too.
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
            // Don't ask an authority: that would let in anybody who can get a certificate from one.
            return pinned == shown ? .expected(shown) : .changed(expected: pinned, shown: shown)
        case .publicAuthority:
            if await isVouchedFor(chain) { return .publicAuthority(shown) }
            return await isVouchedFor(chain, atAnyTime: true)
                ? .outdated(shown) : .changed(expected: nil, shown: shown)
        case .plainText, nil:
            if await isVouchedFor(chain) { return .publicAuthority(shown) }
            // If these were pinned, they would later be in the way of the right certificate.
            if await isVouchedFor(chain, asAnybody: true) { return .otherName(shown) }
            return await isVouchedFor(chain, asAnybody: true, atAnyTime: true) ? .outdated(shown) : .firstUse(shown)
        }
    }

    /// Whether an authority signed this certificate, for the host or for any name, and valid today or at any time.
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
