internal import ChatServerCore
internal import ChatTestSupport
internal import Dispatch
internal import GRDB
internal import Synchronization
internal import Testing

@testable internal import ChatStorage

/// Records are one second apart: the one with id 7 is from second 7.
@Suite("Retention")
struct RetentionTests {
    let database: DatabaseQueue

    init() throws {
        database = try DatabaseQueue()
        try Migrations.migrator.migrate(database)
    }

    private func insert(_ records: [HistoryRecord], run: Int64 = 1) throws {
        try database.write { database in
            var insertion = try RecordInsertion(database, run: run)
            for record in records { try insertion.insert(record) }
            try insertion.finish()
        }
    }

    /// Sweeps until nothing is left to do, and gives the number of steps.
    private func sweep(_ retention: Retention, run: Int64 = 1, now: Int64 = 0) throws -> Int {
        var steps = 0
        while try database.write({ try RetentionSweep(retention: retention, run: run).step($0, now: now * 1000) }) {
            steps += 1
        }
        return steps
    }

    private func ids(_ kind: RecordKind) throws -> [Int64] {
        try database.read { try Int64.fetchAll($0, sql: "SELECT id FROM \(kind.rawValue) ORDER BY id") }
    }

    @Test(
        "keeps so many of each kind, and none that is too old",
        arguments: [
            // now, messages, infos: what is left of 1…6, 11…16 and 21…26
            (
                30, .init(count: 9), .init(count: 9), [1, 2, 3, 4, 5, 6], [11, 12, 13, 14, 15, 16],
                [21, 22, 23, 24, 25, 26]
            ),
            (30, .init(count: 2), .init(count: 9), [5, 6], [15, 16], [21, 22, 23, 24, 25, 26]),
            (30, .init(count: 9), .init(count: 1), [1, 2, 3, 4, 5, 6], [11, 12, 13, 14, 15, 16], [26]),
            (30, .init(count: 0), .init(count: 0), [], [], []),
            (
                30, .init(count: 9, seconds: 26), .init(count: 9), [4, 5, 6], [11, 12, 13, 14, 15, 16],
                [21, 22, 23, 24, 25, 26]
            ),
            (30, .init(count: 9, seconds: 15), .init(count: 9, seconds: 6), [], [15, 16], [24, 25, 26]),
            (
                30, .init(count: 5, seconds: 26), .init(count: 9), [4, 5, 6], [12, 13, 14, 15, 16],
                [21, 22, 23, 24, 25, 26]
            ),
            // A clock that was set back makes nothing too old.
            (
                -30, .init(count: 9, seconds: 1), .init(count: 9, seconds: 1), [1, 2, 3, 4, 5, 6],
                [11, 12, 13, 14, 15, 16], [21, 22, 23, 24, 25, 26]
            ),
        ] as [(Int64, Retention.Bound, Retention.Bound, [Int64], [Int64], [Int64])]
    )
    func bounds(
        now: Int64,
        messages: Retention.Bound,
        infos: Retention.Bound,
        said: [Int64],
        whispered: [Int64],
        joined: [Int64]
    ) throws {
        try insert((1...6).map { .said($0) })
        try insert((11...16).map { .whispered($0, from: .account(1), to: .guest(1)) })
        try insert((21...26).map { .joined($0) })
        _ = try sweep(Retention(messages: messages, infos: infos), now: now)
        #expect(try ids(.message) == said)
        #expect(try ids(.privateMessage) == whispered)
        #expect(try ids(.info) == joined)
        let counts = try database.read(HistoryState.counts)
        #expect(
            counts
                == RecordCounts(
                    messages: Int64(said.count),
                    privateMessages: Int64(whispered.count),
                    infos: Int64(joined.count)
                )
        )
    }

    @Test(
        "what was stored while the clock was ahead keeps nothing else, and goes with what follows it",
        arguments: [
            // Of 1…6, those from the future; what is left when 1, 2 and 3 are too old.
            ([], [4, 5, 6]), ([1], [4, 5, 6]), ([2], [4, 5, 6]), ([1, 2], [4, 5, 6]), ([3], [3, 4, 5, 6]),
            ([4], [4, 5, 6]), ([3, 4, 5, 6], [3, 4, 5, 6]), ([1, 2, 3, 4, 5, 6], [1, 2, 3, 4, 5, 6]),
        ] as [([Int64], [Int64])]
    )
    func fromTheFuture(ids: [Int64], left: [Int64]) throws {
        try insert((1...6).map { .said($0) })
        try setAhead(ids)
        let retention = Retention(messages: .init(count: 9, seconds: 26), infos: .init(count: 9))
        _ = try sweep(retention, now: 30)
        #expect(try self.ids(.message) == left)
        // When the last is too old they all are.
        _ = try sweep(retention, now: 3000)
        #expect(try self.ids(.message) == [])
    }

    @Test("however many were stored while it was ahead, they go a little at a time")
    func muchFromTheFuture() throws {
        try insert((1...1000).map { .said($0) })
        try setAhead(Array(1...900))
        let retention = Retention(messages: .init(count: 1000, seconds: 100), infos: .init(count: 9))
        #expect(try sweep(retention, now: 1050) == 5)
        #expect(try ids(.message) == Array(950...1000))
    }

    /// Puts records into second 2000.
    private func setAhead(_ ids: [Int64]) throws {
        try database.write { database in
            for id in ids {
                try database.execute(sql: "UPDATE message SET at = 2000000 WHERE id = ?", arguments: [id])
            }
        }
    }

    @Test("nothing goes for its age while the clock reads a year later than everything, which is said once")
    func clockJump() throws {
        let day: Int64 = 86_400
        let clock = ManualClock()
        let warnings = Mutex<[String]>([])
        let housekeeping = Housekeeping(
            retention: Retention(messages: .init(count: 4, seconds: 90 * day), infos: .init(count: 0)),
            run: 1,
            clock: { clock.now },
            warn: { line in warnings.withLock { $0.append(line) } }
        )
        func left(after days: Int64) throws -> [Int64] {
            clock.now = days * day * 1000
            housekeeping.noteTime()
            while housekeeping.hasWork { housekeeping.step(database) }
            return try ids(.message)
        }
        try insert((1...5).map { .said($0) })
        // How many there are does not depend on the clock.
        #expect(try left(after: 400) == [2, 3, 4, 5])
        // What comes now has its time from the same clock.
        let late = 400 * day
        try insert([.said(late)])
        #expect(try left(after: 400) == [3, 4, 5, late])
        #expect(warnings.withLock { $0 } == [ClockJump.warning])
        // It was set right.
        #expect(try left(after: 80) == [3, 4, 5, late])
        // Or it was right.
        #expect(try left(after: 402) == [late])
        #expect(warnings.withLock(\.count) == 1)
    }

    @Test("a server that was off for some months deletes as it should")
    func offForMonths() throws {
        let day: Int64 = 86_400
        let clock = ManualClock()
        clock.now = 366 * day * 1000
        let housekeeping = Housekeeping(
            retention: Retention(messages: .init(count: 9, seconds: 90 * day), infos: .init(count: 9)),
            run: 1,
            clock: { clock.now },
            warn: { _ in Issue.record("nothing is wrong") }
        )
        try insert((1...5).map { .said($0) })
        while housekeeping.hasWork { housekeeping.step(database) }
        #expect(try ids(.message) == [])
    }

    @Test("a crowd at the door pushes out nothing that was said")
    func crowd() throws {
        try insert([.said(1)])
        try insert((2...500).map { .joined($0) })
        _ = try sweep(Retention(messages: .init(count: 5), infos: .init(count: 5)))
        #expect(try ids(.message) == [1])
        #expect(try ids(.info) == [496, 497, 498, 499, 500])
    }

    @Test("deletes a little at a time")
    func steps() throws {
        try insert((1...1000).map { .said($0) })
        let steps = try sweep(Retention(messages: .init(count: 10), infos: .init(count: 10)))
        #expect(steps == 5)
        #expect(try ids(.message) == Array(991...1000))
    }

    @Test("what two guests said to each other goes with the run of the server that they were in")
    func guests() throws {
        let everything = Retention(messages: .init(count: 1000), infos: .init(count: 1000))
        try insert([
            .whispered(1, from: .guest(1), to: .guest(2)),
            .whispered(2, from: .guest(1), to: .account(1)),
            .whispered(3, from: .account(2), to: .account(1)),
            .said(4),
        ])
        #expect(try sweep(everything, run: 1) == 0)
        try insert([.whispered(5, from: .guest(1), to: .guest(2))], run: 2)
        #expect(try sweep(everything, run: 2) == 1)
        #expect(try ids(.privateMessage) == [2, 3, 5])
        #expect(try database.read(HistoryState.counts).privateMessages == 3)
    }

    @Test("the search index forgets what is deleted, whether it was in it yet or not", arguments: [0, 1, 2, 10])
    func search(indexSteps: Int) throws {
        try insert((1...400).map { .said($0, "word \($0)") })
        try insert([.whispered(401, "word", from: .guest(1), to: .guest(2)), .said(402, "word 402")])
        try database.write { database in
            for _ in 0..<indexSteps { _ = try SearchIndex.extend(database) }
        }
        _ = try sweep(Retention(messages: .init(count: 1), infos: .init(count: 0)), run: 2)
        try database.write { database in
            while try SearchIndex.extend(database) {}
            let found = try Int64.fetchAll(database, sql: "SELECT rowid FROM search WHERE search MATCH 'word'")
            #expect(found == [402])
            // Compares the index with the messages, entry by entry.
            try database.execute(sql: "INSERT INTO search (search, rank) VALUES ('integrity-check', 1)")
        }
    }

    @Test("a running server keeps to it by itself")
    func running() async throws {
        let scratch = try ScratchFolder()
        var configuration = StorageConfiguration.quick
        configuration.retention.messages.count = 7
        let storage = try ServerStorage(scratch.data, configuration: configuration)
        let store = storage.messages
        for batch in 0..<100 {
            try await store.append((1...10).map { .said(Int64(batch * 10 + $0)) }).get()
        }
        #expect(try await ids(in: store, whenThereAre: 7) == Array(994...1000))
        store.keep(Retention(messages: .init(count: 3), infos: .init(count: 0)))
        #expect(try await ids(in: store, whenThereAre: 3) == Array(998...1000))
        storage.close()
    }

    /// Waits until a server has left so many records, and gives their ids.
    private func ids(in store: SQLiteMessageStore, whenThereAre count: Int) async throws -> [Int64] {
        let patience = Patience()
        while true {
            let ids = try await store.ids(.query(limit: 1000))
            if ids.count == count || patience.isOver { return ids }
            await Task.yield()
        }
    }

    @Test("a tool that prunes leaves a running server time to write, after every little step")
    func pruning() async throws {
        let scratch = try ScratchFolder()
        let storage = try ServerStorage(scratch.data, configuration: .quick)
        let store = storage.messages
        try await store.append((1...5000).map { .said($0) }).get()
        var highest: Int64 = 5000
        var pauses: [Duration] = []
        let deleted = try HistoryPruning.prune(
            scratch.data,
            retention: Retention(messages: .init(count: 10), infos: .init(count: 0)),
            now: 0
        ) { pause in
            pauses.append(pause)
            highest += 1
            #expect(store.appendAndWait([.said(highest)]))
        }
        // Every message that came meanwhile pushed out one more.
        #expect(deleted == 4990 + pauses.count)
        #expect(pauses.count >= 5000 / (4 * 200))
        // Longer than the 100 ms that SQLite waits at most between two tries.
        #expect(pauses.allSatisfy { $0 > .milliseconds(100) })
        #expect(try await store.ids() == Array((highest - 9)...highest))
        storage.close()
    }

    @Test("a tool that prunes thousands keeps no message of a running server from the disk", .timeLimit(.minutes(10)))
    func pruningBesideWriter() async throws {
        let scratch = try ScratchFolder()
        var configuration = StorageConfiguration.quick
        configuration.flush = .commit
        let storage = try ServerStorage(scratch.data, configuration: configuration)
        let store = storage.messages
        try await store.append((1...6000).map { .said($0) }).get()
        let isPruning = Mutex(true)
        async let deleted = Task.detached {
            defer { isPruning.withLock { $0 = false } }
            return try HistoryPruning.prune(
                scratch.data,
                retention: Retention(messages: .init(count: 1000), infos: .init(count: 0)),
                now: 0
            )
        }.value
        var highest: Int64 = 6000
        while isPruning.withLock({ $0 }), highest < 7000 {
            highest += 1
            try await store.append([.said(highest)]).get()
        }
        #expect(try await deleted >= 5000)
        storage.close()
    }
}

extension SQLiteMessageStore {
    /// Appends and waits, for where a test can't suspend.
    fileprivate func appendAndWait(_ batch: [HistoryRecord]) -> Bool {
        let result = Mutex(false)
        let answered = DispatchSemaphore(value: 0)
        append(batch) { answer in
            result.withLock { $0 = (try? answer.get()) != nil }
            answered.signal()
        }
        answered.wait()
        return result.withLock { $0 }
    }
}
