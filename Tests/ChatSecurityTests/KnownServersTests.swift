internal import ChatSecurity
internal import Foundation
internal import Testing

@Suite("Known servers")
struct KnownServersTests {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID().uuidString)/known_servers").path
    let one = CertificateFingerprint(der: [1])
    let other = CertificateFingerprint(der: [2])

    private func cleanUp() {
        try? FileManager.default.removeItem(atPath: (path as NSString).deletingLastPathComponent)
    }

    @Test("a server once remembered is known, whatever the case of its name")
    func remembers() throws {
        defer { cleanUp() }
        let servers = KnownServers(path: path)
        #expect(try servers.identity(of: "home.example:6666") == nil)
        try servers.remember(.pinned(one), of: "Home.Example:6666")
        try servers.remember(.publicAuthority, of: "chat.example:6666")
        #expect(try servers.identity(of: "home.EXAMPLE:6666") == .pinned(one))
        #expect(try servers.identity(of: "chat.example:6666") == .publicAuthority)
        #expect(try servers.identity(of: "home.example:6667") == nil)
        try servers.remember(.pinned(other), of: "home.example:6666")
        #expect(try servers.identity(of: "home.example:6666") == .pinned(other))
        let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
        #expect(mode == 0o600)
    }

    @Test("comments stay, and a damaged line of another server does not matter")
    func keepsOtherLines() throws {
        defer { cleanUp() }
        let servers = KnownServers(path: path)
        try servers.remember(.pinned(one), of: "a.example:1")
        try "# mine\nbroken\nb.example:2 nonsense\n".write(toFile: path, atomically: true, encoding: .utf8)
        try servers.remember(.pinned(one), of: "a.example:1")
        let text = try String(contentsOfFile: path, encoding: .utf8)
        #expect(text == "# mine\nbroken\nb.example:2 nonsense\na.example:1 \(one)\n")
    }

    @Test("a damaged line of this server is an error, not a stranger")
    func damagedLine() throws {
        defer { cleanUp() }
        let servers = KnownServers(path: path)
        try servers.remember(.pinned(one), of: "a.example:1")
        try "a.example:1 sha256:12\n".write(toFile: path, atomically: true, encoding: .utf8)
        #expect(throws: SecurityFileError.self) { try servers.identity(of: "a.example:1") }
    }
}
