internal import ChatSecurity
internal import ChatServer
internal import Foundation
internal import Testing

@Suite("A certificate read again", .serialized)
struct CertificateReloadTests {
    private let folder: String
    private let server: TestServer
    private let first: CertificateFingerprint

    init() throws {
        folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString).path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let files = try SelfSignedCertificate.loadOrCreate(in: folder)
        let certificate = try CertificateSource(certificatePath: files.certificate, keyPath: files.key)
        first = certificate.fingerprint
        server = try TestServer(certificate: certificate)
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
        let told = try server.server.reloadCertificate()
        let second = try shown()
        #expect(second != nil && second != first)
        #expect(told == second)
        ann.send(framed: "CHAT,rec=-ALL,still here")
        #expect(try ann.nextFrame(of: "CHATR").hasSuffix("still here"))
    }

    @Test("and found broken changes nothing, and says which file it is", arguments: ["certificate.pem", "key.pem"])
    func broken(name: String) throws {
        defer { cleanUp() }
        try renew()
        try "rubbish".write(toFile: "\(folder)/\(name)", atomically: true, encoding: .utf8)
        let error = #expect(throws: SecurityFileError.self) { try server.server.reloadCertificate() }
        #expect(error?.description.contains("\(folder)/\(name)") == true)
        #expect(try shown() == first)
    }
}
