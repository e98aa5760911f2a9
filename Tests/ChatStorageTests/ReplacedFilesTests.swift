internal import ChatProtocol
internal import ChatServerCore
internal import ChatTestSupport
internal import Glibc
internal import Synchronization
internal import Testing

@testable internal import ChatStorage

/// The database's files, deleted or replaced while a server has them open.
@Suite("Replaced files")
struct ReplacedFilesTests {
    private let scratch: ScratchDirectory

    init() throws { scratch = try ScratchDirectory() }

    private func open() throws -> ServerStorage {
        try ServerStorage(scratch.data, configuration: .quick, warn: noteWarning)
    }

    private var noteWarning: StorageWarning {
        let noted = noted
        return { line in noted.lines.withLock { $0.append(line) } }
    }

    private final class Noted: Sendable { let lines = Mutex<[String]>([]) }
    private let noted = Noted()

    private func move(_ name: String, to other: String) throws {
        let path = scratch.data.databasePath
        try #require(rename(path + name, path + other) == 0)
    }

    @Test(
        "nothing is confirmed that a restart would not find",
        arguments: ["", "-wal", "-shm"],
        [false, true]
    )
    func lost(name: String, isReplaced: Bool) async throws {
        let storage = try open()
        let nickname = try Nickname("ann")
        try await storage.messages.append([.said(1)]).get()
        try move(name, to: "-elsewhere")
        if isReplaced {
            let other = Glibc.open(scratch.data.databasePath + name, O_CREAT | O_WRONLY, 0o600)
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
        try move("-elsewhere", to: name)
        try await storage.messages.append([.said(3)]).get()
        #expect(noted.lines.withLock(\.last)?.contains("back") == true)
        storage.close()
        let again = try open()
        #expect(try await again.messages.ids() == [1, 3])
        #expect(try again.bans.load().isEmpty)
        again.close()
    }
}
