internal import ChatSystem
internal import Crypto
internal import Foundation
internal import NIOSSL
internal import SwiftASN1
internal import X509

/// The certificate that a server makes for itself when nobody gives it one.
///
/// It says nothing about who the server is; clients remember it at first sight
/// and compare its fingerprint ever after, as with SSH.
public enum SelfSignedCertificate {
    /// The file names in the server's data directory.
    public enum FileName {
        /// The certificate, PEM.
        public static let certificate = "certificate.pem"
        /// The private key, PEM, mode 0600.
        public static let key = "key.pem"
    }

    /// How long it is valid, in days.
    ///
    /// A new certificate makes every client ask its user, so a short life would
    /// only train people to say yes.
    public static let lifetimeDays = 3650

    /// Gives the files of the certificate in a directory, made now if there is none.
    ///
    /// A key alone, which is what a crash in between leaves, gets a certificate;
    /// a certificate alone is an error: its clients would see another one.
    ///
    /// - Parameter directory: Where it is kept; exists and is writable.
    /// - Returns: The paths of both files.
    /// - Throws: ``SecurityFileError`` naming the file and the reason.
    public static func loadOrCreate(in directory: String) throws -> (certificate: String, key: String) {
        let certificatePath = "\(directory)/\(FileName.certificate)"
        let keyPath = "\(directory)/\(FileName.key)"
        let files = FileManager.default
        switch (files.fileExists(atPath: certificatePath), files.fileExists(atPath: keyPath)) {
        case (true, true):
            break
        case (false, false):
            let pair = try make(notBefore: Date())
            // The key first: alone it can be given a certificate at the next start.
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

    /// Makes a certificate for a key, by default a new one; both PEM.
    static func make(
        for key: P256.Signing.PrivateKey = P256.Signing.PrivateKey(),
        notBefore: Date
    ) throws -> (certificate: String, key: String) {
        let name = try DistinguishedName { CommonName("chat-tui") }
        let certificate = try Certificate(
            version: .v3,
            serialNumber: Certificate.SerialNumber(),
            publicKey: .init(key.publicKey),
            // A clock that is a little behind must not call it "not yet valid".
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
