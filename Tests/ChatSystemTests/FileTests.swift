internal import ChatSystem
internal import ChatTestSupport
internal import Glibc
internal import Testing

@Suite("Files")
struct FileTests {
    private let folder: ScratchFolder

    init() throws { folder = try ScratchFolder() }

    private func path(_ name: String) -> String { "\(folder.path)/\(name)" }

    @Test("a file that is not there is nil, whatever else is wrong is an error with the system's reason")
    func missing() throws {
        #expect(try File.read(path("none"), maximumBytes: 10) == nil)
        try folder.write("text", to: "file")
        #expect(try File.read(path("file"), maximumBytes: 4) == Array("text".utf8))
        mkfifo(path("pipe"), 0o600)
        let reasons: [(String, Int, String)] = [
            ("pipe", 10, "it is a pipe, not a file"),
            ("file", 3, "File too large"), ("file/below", 10, "Not a directory"), ("", 10, "Is a directory"),
        ]
        for (name, maximum, reason) in reasons {
            let error = #expect(throws: SystemError.self) { try File.read(path(name), maximumBytes: maximum) }
            #expect(error?.reason == reason)
        }
    }

    @Test("a file that is replaced is new in one step, with its folders, and leaves nothing beside it")
    func replaces() throws {
        try File.replace(path("a/b/file"), with: [1], access: .unchanged)
        #expect(folder.mode("a/b") == 0o700)
        #expect(folder.mode("a/b/file") == 0o600)
        let before = folder.inode("a/b/file")
        chmod(path("a/b/file"), 0o640)
        try File.replace(path("a/b/file"), with: [2], access: .unchanged)
        #expect(folder.mode("a/b/file") == 0o640)
        #expect(folder.inode("a/b/file") != before)
        try File.replace(path("a/b/file"), with: [3], access: .ownerOnly)
        #expect(folder.mode("a/b/file") == 0o600)
        #expect(try File.read(path("a/b/file"), maximumBytes: 10) == [3])
        folder.remove("a/b/file")
        #expect(throws: SystemError.self) { try File.replace(path("a"), with: [4], access: .ownerOnly) }
        #expect(folder.names() == ["a"])
    }

    @Test("where a link leads is what is replaced, also where nothing is there yet; links in a ring are an error")
    func links() throws {
        try folder.link("link", to: "later")
        try File.replace(path("link"), with: [1], access: .unchanged)
        #expect(folder.isLink("link"))
        #expect(try File.read(path("later"), maximumBytes: 10) == [1])
        try folder.link("one", to: "two")
        try folder.link("two", to: "one")
        #expect(throws: SystemError.self) { try File.replace(path("one"), with: [1], access: .unchanged) }
    }

    @Test("a lock keeps others out until it is closed")
    func lock() throws {
        let open = { try OpenFile(opening: self.path("lock"), O_RDWR | O_CREAT) }
        let other = try open()
        do {
            let first = try open()
            #expect(try first.tryLock())
            #expect(try !other.tryLock())
        }
        #expect(try other.tryLock())
    }
}

@Suite("Clocks")
struct SystemClockTests {
    @Test("say the same time, and one never goes back")
    func readings() {
        let before = SystemClock.monotonicMicroseconds
        let now = SystemClock.now
        #expect(abs(SystemClock.unixMilliseconds - now.unixMilliseconds) < 3_600_000)
        // No zone is further from UTC.
        #expect(abs(now.utcOffsetSeconds) <= 14 * 3600)
        #expect(SystemClock.monotonicMicroseconds >= before)
    }
}
