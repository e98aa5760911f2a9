internal import ChatSystem
internal import Crypto
internal import Foundation
internal import NIOSSL
internal import SwiftASN1
internal import X509

/// The certificate that a server makes for itself when it is given none.
///
/// It says nothing about who runs the server. Clients remember it at first contact and compare its fingerprint from
/// then on, as with SSH.
public enum SelfSignedCertificate {
    /// The names of the files in the server's data directory.
    public enum FileName {
        /// The certificate, in PEM format.
        public static let certificate = "certificate.pem"
        /// The private key, in PEM format, mode 0600.
        public static let key = "key.pem"
    }

    /// How long the certificate is valid, in days.
    ///
    /// After a new certificate every client has to ask its user, so a short lifetime would only train people to say
    /// yes.
    public static let lifetimeDays = 3650

    /// Returns the paths of the certificate's files in a directory, and creates the certificate if there is none.
    ///
    /// If only the key exists, as after a crash while creating them, it gets a new certificate. If only the certificate
    /// exists, that is an error, because clients would see a different certificate.
    ///
    /// - Parameter directory: The directory of the files; it must exist and be writable.
    /// - Returns: The paths of both files.
    /// - Throws: ``SecurityFileError`` with the file and the reason.
    public static func loadOrCreate(in directory: String) throws -> (certificate: String, key: String) {
        let certificatePath = "\(directory)/\(FileName.certificate)"
        let keyPath = "\(directory)/\(FileName.key)"
        let files = FileManager.default
        switch (files.fileExists(atPath: certificatePath), files.fileExists(atPath: keyPath)) {
        case (true, true):
            break
        case (false, false):
            let pair = try make(notBefore: Date())
            // Write the key first: a key without a certificate can be given one at the next start.
            try SecurityFile.write(Array(pair.key.utf8), to: keyPath)
            try SecurityFile.write(Array(pair.certificate.utf8), to: certificatePath)
        case (false, true):
            let pair = try make(for: readKey(keyPath), notBefore: Date())
            try SecurityFile.write(Array(pair.certificate.utf8), to: certificatePath)
        case (true, false):
            throw SecurityFileError(
                path: keyPath,
                reason: "is missing, but \(certificatePath) is there; remove or restore one"
            )
        }
        return (certificatePath, keyPath)
    }

    private static func readKey(_ path: String) throws -> P256.Signing.PrivateKey {
        guard let text = try SecurityFile.read(path)?.text,
            let key = try? P256.Signing.PrivateKey(pemRepresentation: text)
        else {
            throw SecurityFileError(path: path, reason: "is no key that was made here, and its certificate is missing")
        }
        return key
    }

    /// Creates a certificate for a key, by default for a new key; both in PEM format.
    static func make(
        for key: P256.Signing.PrivateKey = P256.Signing.PrivateKey(),
        notBefore: Date
    ) throws -> (certificate: String, key: String) {
        let name = try DistinguishedName { CommonName("chat-tui") }
        let certificate = try Certificate(
            version: .v3,
            serialNumber: Certificate.SerialNumber(),
            publicKey: .init(key.publicKey),
            // One day back, so that a client whose clock is a little slow does not see it as "not yet valid".
            notValidBefore: notBefore.addingTimeInterval(-86_400),
            notValidAfter: notBefore.addingTimeInterval(Double(lifetimeDays) * 86_400),
            issuer: name,
            subject: name,
            extensions: try Certificate.Extensions {
                Critical(BasicConstraints.notCertificateAuthority)
                Critical(KeyUsage(digitalSignature: true))
                try ExtendedKeyUsage([.serverAuth])
                SubjectAlternativeNames([.dnsName("chat-tui")])
            },
            issuerPrivateKey: .init(key)
        )
        return (try certificate.serializeAsPEM().pemString, key.pemRepresentation)
    }
}
