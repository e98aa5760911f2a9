internal import ChatSecurity
internal import ChatTestSupport
internal import Foundation
internal import NIOSSL
internal import Testing

@Suite("Certificates of a server")
struct CertificateTests {
    let folder: ScratchFolder

    init() throws { folder = try ScratchFolder() }

    @Test("a certificate made once is the same the next time, and private")
    func keeps() throws {
        let first = try SelfSignedCertificate.loadOrCreate(in: folder.path)
        let source = try CertificateSource(certificatePath: first.certificate, keyPath: first.key)
        let second = try SelfSignedCertificate.loadOrCreate(in: folder.path)
        #expect(
            try CertificateSource(certificatePath: second.certificate, keyPath: second.key).fingerprint
                == source.fingerprint
        )
        for path in [first.certificate, first.key] {
            let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
            #expect(mode == 0o600)
        }
    }

    @Test("a certificate whose key is missing is an error that names the key")
    func lostKey() throws {
        let files = try SelfSignedCertificate.loadOrCreate(in: folder.path)
        try FileManager.default.removeItem(atPath: files.key)
        let error = #expect(throws: SecurityFileError.self) {
            try SelfSignedCertificate.loadOrCreate(in: folder.path)
        }
        #expect(error?.path == files.key)
    }

    @Test("a key without a certificate, as a crash leaves it, gets one; what is no key of ours is an error")
    func lostCertificate() throws {
        let files = try SelfSignedCertificate.loadOrCreate(in: folder.path)
        let key = try String(contentsOfFile: files.key, encoding: .utf8)
        try FileManager.default.removeItem(atPath: files.certificate)
        let again = try SelfSignedCertificate.loadOrCreate(in: folder.path)
        // The two are a pair, or this would throw.
        _ = try CertificateSource(certificatePath: again.certificate, keyPath: again.key)
        #expect(try String(contentsOfFile: again.key, encoding: .utf8) == key)

        try FileManager.default.removeItem(atPath: files.certificate)
        try "rubbish".write(toFile: files.key, atomically: true, encoding: .utf8)
        let error = #expect(throws: SecurityFileError.self) {
            try SelfSignedCertificate.loadOrCreate(in: folder.path)
        }
        #expect(error?.path == files.key)
        #expect(!FileManager.default.fileExists(atPath: files.certificate))
    }

    @Test("reading again takes a new pair and refuses a bad one, keeping the old")
    func reload() throws {
        let files = try SelfSignedCertificate.loadOrCreate(in: folder.path)
        let source = try CertificateSource(certificatePath: files.certificate, keyPath: files.key)
        let old = source.fingerprint
        let goodCertificate = try String(contentsOfFile: files.certificate, encoding: .utf8)
        try "rubbish".write(toFile: files.certificate, atomically: true, encoding: .utf8)
        #expect(throws: SecurityFileError.self) { try source.reload() }
        #expect(source.fingerprint == old)
        try FileManager.default.removeItem(atPath: files.certificate)
        try FileManager.default.removeItem(atPath: files.key)
        _ = try SelfSignedCertificate.loadOrCreate(in: folder.path)
        let fresh = try source.reload()
        #expect(fresh != old)
        // The old certificate with the new key is no pair.
        try goodCertificate.write(toFile: files.certificate, atomically: true, encoding: .utf8)
        #expect(throws: SecurityFileError.self) { try source.reload() }
        #expect(source.fingerprint == fresh)
    }

    @Test("a certificate in memory is one of its own, and stays the same when read again")
    func inMemory() throws {
        let source = try CertificateSource()
        let fingerprint = source.fingerprint
        #expect(try source.reload() == fingerprint)
        #expect(source.fingerprint == fingerprint)
        #expect(try CertificateSource().fingerprint != fingerprint)
    }

    @Test(
        "a fingerprint is read as it is written, and in openssl's form",
        arguments: [
            ("sha256:" + String(repeating: "0f", count: 32), true),
            ("SHA256:" + Array(repeating: "0F", count: 32).joined(separator: ":"), true),
            ("sha256:" + String(repeating: "0f", count: 31), false),
            ("sha256:" + String(repeating: "0f", count: 31) + "0", false),
            ("sha256:" + String(repeating: "xx", count: 32), false),
            ("sha1:" + String(repeating: "0f", count: 32), false),
            ("", false),
        ]
    )
    func fingerprints(text: String, isValid: Bool) {
        let fingerprint = CertificateFingerprint(text)
        #expect((fingerprint != nil) == isValid)
        if let fingerprint {
            #expect(fingerprint.description == "sha256:" + String(repeating: "0f", count: 32))
        }
    }
}
