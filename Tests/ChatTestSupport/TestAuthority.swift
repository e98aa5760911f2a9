internal import Crypto
internal import Foundation
internal import SwiftASN1
internal import X509

/// A certificate authority that nobody but a test trusts.
public struct TestAuthority: Sendable {
    /// A certificate and its key, both PEM.
    public struct Pair: Sendable {
        /// The certificate, PEM.
        public let certificate: String
        /// Its key, PEM.
        public let key: String
    }

    private let key = P256.Signing.PrivateKey()
    private let name: DistinguishedName
    private let root: Certificate

    /// Makes an authority.
    public init(_ name: String = "Test authority") throws {
        self.name = try DistinguishedName { CommonName(name) }
        root = try Certificate(
            version: .v3,
            serialNumber: Certificate.SerialNumber(),
            publicKey: .init(key.publicKey),
            notValidBefore: Date().addingTimeInterval(-86_400),
            notValidAfter: Date().addingTimeInterval(86_400),
            issuer: self.name,
            subject: self.name,
            extensions: try Certificate.Extensions {
                Critical(BasicConstraints.isCertificateAuthority(maxPathLength: nil))
                Critical(KeyUsage(keyCertSign: true))
            },
            issuerPrivateKey: .init(key)
        )
    }

    /// Its own certificate, PEM.
    public var rootCertificate: String {
        get throws { try root.serializeAsPEM().pemString }
    }

    /// Makes a certificate for a server.
    ///
    /// - Parameters:
    ///   - host: The only name it is for.
    ///   - days: From when until when it is valid, in days from now.
    public func issue(for host: String, valid days: ClosedRange<Double> = -1...1) throws -> Pair {
        let leafKey = P256.Signing.PrivateKey()
        let certificate = try Certificate(
            version: .v3,
            serialNumber: Certificate.SerialNumber(),
            publicKey: .init(leafKey.publicKey),
            notValidBefore: Date().addingTimeInterval(days.lowerBound * 86_400),
            notValidAfter: Date().addingTimeInterval(days.upperBound * 86_400),
            issuer: name,
            subject: try DistinguishedName { CommonName(host) },
            extensions: try Certificate.Extensions {
                Critical(BasicConstraints.notCertificateAuthority)
                try ExtendedKeyUsage([.serverAuth])
                SubjectAlternativeNames([.dnsName(host)])
            },
            issuerPrivateKey: .init(key)
        )
        return Pair(certificate: try certificate.serializeAsPEM().pemString, key: leafKey.pemRepresentation)
    }
}
