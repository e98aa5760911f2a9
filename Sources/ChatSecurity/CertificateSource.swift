internal import ChatSystem
internal import Foundation
internal import Glibc
public import NIOCore
internal import NIOSSL
internal import SwiftASN1
internal import Synchronization
internal import X509

/// The server's certificate and key, which can be reloaded while it runs.
public final class CertificateSource: Sendable {
    private struct Loaded {
        var context: NIOSSLContext
        var fingerprint: CertificateFingerprint
        /// When the certificate and those between it and the authority are all valid, in seconds since 1970.
        var validity: ClosedRange<Int64>
        var isSelfSigned: Bool
        var hasIssuer: Bool
        /// What chmod(1) has to change about the key's file; nil if nothing.
        var keyMode: String?
    }

    private struct Files {
        var certificate: String
        var key: String
    }

    /// How long a connection that is to be closed at once waits for the peer's TLS goodbye; the peer has had time to
    /// read everything before.
    private static let shutdownTimeout = TimeAmount.milliseconds(100)

    /// The largest buffer that a connection keeps between two writes, so that one burst does not cost memory for as
    /// long as the connection lives.
    private static let keptBufferBytes = 16_384

    /// The files the certificate was read from; nil if it was made in memory.
    private let files: Files?
    private let loaded: Mutex<Loaded>

    /// Reads a certificate chain and its key.
    ///
    /// - Parameters:
    ///   - certificatePath: A PEM file, the server's own certificate first.
    ///   - keyPath: A PEM file, not encrypted.
    /// - Throws: ``SecurityFileError`` with the file and the reason.
    public init(certificatePath: String, keyPath: String) throws {
        let files = Files(certificate: certificatePath, key: keyPath)
        self.files = files
        loaded = Mutex(try Self.load(files))
    }

    /// Creates a self-signed certificate that exists only in memory and is gone when the process ends.
    ///
    /// - Throws: The library's error if it can't be created.
    public init() throws {
        files = nil
        let pair = try SelfSignedCertificate.make(notBefore: Date())
        loaded = Mutex(
            try Self.loaded(
                NIOSSLCertificate(bytes: Array(pair.certificate.utf8), format: .pem),
                key: NIOSSLPrivateKey(bytes: Array(pair.key.utf8), format: .pem)
            )
        )
    }

    /// The fingerprint of the certificate that new connections get.
    public var fingerprint: CertificateFingerprint {
        loaded.withLock { $0.fingerprint }
    }

    /// Whether nobody else vouches for the certificate, so that clients know it only by its fingerprint.
    public var isSelfSigned: Bool { loaded.withLock { $0.isSelfSigned } }

    /// What the operator should fix about the certificate that new connections get.
    public var concerns: [CertificateConcern] { concerns(at: SystemClock.unixMilliseconds / 1000) }

    /// - Parameter now: Seconds since 1970.
    func concerns(at now: Int64) -> [CertificateConcern] {
        // A certificate made in memory has none of these problems.
        guard let files else { return [] }
        let loaded = loaded.withLock { $0 }
        var concerns: [CertificateConcern] = []
        if !loaded.hasIssuer { concerns.append(.missingIssuer(path: files.certificate)) }
        if now > loaded.validity.upperBound {
            concerns.append(.expired(path: files.certificate, loaded.validity.upperBound))
        }
        if now < loaded.validity.lowerBound {
            concerns.append(.notYetValid(path: files.certificate, loaded.validity.lowerBound))
        }
        if let mode = loaded.keyMode { concerns.append(.readableKey(path: files.key, mode: mode)) }
        return concerns
    }

    /// Creates the handler that speaks TLS on a new connection.
    public func makeHandler() -> any ChannelHandler {
        var configuration = NIOSSLHandler.Configuration()
        configuration.maximumPreservedOutboundBufferCapacity = Self.keptBufferBytes
        return NIOSSLServerHandler(context: loaded.withLock { $0.context }, configuration: configuration)
    }

