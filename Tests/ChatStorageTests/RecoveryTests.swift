internal import ChatProtocol
internal import ChatServerCore
internal import ChatTestSupport
internal import Foundation
internal import GRDB
internal import Testing

@testable internal import ChatStorage

@Suite("After a bad end")
struct RecoveryTests {
    let scratch: ScratchFolder

    init() throws {
        scratch = try ScratchFolder()
    }

    private func change(_ sql: String) throws {
        let queue = try DatabaseQueue(path: scratch.data.databasePath, configuration: .chat)
        try queue.write { try $0.execute(sql: sql) }
        try queue.close()
    }

    private func withStorage<Value>(_ body: (ServerStorage) async throws -> Value) async throws -> Value {
        let storage = try ServerStorage(scratch.data, configuration: .quick)
        defer {
            storage.messages.close()
            storage.accounts.close()
            storage.bans.close()
        }
        return try await body(storage)
    }

    @Test(
        "ids go on after a crash, and skip what a power cut may have cost",
        arguments: [
            ("UPDATE history_state SET is_closed = 1", 40),
            ("UPDATE history_state SET is_closed = 0", 40),
            ("UPDATE history_state SET is_closed = 1, boot = 'another'", 40),
            ("UPDATE history_state SET is_closed = 0, boot = 'another'", 1_000_040),
            ("UPDATE history_state SET is_closed = 0, boot = NULL", 1_000_040),
        ] as [(String, Int64)]
    )
    func ids(state: String, highest: Int64) async throws {
        try await withStorage { try await $0.messages.append([.said(40)]).get() }
        try change(state)
        try await withStorage { #expect($0.messages.highestMessageID == MessageID(highest)) }
    }

    @Test("the highest id stays when its record is deleted")
    func highest() async throws {
        try await withStorage { try await $0.messages.append([.said(5), .joined(6)]).get() }
        _ = try HistoryPruning.prune(
            scratch.data,
            retention: Retention(messages: .init(count: 0), infos: .init(count: 0)),
            now: 0
        )
        try await withStorage { storage in
            #expect(storage.messages.highestMessageID == MessageID(6))
            let ids = try await storage.messages.ids()
            #expect(ids == [])
            let again = await storage.messages.append([.said(6)])
            #expect(throws: StoreError.self) { try again.get() }
        }
    }

    @Test("a database of a newer version is left alone")
    func newer() async throws {
        try await withStorage { _ in }
        try change("INSERT INTO grdb_migrations (identifier) VALUES ('from the future')")
        let newer = StorageError.newer(path: scratch.data.path)
        #expect(throws: newer) { _ = try ServerStorage(scratch.data, configuration: .quick) }
        #expect(throws: newer) { _ = try HistoryArchive(scratch.data) }
        #expect(throws: newer) { _ = try AccountBook(scratch.data, creates: true) }
    }

    @Test("a database of an older version is brought up to date, but not beside a server")
    func older() async throws {
        try scratch.data.create()
        let queue = try DatabaseQueue(path: scratch.data.databasePath, configuration: .chat)
        try Migrations.migrator.migrate(queue, upTo: "accounts")
        try queue.close()
        let outdated = StorageError.outdated(path: scratch.data.path)
        #expect(throws: outdated) { _ = try HistoryArchive(scratch.data) }
        do {
            let lock = try DataDirectoryLock(scratch.data)
            #expect(throws: outdated) { _ = try AccountBook(scratch.data, creates: false) }
            withExtendedLifetime(lock) {}
        }
        _ = try AccountBook(scratch.data, creates: false)
        _ = try HistoryArchive(scratch.data)
    }

    @Test("what is no database is named, and not touched")
    func noDatabase() throws {
        try scratch.data.create()
        let rubbish = String(repeating: "no database ", count: 1000)
        try rubbish.write(toFile: scratch.data.databasePath, atomically: false, encoding: .utf8)
        #expect {
            _ = try ServerStorage(scratch.data, configuration: .quick)
        } throws: { error in
            guard case StorageError.damaged(let path, _) = error else { return false }
            return path == scratch.data.databasePath
        }
        #expect(try String(contentsOfFile: scratch.data.databasePath, encoding: .utf8) == rubbish)
        // The lock is free again.
        _ = try DataDirectoryLock(scratch.data)
    }

