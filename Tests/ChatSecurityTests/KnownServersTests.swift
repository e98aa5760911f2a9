internal import ChatSystem
internal import ChatTestSupport
internal import NIOCore
internal import NIOPosix
internal import Testing

@testable internal import ChatSecurity

@Suite("Known servers", .timeLimit(.minutes(10)))
struct KnownServersTests {
    private let folder: ScratchFolder
    private let one = CertificateFingerprint(der: [1])
    private let other = CertificateFingerprint(der: [2])

    private var path: String { "\(folder.path)/known_servers" }
    private var servers: KnownServers { KnownServers(path: path) }

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
        "a byte-order mark and any line ends are no part of a line, and stay",
        arguments: ["\u{FEFF}", ""],
        ["\n", "\r\n", "\r"]
    )
    func marks(mark: String, lineEnd: String) throws {
        try write("\(mark)a.example:1 \(one)\(lineEnd)b.example:2 public-ca\(lineEnd)")
        #expect(try servers.entry(of: "a.example:1") == .init(identity: .pinned(one), line: 1))
        #expect(try servers.entry(of: "b.example:2") == .init(identity: .publicAuthority, line: 2))
        try servers.remember(.pinned(other), of: "a.example:1")
        #expect(try text() == "\(mark)a.example:1 \(other)\(lineEnd)b.example:2 public-ca\(lineEnd)")
    }

    @Test(
        "a file with a damaged line is no file of strangers: the line is named, and nothing written",
        arguments: [
            ("a.example:1 sha256:12\n", "line 1 "), ("# mine\nbroken\n", "line 2 "),
            ("b.example:2 public-ca x\n", "line 1 "),
            ("a.example:1\n", "line 1 "), (" a.example:1 public-ca\n", "line 1 "),
            ("\u{200B}a.example:1 public-ca\n", "line 1 "), ("# mine\n\u{FEFF}a.example:1 public-ca\n", "line 2 "),
            ("a.example public-ca\n", "line 1 "), ("a.example:0 public-ca\n", "line 1 "),
            ("a.example:65536 public-ca\n", "line 1 "), (":1 public-ca\n", "line 1 "),
            ("a.example:01 public-ca\n", "line 1 "), ("a.example:+1 public-ca\n", "line 1 "),
            ("a.example:\u{FF11} public-ca\n", "line 1 "), ("a.example:-0 public-ca\n", "line 1 "),
            ("a.example:1\u{2028} public-ca\n", "line 1 "), ("\n\na.example:1\tpublic-ca\n", "line 3 "),
            ("a.example:1 public-ca\u{301}\n", "line 1 "), ("a.example:1 public-ca \n", "line 1 "),
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
        try Folder.make(path)
        #expect(throws: SecurityFileError.self) { try servers.entry(of: "a.example:1") }
        let broken = KnownServers(path: "\(folder.path)/broken")
        try File.replace(broken.path, with: [0x61, 0xFF], access: .ownerOnly)
        #expect(throws: SecurityFileError.self) { try broken.entry(of: "a.example:1") }
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
        #expect(folder.isLink("link"))
    }

    @Test("who waits for another program's lock keeps no event loop waiting")
    func lockedByAnother() async throws {
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        var lock: OpenFile? = try OpenFile(locking: folder.path)
        let remembered = servers.remember(.pinned(one), of: "a.example:1", on: loop)
        #expect(try await loop.submit { true }.get())
        #expect(folder.names().isEmpty)
        lock = nil
        try await remembered.get()
        #expect(try await servers.entry(of: "a.example:1", on: loop).get()?.identity == .pinned(one))
        _ = lock
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
