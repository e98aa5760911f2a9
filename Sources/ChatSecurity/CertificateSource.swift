public import NIOSSL
internal import Synchronization

/// The server's certificate and key, which can be read again while it runs.
public final class CertificateSource: Sendable {
    private struct Loaded {
        var context: NIOSSLContext
        var fingerprint: CertificateFingerprint
    }

    private let certificatePath: String
    private let keyPath: String
    private let loaded: Mutex<Loaded>

    /// Reads a certificate chain and its key.
    ///
    /// - Parameters:
    ///   - certificatePath: PEM, the server's own certificate first.
    ///   - keyPath: PEM, not encrypted.
    /// - Throws: ``SecurityFileError`` naming the file and the reason.
    public init(certificatePath: String, keyPath: String) throws {
        self.certificatePath = certificatePath
        self.keyPath = keyPath
        loaded = Mutex(try Self.load(certificatePath: certificatePath, keyPath: keyPath))
    }

    /// The fingerprint of the certificate that new connections see.
    public var fingerprint: CertificateFingerprint {
        loaded.withLock { $0.fingerprint }
    }

    /// Makes the handler that speaks TLS on a new connection.
    public func makeHandler() -> NIOSSLServerHandler {
        NIOSSLServerHandler(context: loaded.withLock { $0.context })
    }

    /// Reads both files again; connections that are open stay as they are.
    ///
    /// - Returns: The new fingerprint.
    /// - Throws: ``SecurityFileError``; what was loaded before stays in use.
    @discardableResult
    public func reload() throws -> CertificateFingerprint {
        let fresh = try Self.load(certificatePath: certificatePath, keyPath: keyPath)
        loaded.withLock { $0 = fresh }
        return fresh.fingerprint
    }

    private static func load(certificatePath: String, keyPath: String) throws -> Loaded {
        let chain: [NIOSSLCertificate]
        do {
            chain = try NIOSSLCertificate.fromPEMFile(certificatePath)
        } catch {
            throw SecurityFileError(path: certificatePath, reason: "is no readable PEM certificate")
        }
        guard let own = chain.first else {
            throw SecurityFileError(path: certificatePath, reason: "holds no certificate")
        }
        let key: NIOSSLPrivateKey
        do {
            key = try NIOSSLPrivateKey(file: keyPath, format: .pem)
        } catch {
            throw SecurityFileError(path: keyPath, reason: "is no readable PEM key without a passphrase")
        }
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: chain.map { .certificate($0) },
            privateKey: .privateKey(key)
        )
        configuration.minimumTLSVersion = .tlsv12
        let context: NIOSSLContext
        do {
            context = try NIOSSLContext(configuration: configuration)
        } catch {
            throw SecurityFileError(path: keyPath, reason: "does not belong to the certificate in \(certificatePath)")
        }
        return Loaded(context: context, fingerprint: try CertificateFingerprint(own))
    }
}
