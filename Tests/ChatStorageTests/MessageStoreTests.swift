internal import ChatProtocol
internal import ChatServerCore
internal import ChatTestSupport
internal import Foundation
internal import GRDB
internal import Synchronization
internal import Testing

@testable internal import ChatStorage

@Suite("The message store")
struct MessageStoreTests {
    let scratch: ScratchFolder
    let storage: ServerStorage
    var store: SQLiteMessageStore { storage.messages }

    init() throws {
        scratch = try ScratchFolder()
        storage = try ServerStorage(scratch.data, configuration: .quick)
    }

    private static let records: [HistoryRecord] = [
        .said(1),
        .said(2, "", by: "ß\u{301}ü"),
        .said(
            3,
            "a\0b\nc, d; e=f/g \u{1F468}\u{200D}\u{1F469}",
            nonce: Nonce(owner: .account(AccountID(4)), tag: "x\0y")
        ),
        .said(4, nonce: Nonce(owner: .guest(NicknameKey("Jürgen")), tag: "")),
        .whispered(5, from: .account(1), to: .account(2)),
        .whispered(6, from: .guest(9), to: .account(1)),
        .whispered(7, from: .account(1), to: .guest(.max - 1)),
        .whispered(8, "to myself", from: .account(1), to: .account(1)),
        .joined(9),
        .info(10, "ann", nil),
        .info(11, "ann", .leave),
        .info(12, "ann", .kick(user: "bob")),
        .info(13, "anna", .update(previous: "ann", color: "#123", isAdmin: true)),
    ]

    @Test("gives back what it was given, every kind of record")
    func roundTrip() async throws {
        try await store.append(Self.records).get()
        let page = try await store.history(viewer: .account(1))
        #expect(page.records == Self.records)
        #expect(page.more == false)
        #expect(store.highestMessageID == MessageID(13))
    }

    @Test("completes in the order of the calls, and merges what waits into one transaction")
    func groupCommit() async throws {
        let gate = DispatchSemaphore(value: 0)
        let order = Mutex<[Int]>([])
        store.append([.said(1)]) { _ in gate.wait() }
        let commits = CommitCount()
        store.session.pool.add(transactionObserver: commits)
        await withCheckedContinuation { continuation in
            for number in 2...200 {
                store.append([.said(Int64(number))]) { result in
                    #expect(throws: Never.self) { try result.get() }
                    order.withLock { $0.append(number) }
                    if number == 200 { continuation.resume() }
                }
            }
            gate.signal()
        }
        #expect(order.withLock { $0 } == Array(2...200))
        // The first may or may not have been committed when the counting began.
        #expect((1...2).contains(commits.count))
        #expect(try await store.ids(.query(limit: 3)) == [198, 199, 200])
    }

    @Test(
        "a batch that is wrong in itself fails alone",
        arguments: [
            [HistoryRecord.said(5), .said(5)],
            [.said(6), .said(4)],
            [.said(1)],
            [
                HistoryRecord(
                    id: MessageID(7),
                    moment: Timestamp(unixMilliseconds: 0),
                    visibility: .between(.account(1), .account(2)),
                    content: .info(Info(sender: "ann", text: "secret"))
                )
            ],
        ]
    )
    func faultyBatch(batch: [HistoryRecord]) async throws {
        let gate = DispatchSemaphore(value: 0)
        store.append([.said(1)]) { _ in gate.wait() }
        // Handed over in this order, which tasks of their own would not keep.
        let results = await withCheckedContinuation { continuation in
            let collected = Mutex<[Result<Void, StoreError>]>([])
            let collect: @Sendable (Result<Void, StoreError>) -> Void = { result in
                let all = collected.withLock { all in
                    all.append(result)
                    return all
                }
                if all.count == 3 { continuation.resume(returning: all) }
            }
            store.append([.said(2)], completion: collect)
            store.append(batch, completion: collect)
            store.append([.said(8)], completion: collect)
            gate.signal()
        }
        #expect(throws: Never.self) { try results[0].get() }
        #expect(throws: StoreError.self) { try results[1].get() }
        #expect(throws: Never.self) { try results[2].get() }
    }

    @Test("fails what comes when too much waits, in its turn, and goes on after")
    func overflow() async throws {
        let gate = DispatchSemaphore(value: 0)
        store.append([.said(1)]) { _ in gate.wait() }
        let big = (2...Int64(SQLiteMessageStore.maximumWaiting + 1)).map { HistoryRecord.said($0) }
        let order = Mutex<[String]>([])
        store.append(big) { result in order.withLock { $0.append("big \((try? result.get()) != nil)") } }
        store.append([.said(900_000)]) { result in order.withLock { $0.append("more \((try? result.get()) != nil)") } }
        gate.signal()
        store.append([]) { _ in order.withLock { $0.append("end") } }
        store.close()
        #expect(order.withLock { $0 } == ["big true", "more false", "end"])
    }

    @Test("everything handed over before closing is there, and nothing after")
    func close() async throws {
        let count = Mutex(0)
        for number in 1...500 { store.append([.said(Int64(number))]) { _ in count.withLock { $0 += 1 } } }
        store.close()
        #expect(count.withLock { $0 } == 500)
        #expect(throws: StoreError("the store is closed")) { try store.appendAndWait([.said(501)]).get() }
        storage.accounts.close()
        storage.bans.close()
        store.close()
        let again = try ServerStorage(scratch.data, configuration: .quick)
        #expect(try await again.messages.ids(.query(limit: 1000)).count == 500)
        #expect(again.messages.highestMessageID == MessageID(500))
    }

    @Test("is opened by one server at a time")
    func secondServer() throws {
        let inUse = StorageError.inUse(path: scratch.data.path, processID: getpid())
        #expect(throws: inUse) { _ = try ServerStorage(scratch.data, configuration: .quick) }
        storage.messages.close()
        #expect(throws: inUse) { _ = try ServerStorage(scratch.data, configuration: .quick) }
        storage.accounts.close()
        storage.bans.close()
        _ = try ServerStorage(scratch.data, configuration: .quick)
    }

    @Test("all its files are for their owner alone")
    func modes() async throws {
        try await store.append([.said(1)]).get()
        let names = try FileManager.default.contentsOfDirectory(atPath: scratch.data.path)
        #expect(Set(names) == ["chat.sqlite", "chat.sqlite-wal", "chat.sqlite-shm", "server.lock"])
        for name in names { #expect(scratch.mode("data/\(name)") == 0o600, "\(name)") }
    }
}

extension SQLiteMessageStore {
    /// For what is completed within the call.
    fileprivate func appendAndWait(_ batch: [HistoryRecord]) -> Result<Void, StoreError> {
        let result = Mutex<Result<Void, StoreError>?>(nil)
        append(batch) { outcome in result.withLock { $0 = outcome } }
        return result.withLock { $0 } ?? .failure(StoreError("not completed"))
    }
}

/// Counts the transactions of a database that changed something.
private final class CommitCount: TransactionObserver, Sendable {
    private let commits = Atomic(0)
    var count: Int { commits.load(ordering: .relaxed) }

    func observes(eventsOfKind eventKind: DatabaseEventKind) -> Bool { false }
    func databaseDidChange(with event: DatabaseEvent) {}
    func databaseDidCommit(_ database: Database) { commits.wrappingAdd(1, ordering: .relaxed) }
    func databaseDidRollback(_ database: Database) {}
}
