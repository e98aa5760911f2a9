internal import ChatSecurity
internal import ChatServer
internal import Foundation
internal import Testing

@Suite("A certificate read again", .serialized)
struct CertificateReloadTests {
    private let folder: String
    private let log = RecordedLog()
    private let server: TestServer
    private let first: CertificateFingerprint

    init() throws {
        folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString).path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let files = try SelfSignedCertificate.loadOrCreate(in: folder)
        let certificate = try CertificateSource(certificatePath: files.certificate, keyPath: files.key)
        first = certificate.fingerprint
        server = try TestServer(certificate: certificate, logger: log.logger)
    }

    private func cleanUp() {
        try? FileManager.default.removeItem(atPath: folder)
    }

    /// What a new connection is shown.
    private func shown() throws -> CertificateFingerprint? {
        let encryption = try ClientEncryption()
        let peer = try SocketPeer(port: server.port, encryption: encryption)
        return withExtendedLifetime(peer) { encryption.fingerprint }
    }

    private func renew() throws {
        for name in ["certificate.pem", "key.pem"] { try FileManager.default.removeItem(atPath: "\(folder)/\(name)") }
        _ = try SelfSignedCertificate.loadOrCreate(in: folder)
    }

    @Test("is for new connections; those that are open go on")
    func renewed() throws {
        defer { cleanUp() }
        let ann = try SocketPeer(port: server.port, encryption: ClientEncryption())
        try ann.logIn(framedAs: "ann")
        try renew()
        #expect(try shown() == first)
        server.server.reloadCertificate()
        let second = try shown()
        #expect(second != nil && second != first)
        ann.send(framed: "CHAT,rec=-ALL,still here")
        #expect(try ann.nextFrame(of: "CHATR").hasSuffix("still here"))
        #expect(log.lines.contains("notice the certificate was read again"))
    }

    @Test("and found broken changes nothing, and is logged", arguments: ["certificate.pem", "key.pem"])
    func broken(name: String) throws {
        defer { cleanUp() }
        try renew()
        try "rubbish".write(toFile: "\(folder)/\(name)", atomically: true, encoding: .utf8)
        server.server.reloadCertificate()
        #expect(try shown() == first)
        let errors = log.lines.filter { $0.hasPrefix("error ") }
        #expect(errors.count == 1)
        #expect(errors[0].contains("\(folder)/\(name)"))
    }
}
