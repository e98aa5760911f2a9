internal import ChatTestSupport
internal import Foundation
internal import Testing

@testable internal import ChatStorage

@Suite("The data directory")
struct DataDirectoryTests {
    @Test(
        "lies where the environment says",
        arguments: [
            (["XDG_DATA_HOME": "/data", "HOME": "/home/ann"], "/data/chat-tui"),
            (["HOME": "/home/ann"], "/home/ann/.local/share/chat-tui"),
            (["XDG_DATA_HOME": "data", "HOME": "/home/ann"], "/home/ann/.local/share/chat-tui"),
            (["XDG_DATA_HOME": "", "HOME": "/home/ann"], "/home/ann/.local/share/chat-tui"),
            (["HOME": ""], nil),
            ([:], nil),
        ] as [([String: String], String?)]
    )
    func standardPath(environment: [String: String], path: String?) {
        #expect(DataDirectory.standard(environment: environment)?.path == path)
    }

    @Test("is made with its parents, for its owner alone")
    func modes() throws {
        let scratch = try ScratchFolder()
        let directory = DataDirectory("\(scratch.path)/a/b/chat")
        try directory.create()
        #expect(scratch.mode("a/b/chat") == 0o700)
        #expect(scratch.mode("a/b/chat/chat.sqlite") == 0o600)
        try directory.create()
    }

    @Test("closes a database that others could read")
    func tightened() throws {
        let scratch = try ScratchFolder()
        let directory = scratch.data
        try directory.create()
        chmod(directory.databasePath, 0o664)
        try directory.create()
        #expect(scratch.mode("data/chat.sqlite") == 0o660)
    }

    @Test("that is a file is refused by name")
    func file() throws {
        let scratch = try ScratchFolder()
        let path = "\(scratch.path)/file"
        try "x".write(toFile: path, atomically: true, encoding: .utf8)
        #expect(throws: StorageError.unusable(path: path, reason: "Not a directory")) {
            try DataDirectory(path).create()
        }
        #expect(throws: StorageError.unusable(path: "\(path)/below", reason: "Not a directory")) {
            try DataDirectory("\(path)/below").create()
        }
    }

    @Test("where none can be made is refused, however deep")
    func impossiblePlace() {
        for path in ["/proc/nothing", "/proc/nothing/below/chat", ""] {
            #expect(throws: StorageError.self) { try DataDirectory(path).create() }
        }
    }

    @Test("can be locked once at a time, and names who has it")
    func lock() throws {
        let directory = try ScratchFolder().data
        try directory.create()
        var first: DataDirectoryLock? = try DataDirectoryLock(directory)
        #expect(throws: StorageError.inUse(path: directory.path, processID: getpid())) {
            _ = try DataDirectoryLock(directory)
        }
        withExtendedLifetime(first) {}
        first = nil
        _ = try DataDirectoryLock(directory)
    }

    @Test("stays locked when the lock file is deleted or replaced, and whichever path leads to its database")
    func lostLockFile() throws {
        let scratch = try ScratchFolder()
        let directory = scratch.data
        try directory.create()
        let lock = try DataDirectoryLock(directory)
        scratch.remove("data/server.lock")
        let inUse = StorageError.inUse(path: directory.path, processID: nil)
        // The first attempt makes a new lock file, which the second finds.
        for _ in 1...2 {
            #expect(throws: inUse) { _ = try DataDirectoryLock(directory) }
        }
        let other = DataDirectory("\(scratch.path)/other")
        try other.create()
        scratch.remove("other/chat.sqlite")
        try scratch.link("other/chat.sqlite", to: directory.databasePath)
        #expect(throws: StorageError.inUse(path: other.path, processID: nil)) { _ = try DataDirectoryLock(other) }
        withExtendedLifetime(lock) {}
    }
}
