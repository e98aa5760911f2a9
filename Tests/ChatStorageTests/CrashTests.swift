internal import ChatProtocol
internal import ChatServerCore
internal import ChatTestSupport
internal import Foundation
internal import GRDB
internal import Synchronization
internal import Testing

@testable internal import ChatStorage

/// Servers that are killed while they write, again and again on the same directory.
@Suite("Killed", .serialized, .timeLimit(.minutes(10)))
struct CrashTests {
    private static let batchSize = 7

    @Test(
        "everything that was completed is there, once, in order and in whole batches",
        arguments: StorageConfiguration.Flush.allCases
    )
    func killed(flush: StorageConfiguration.Flush) async throws {
        let scratch = try ScratchFolder()
        var generator = SeededGenerator(seed: 9)
        var acknowledged: [Int64] = []
        for round in 1...8 {
            let batches = Int.random(in: 1...60, using: &generator)
            await #expect(processExitsWith: .signal(SIGKILL)) {
                [path = scratch.path as String, flush = flush.rawValue as String, batches = batches as Int] in
                try Self.runUntilKilled(path, flush: flush, after: batches)
            }
            acknowledged += try Self.acknowledgements(in: scratch)
            try FileManager.default.removeItem(atPath: "\(scratch.path)/acknowledged")
            let stored = try Self.storedRecords(in: scratch)
            let ids = stored.map(\.id.number)
            #expect(zip(ids, ids.dropFirst()).allSatisfy(<))
            #expect(Set(acknowledged).isSubset(of: ids), "round \(round)")
            #expect(acknowledged == acknowledged.sorted())
            #expect(stored.allSatisfy { $0 == Self.record($0.id.number) })
            #expect(ids.count % Self.batchSize == 0)
        }
        // Otherwise nothing was tested.
        #expect(acknowledged.count > 100)
        let storage = try ServerStorage(scratch.data, configuration: .quick)
        #expect(storage.messages.highestMessageID.number >= acknowledged.last ?? 0)
        try await storage.messages.session.pool.write { database in
            #expect(try String.fetchOne(database, sql: "PRAGMA integrity_check") == "ok")
            let count = try Int64.fetchOne(database, sql: "SELECT count(*) FROM message")
            #expect(try HistoryState.counts(database).messages == count)
            while try SearchIndex.extend(database) {}
            try database.execute(sql: "INSERT INTO search (search, rank) VALUES ('integrity-check', 1)")
        }
        storage.close()
    }

    private static func record(_ id: Int64) -> HistoryRecord {
        .said(id, String(repeating: "message \(id) ", count: 1 + Int(id % 40)))
    }

    // MARK: In the process that is killed

    /// Appends as fast as it can, notes in a file what was completed, and is killed after the given number of batches.
    private static func runUntilKilled(_ path: String, flush: String, after batches: Int) throws {
        let scratch = ScratchFolder(existing: path)
        var configuration = StorageConfiguration.quick
        configuration.flush = StorageConfiguration.Flush(rawValue: flush) ?? .second
        // Deleting and indexing go on meanwhile.
        configuration.retention.infos.count = 1
        let storage = try ServerStorage(scratch.data, configuration: configuration)
        let descriptor = open("\(path)/acknowledged", O_WRONLY | O_CREAT | O_APPEND, 0o600)
        let rest = Mutex(batches)
        let window = DispatchSemaphore(value: 20)
        var id = storage.messages.highestMessageID.number + 1
        while true {
            window.wait()
            let batch = (id..<id + Int64(batchSize)).map(record)
            let line = Array(batch.map { "\($0.id.number)\n" }.joined().utf8)
            storage.messages.append(batch) { result in
                if case .success = result { _ = write(descriptor, line, line.count) }
                rest.withLock { rest in
                    rest -= 1
                    // On another thread, which does not wait until the writer has ended a commit.
                    if rest == 0 { DispatchQueue.global().async { kill(getpid(), SIGKILL) } }
                }
                window.signal()
            }
            id += Int64(batchSize)
        }
    }

    // MARK: In the process that looks

    private static func acknowledgements(in scratch: ScratchFolder) throws -> [Int64] {
        let text = try? String(contentsOfFile: "\(scratch.path)/acknowledged", encoding: .utf8)
        // One write is a whole batch.
        return (text ?? "").split(separator: "\n").compactMap { Int64($0) }
    }

    private static func storedRecords(in scratch: ScratchFolder) throws -> [HistoryRecord] {
        var records: [HistoryRecord] = []
        try HistoryArchive(scratch.data).forEach(includesPrivate: true, includesInfos: true) { records.append($0) }
        return records
    }
}
