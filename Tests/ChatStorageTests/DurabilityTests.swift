internal import ChatProtocol
internal import ChatServer
internal import ChatServerCore
internal import Testing

@testable internal import ChatStorage

/// What the disk was told to write down, and when.
@Suite("A power cut", .timeLimit(.minutes(2)))
struct DurabilityTests {
    let scratch: ScratchDirectory

    init() throws {
        scratch = try ScratchDirectory()
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
}