    /// What keeps a database from being written, and lets it be again.
    enum Obstacle: CaseIterable {
        case fullDisk
        case readOnly

        func put(_ database: Database) throws {
            switch self {
            case .fullDisk:
                let pages = try Int.fetchOne(database, sql: "PRAGMA page_count") ?? 0
                try database.execute(sql: "PRAGMA max_page_count = \(pages + 2)")
            case .readOnly:
                try database.execute(sql: "PRAGMA query_only = ON")
            }
        }

        func remove(_ database: Database) throws {
            try database.execute(sql: "PRAGMA max_page_count = 1000000; PRAGMA query_only = OFF")
        }

        var error: StoreError {
            switch self {
            case .fullDisk: StoreError("database or disk is full")
            case .readOnly: StoreError("attempt to write a readonly database")
            }
        }
    }

    @Test(
        "what can't be written fails, reads go on, and the next batch is tried afresh",
        arguments: Obstacle.allCases
    )
    func obstacle(_ obstacle: Obstacle) async throws {
        let storage = try ServerStorage(scratch.data, configuration: .quick)
        let store = storage.messages
        try await store.append([.said(1)]).get()
        let pool = store.session.pool
        try await pool.writeWithoutTransaction(obstacle.put)
        let long = String(repeating: "x", count: 16_000)
        let results = await store.append(both: [.said(2, long)], [.said(3, long), .said(4)])
        #expect(results.count == 2)
        for result in results {
            #expect(throws: obstacle.error) { try result.get() }
        }
        #expect(try await store.ids() == [1])
        #expect(store.highestMessageID == MessageID(1))
        try await pool.writeWithoutTransaction(obstacle.remove)
        try await store.append([.said(5, long)]).get()
        #expect(try await store.ids() == [1, 5])
    }

    @Test(
        "what keeps a database from being opened is said in words where it is the disk",
        arguments: [
            (.SQLITE_IOERR, false, 0, "the disk is full, with 0 KiB left (oh)"),
            (.SQLITE_IOERR_SHMSIZE, false, 40_000, "the disk is full, with 39 KiB left (oh)"),
            (.SQLITE_FULL, false, 4096, "the disk is full, with 4 KiB left (oh)"),
            (.SQLITE_CANTOPEN, true, 0, "the file system is read-only (oh)"),
            (.SQLITE_READONLY, true, 1 << 40, "the file system is read-only (oh)"),
            (.SQLITE_IOERR, false, 1 << 40, "oh"),
            (.SQLITE_BUSY, false, 0, "oh"),
        ] as [(ResultCode, Bool, UInt64, String)]
    )
    func reason(code: ResultCode, isReadOnly: Bool, bytes: UInt64, reason: String) {
        let error = DatabaseError(resultCode: code, message: "oh")
        #expect(error.reason(on: DiskSpace(isReadOnly: isReadOnly, bytes: bytes)) == reason)
        #expect(error.reason(on: nil) == "oh")
    }

    @Test("on a disk that is nearly full, what fits still goes in")
    func nearlyFull() async throws {
        let storage = try ServerStorage(scratch.data, configuration: .quick)
        let store = storage.messages
        try await store.append([.said(1)]).get()
        try await store.session.pool.writeWithoutTransaction(Obstacle.fullDisk.put)
        let long = await store.append([.said(2, String(repeating: "x", count: 16_000))])
        #expect(throws: Obstacle.fullDisk.error) { try long.get() }
        try await store.append([.said(3, "short")]).get()
        #expect(try await store.ids() == [1, 3])
    }
}
