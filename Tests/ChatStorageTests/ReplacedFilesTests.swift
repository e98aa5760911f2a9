internal import ChatProtocol
internal import ChatServerCore
internal import ChatSystem
internal import ChatTestSupport
internal import Glibc
internal import Synchronization
internal import Testing

@testable internal import ChatStorage

/// The database's files, deleted, moved or replaced while a server has them open.
@Suite("Replaced files")
struct ReplacedFilesTests {
    /// When the directory last changed: just now, so that the server looks at each file, or long ago, so that it trusts
    /// the directory's status.
    enum LastChange: CaseIterable {
        case justNow
        case longAgo

        /// A clock that reads so.
        var clock: UnixClock {
            { SystemClock.unixMilliseconds + (self == .justNow ? 0 : 3_600_000) }
        }
    }

    private let scratch: ScratchFolder
    private let data: DataDirectory

    init() throws {
        scratch = try ScratchFolder()
        data = DataDirectory("\(scratch.path)/a/data")
    }

    private func open(_ lastChange: LastChange = .justNow) throws -> ServerStorage {
        try ServerStorage(data, configuration: .quick, clock: lastChange.clock, warn: noteWarning)
    }

    private var noteWarning: StorageWarning {
        let noted = noted
        return { line in noted.lines.withLock { $0.append(line) } }
    }

    private final class Noted: Sendable { let lines = Mutex<[String]>([]) }
    private let noted = Noted()

    private func move(_ name: String, to other: String) throws {
        let path = data.databasePath
        try #require(rename(path + name, path + other) == 0)
    }

    /// Waits until a change gets a later time than the last one in the data directory.
    private func waitForLaterTime() throws {
        let last = try FileStatus(of: data.path).changed
        try eventually("the time of changed files stands still") {
            let file = try scratch.write("", to: "now")
            return try FileStatus(of: file).changed > last ? () : nil
        }
    }

    @Test(
        "nothing is confirmed that a restart would not find",
        arguments: LastChange.allCases.flatMap { change in ["", "-wal", "-shm"].map { (change, $0) } },
        [false, true]
    )
    func lost(file: (lastChange: LastChange, name: String), isReplaced: Bool) async throws {
        let storage = try open(file.lastChange)
        let nickname = try Nickname("ann")
        try await storage.messages.append([.said(1)]).get()
        try waitForLaterTime()
        try move(file.name, to: "-elsewhere")
        if isReplaced {
            let other = Glibc.open(data.databasePath + file.name, O_CREAT | O_WRONLY, 0o600)
            try #require(other >= 0)
            Glibc.close(other)
        }

        let refusal = await storage.messages.append([.said(2)])
        #expect(throws: StoreError.self) { try refusal.get() }
        let account = await storage.accounts.register(nickname, password: "a password")
        #expect(throws: StoreError.self) { try account.get() }
        let ban = Ban(
            nickname: nickname,
            account: nil,
            address: nil,
            created: 0,
            expires: nil,
            admin: "root",
            reason: ""
        )
        let isBanned = await withCheckedContinuation { continuation in
            storage.bans.change(BanChange(added: ban)) { continuation.resume(returning: $0) }
        }
        #expect(throws: StoreError.self) { try isBanned.get() }
        #expect(noted.lines.withLock(\.count) == 1)
        #expect(noted.lines.withLock(\.first)?.contains("deleted or replaced") == true)

        // Nothing of it was written, and where the file is back, all goes on.
        try move("-elsewhere", to: file.name)
        try await storage.messages.append([.said(3)]).get()
        #expect(noted.lines.withLock(\.last)?.contains("back") == true)
        storage.close()
        let again = try open()
        #expect(try await again.messages.ids() == [1, 3])
        #expect(try again.bans.load().isEmpty)
        again.close()
    }

    @Test(
        "a directory that is moved, or a folder above it, or another in its place, is noticed in the same way",
        arguments: LastChange.allCases.flatMap { change in ["a", "a/data"].map { (change, $0) } },
        [false, true]
    )
    func movedDirectory(folder: (lastChange: LastChange, name: String), isReplaced: Bool) async throws {
        let storage = try open(folder.lastChange)
        try await storage.messages.append([.said(1)]).get()
        try waitForLaterTime()
        let (path, elsewhere) = ("\(scratch.path)/\(folder.name)", "\(scratch.path)/elsewhere")
        try #require(rename(path, elsewhere) == 0)
        if isReplaced { try scratch.write("", to: "a/data/chat.sqlite") }
        let refusal = await storage.messages.append([.said(2)])
        #expect(throws: StoreError.self) { try refusal.get() }
        await #expect(throws: StoreError.self) { try await storage.messages.ids() }

        scratch.remove(folder.name)
        try #require(rename(elsewhere, path) == 0)
        try await storage.messages.append([.said(3)]).get()
        #expect(try await storage.messages.ids() == [1, 3])
        storage.close()
    }

    @Test("a database that is a link to another folder is used there, and missed there", arguments: LastChange.allCases)
    func link(lastChange: LastChange) async throws {
        try scratch.write("", to: "big/other.sqlite")
        try data.create()
        scratch.remove("a/data/chat.sqlite")
        try scratch.link("a/data/chat.sqlite", to: "../../big/other.sqlite")
        let storage = try open(lastChange)
        try await storage.messages.append([.said(1)]).get()
        #expect(storage.messages.session.files.log.hasSuffix("/big/other.sqlite-wal"))
        try waitForLaterTime()
        let (log, elsewhere) = ("\(scratch.path)/big/other.sqlite-wal", "\(scratch.path)/elsewhere")
        try #require(rename(log, elsewhere) == 0)
        let refusal = await storage.messages.append([.said(2)])
        #expect(throws: StoreError.self) { try refusal.get() }
        try #require(rename(elsewhere, log) == 0)
        try await storage.messages.append([.said(3)]).get()
        storage.close()
    }

    @Test(
        "every check sees a file that is gone, also the one after a commit",
        arguments: [.directory, .path, .mounts] as [DatabaseFiles.Scope],
        LastChange.allCases
    )
    func scopes(scope: DatabaseFiles.Scope, lastChange: LastChange) throws {
        let session = try DatabaseSession(data, flush: .second, users: 1, clock: lastChange.clock)
        try session.files.check(scope)
        try waitForLaterTime()
        try move("-shm", to: "-elsewhere")
        for _ in 1...2 { #expect(throws: StoreError.self) { try session.files.check(scope) } }
        try move("-elsewhere", to: "-shm")
        try session.files.check(scope)
        // A file that has nothing to do with it changes the directory, too.
        try scratch.write("", to: "a/data/other")
        try session.files.check(scope)
        try waitForLaterTime()
        try move("-wal", to: "-elsewhere")
        #expect(throws: StoreError.self) { try session.files.check(scope) }
        try move("-elsewhere", to: "-wal")
        session.release()
    }
}
