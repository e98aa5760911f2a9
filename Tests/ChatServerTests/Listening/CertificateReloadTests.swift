internal import ChatSecurity
internal import ChatServer
internal import ChatTestSupport
internal import Testing

@Suite("A certificate read again", .serialized)
struct CertificateReloadTests {
    private let folder: ScratchFolder
    private let server: TestServer
    private let first: CertificateFingerprint

    init() throws {
        folder = try ScratchFolder()
        let files = try SelfSignedCertificate.loadOrCreate(in: folder.path)
        let certificate = try CertificateSource(certificatePath: files.certificate, keyPath: files.key)
        first = certificate.fingerprint
        server = try TestServer(certificate: certificate)
    }

    /// What a new connection is shown.
    private func shown() throws -> CertificateFingerprint? {
        let encryption = try ClientEncryption()
        let peer = try SocketPeer(port: server.port, encryption: encryption)
        return withExtendedLifetime(peer) { encryption.fingerprint }
    }

    private func renew() throws {
        for name in ["certificate.pem", "key.pem"] { folder.remove(name) }
        _ = try SelfSignedCertificate.loadOrCreate(in: folder.path)
    }

    @Test("is for new connections; those that are open go on")
    func renewed() throws {
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
        try renew()
        try folder.write("rubbish", to: name)
        let error = #expect(throws: SecurityFileError.self) { try server.server.reloadCertificate() }
        #expect(error?.description.contains("\(folder.path)/\(name)") == true)
        #expect(try shown() == first)
    }
}