    /// Reads both files again; open connections keep the old certificate.
    ///
    /// - Returns: The fingerprint that new connections get from now on.
    /// - Throws: ``SecurityFileError``; the certificate loaded before stays in use.
    @discardableResult
    public func reload() throws -> CertificateFingerprint {
        guard let files else { return fingerprint }
        let fresh = try Self.load(files)
        loaded.withLock { $0 = fresh }
        return fresh.fingerprint
    }

    private static func load(_ files: Files) throws -> Loaded {
        let chain: [NIOSSLCertificate]
        let pem = try read(files.certificate)
        do {
            chain = try NIOSSLCertificate.fromPEMBytes(pem)
        } catch {
            throw SecurityFileError(path: files.certificate, reason: "is no PEM certificate")
        }
        guard let own = chain.first else {
            throw SecurityFileError(path: files.certificate, reason: "holds no certificate")
        }
        let key: NIOSSLPrivateKey
        let keyPEM = try read(files.key)
        do {
            key = try NIOSSLPrivateKey(bytes: keyPEM, format: .pem)
        } catch {
            throw SecurityFileError(path: files.key, reason: "is no PEM key without a passphrase")
        }
        do {
            var loaded = try loaded(own, issuers: chain.dropFirst(), key: key)
            if let key = try? FileStatus(of: files.key) {
                loaded.keyMode = saferMode(permissions: key.permissions, owner: key.owner, user: geteuid())
            }
            return loaded
        } catch {
            throw SecurityFileError(
                path: files.key,
                reason: "does not belong to the certificate in \(files.certificate)"
            )
        }
    }

    private static func loaded(
        _ own: NIOSSLCertificate,
        issuers: ArraySlice<NIOSSLCertificate> = [],
        key: NIOSSLPrivateKey
    ) throws -> Loaded {
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: ([own] + issuers).map { .certificate($0) },
            privateKey: .privateKey(key)
        )
        configuration.minimumTLSVersion = .tlsv12
        configuration.shutdownTimeout = shutdownTimeout
        let certificate = parse(own)
        // Clients have certificates of authorities of their own, so one in the file does not matter.
        let path = [own] + issuers.filter { parse($0).map { $0.issuer != $0.subject } ?? false }
        let start = path.reduce(.min) { max($0, Int64($1.notValidBefore)) }
        let end = path.reduce(.max) { min($0, Int64($1.notValidAfter)) }
        return Loaded(
            context: try NIOSSLContext(configuration: configuration),
            fingerprint: try CertificateFingerprint(own),
            validity: min(start, end)...end,
            isSelfSigned: certificate.map { $0.issuer == $0.subject } ?? false,
            hasIssuer: hasIssuer(certificate, among: issuers)
        )
    }

    /// Whether the issuer's certificate is among the others, or the certificate is self-signed.
    ///
    /// True also where that can't be known: TLS accepts kinds of certificates that can't be read here.
    private static func hasIssuer(_ certificate: Certificate?, among others: ArraySlice<NIOSSLCertificate>) -> Bool {
        guard let certificate, certificate.issuer != certificate.subject else { return true }
        return others.contains { parse($0).map { $0.subject == certificate.issuer } ?? true }
    }

    private static func parse(_ certificate: NIOSSLCertificate) -> Certificate? {
        try? Certificate(derEncoded: certificate.toDERBytes())
    }

    /// What chmod(1) has to change so that nobody can read a key without need; nil if nothing.
    ///
    /// If the key belongs to root or to another user than the server's, its group is how the server gets to read it, as
    /// with Debian's group `ssl-cert`.
    ///
    /// - Parameters:
    ///   - permissions: The permission bits of the key's file.
    ///   - owner: The id of the user that the file belongs to.
    ///   - user: The id of the user that the server runs as.
    static func saferMode(permissions: UInt32, owner: UInt32, user: UInt32) -> String? {
        let (needless, mode): (UInt32, String) = owner == 0 || owner != user ? (0o004, "o=") : (0o044, "go=")
        return permissions & needless == 0 ? nil : mode
    }

    private static func read(_ path: String) throws(SecurityFileError) -> [UInt8] {
        guard let file = try SecurityFile.read(path) else {
            throw SecurityFileError(path: path, reason: "there is no such file")
        }
        return file.utf8
    }
}
