internal import ChatProtocol
internal import ChatServerCore
internal import ChatTestSupport
internal import Testing

@testable internal import ChatStorage

/// Which files are synced, and when.
@Suite("A power cut", .timeLimit(.minutes(10)))
struct DurabilityTests {
    let scratch: ScratchFolder

    init() throws {
        scratch = try ScratchFolder()
        try #require(WatchedFiles.begin())
    }

    private var log: String { "\(scratch.data.databasePath)-wal" }
    private var unsynced: Int { WatchedFiles.unsyncedWrites(log) }

    private func open(_ flush: StorageConfiguration.Flush) throws -> ServerStorage {
        var configuration = StorageConfiguration.quick
        configuration.flush = flush
        return try ServerStorage(scratch.data, configuration: configuration)
    }

    @Test(
        "right after a start costs no ids: that a server runs is on the disk before it gives any",
        arguments: StorageConfiguration.Flush.allCases
    )
    func start(flush: StorageConfiguration.Flush) throws {
        for run in 1...2 {
            let session = try DatabaseSession(scratch.data, flush: flush, users: 1)
            #expect(session.run == run)
            #expect(WatchedFiles.syncs(log) > 0)
            #expect(unsynced == 0)
            session.release()
        }
    }

    @Test("costs a message of the last second, or none where every commit is written down")
    func messages() async throws {
        for (flush, isOnDisk) in [(.second, false), (.commit, true)] as [(StorageConfiguration.Flush, Bool)] {
            let storage = try open(flush)
            let before = WatchedFiles.syncs(log)
            try await storage.messages.append([.said(storage.messages.highestMessageID.number + 1)]).get()
            #expect((WatchedFiles.syncs(log) > before) == isOnDisk)
            storage.close()
        }
    }

    @Test("undoes no change of an account or ban that was confirmed")
    func changes() async throws {
        let storage = try open(.second)
        let ann = try Nickname("ann")
        let account = try await storage.accounts.register(ann, password: "old").get()
        #expect(unsynced == 0)
        _ = try await storage.accounts.change(account, nickname: "other", password: "new").get()
        #expect(unsynced == 0)
        let ban = Ban(nickname: ann, account: nil, address: nil, created: 1, expires: nil, admin: "root", reason: "")
        try await storage.bans.change(BanChange(added: ban)).get()
        #expect(unsynced == 0)
        try await storage.bans.change(BanChange(removed: [ann.key])).get()
        #expect(unsynced == 0)
        // The usual setting is back: a message is not synced at once.
        try await storage.messages.append([.said(1)]).get()
        #expect(unsynced > 0)
        storage.close()
    }

    @Test("undoes nothing that an operator did beside a server")
    func tool() throws {
        let storage = try open(.second)
        let book = try AccountBook(scratch.data, creates: false, cost: .quick)
        let changes: [() throws -> Void] = [
            { _ = try book.add(try Nickname("ann"), password: "old", role: .member) },
            { try book.setPassword(of: "ann", to: "new") },
            { try book.setRole(of: "ann", to: .admin) },
            { try book.remove("ann") },
        ]
        for change in changes {
            let before = WatchedFiles.syncs(log)
            try change()
            #expect(WatchedFiles.syncs(log) > before)
            #expect(unsynced == 0)
        }
        storage.close()
    }
}

extension SQLiteBanStore {
    /// Changes and waits for the answer.
    fileprivate func change(_ change: BanChange) async -> Result<Void, StoreError> {
        await withCheckedContinuation { continuation in
            self.change(change) { continuation.resume(returning: $0) }
        }
    }
}
