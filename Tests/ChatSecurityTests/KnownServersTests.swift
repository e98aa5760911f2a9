internal import ChatSecurity
internal import ChatTestSupport
internal import Foundation
internal import Testing

@Suite("Known servers")
struct KnownServersTests {
    let folder: ScratchFolder
    let one = CertificateFingerprint(der: [1])
    let other = CertificateFingerprint(der: [2])

    var path: String { "\(folder.path)/known_servers" }
    var servers: KnownServers { KnownServers(path: path) }

    init() throws { folder = try ScratchFolder() }

    private func write(_ text: String) throws { try folder.write(text, to: "known_servers") }

    private func text() throws -> String { try folder.read("known_servers") }

    @Test("a server once remembered is known, whatever the case of its name")
    func remembers() throws {
        #expect(try servers.entry(of: "home.example:6666") == nil)
        try servers.remember(.pinned(one), of: "Home.Example:6666")
        try servers.remember(.publicAuthority, of: "chat.example:6666")
        #expect(try servers.entry(of: "home.EXAMPLE:6666") == .init(identity: .pinned(one), line: 1))
        #expect(try servers.entry(of: "chat.example:6666") == .init(identity: .publicAuthority, line: 2))
        #expect(try servers.entry(of: "home.example:6667") == nil)
        try servers.remember(.pinned(other), of: "home.example:6666")
        #expect(try servers.entry(of: "home.example:6666") == .init(identity: .pinned(other), line: 1))
        #expect(try text() == "home.example:6666 \(other)\nchat.example:6666 public-ca\n")
        #expect(folder.mode("known_servers") == 0o600)
    }

    @Test("comments and empty lines stay, and count")
    func keepsOtherLines() throws {
        try write("# mine\r\n\nb.example:2 public-ca\n\n")
        try servers.remember(.pinned(one), of: "a.example:1")
        #expect(try text() == "# mine\n\nb.example:2 public-ca\na.example:1 \(one)\n")
        #expect(try servers.entry(of: "b.example:2")?.line == 3)
    }

    @Test(
        "a file with a damaged line is no file of strangers: the line is named, and nothing written",
        arguments: [
            ("a.example:1 sha256:12\n", "line 1 "), ("# mine\nbroken\n", "line 2 "),
            ("b.example:2 public-ca x\n", "line 1 "),
            ("a.example:1\n", "line 1 "), (" a.example:1 public-ca\n", "line 1 "),
            ("a.example:1 public-ca\nb.example:2 public-ca\nA.example:1 public-ca\n", "lines 1 and 3 "),
        ]
    )
    func damaged(content: String, place: String) throws {
        try write(content)
        for attempt in [
            { try servers.entry(of: "a.example:1") == nil },
            { try servers.remember(.pinned(one), of: "c.example:3") == () },
        ] {
            let error = #expect(throws: SecurityFileError.self) { try attempt() }
            #expect(error?.path == path)
            #expect(error?.reason.hasPrefix(place) == true)
        }
        #expect(try text() == content)
    }

    @Test("a file that can't be read is no missing file")
    func unreadable() throws {
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        #expect(throws: SecurityFileError.self) { try servers.entry(of: "a.example:1") }
        try FileManager.default.removeItem(atPath: path)
        try Data([0x61, 0xFF]).write(to: URL(fileURLWithPath: path))
        #expect(throws: SecurityFileError.self) { try servers.entry(of: "a.example:1") }
    }

    @Test("a server without encryption is remembered, and never in place of an encrypted one")
    func plainText() throws {
        try write("a.example:1 public-ca\n")
        try servers.remember(.plainText, of: "a.example:1")
        try servers.remember(.plainText, of: "b.example:1")
        #expect(try text() == "a.example:1 public-ca\nb.example:1 plain-text\n")
        #expect(try servers.entry(of: "b.example:1")?.identity == .plainText)
        try servers.remember(.pinned(one), of: "b.example:1")
        #expect(try servers.entry(of: "b.example:1")?.identity == .pinned(one))
    }

    @Test("what a link leads to is replaced, not the link")
    func link() throws {
        try write("")
        try folder.link("link", to: path)
        try KnownServers(path: "\(folder.path)/link").remember(.publicAuthority, of: "a.example:1")
        #expect(try text() == "a.example:1 public-ca\n")
    }

    @Test("those who remember at the same time lose nothing of each other")
    func concurrent() async throws {
        let servers = servers
        let identity = KnownServers.Identity.pinned(one)
        try await withThrowingTaskGroup { group in
            for port in 1...20 {
                group.addTask { try servers.remember(identity, of: "a.example:\(port)") }
            }
            try await group.waitForAll()
        }
        for port in 1...20 { #expect(try servers.entry(of: "a.example:\(port)") != nil) }
    }
}
