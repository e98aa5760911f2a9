internal import ChatServerCore
internal import GRDB
internal import Testing

@testable internal import ChatStorage

/// How much housekeeping the writer's thread does at a time.
@Suite("A step of housekeeping")
struct HousekeepingStepTests {
    let database: DatabaseQueue

    init() throws {
        database = try DatabaseQueue()
        try Migrations.migrator.migrate(database)
    }

    /// Two thirds of it said to everyone, one third between guests.
    private func insert(_ count: Int64, _ text: String) throws {
        try database.write { database in
            var insertion = try RecordInsertion(database, run: 1)
            for id in 1...count {
                try insertion.insert(
                    id % 3 == 0 ? .whispered(id, text, from: .guest(1), to: .guest(2)) : .said(id, text)
                )
            }
            try insertion.finish()
        }
    }

    /// Runs all steps, and returns how many rows each of them removed.
    private func rows(_ query: String, _ step: (Database) throws -> Bool) throws -> [Int] {
        var steps: [Int] = []
        try database.write { database in
            func left() throws -> Int { try Int.fetchOne(database, sql: query) ?? -1 }
            var before = try left()
            var hasMore = true
            while hasMore {
                hasMore = try step(database)
                let after = try left()
                if after < before { steps.append(before - after) }
                before = after
            }
            #expect(before == 0)
        }
        return steps
    }

    /// What is said, how often in one message, and how many such messages are
    /// one step's work.
    static let texts: [(String, Int, Int)] = [
        ("word ", 1, 200),
        ("some words ", 1489, 4),
        // Bytes count, not letters.
        ("日本語 ", 2000, 3),
        // More than a step takes, but something has to be done.
        ("some words ", 6000, 1),
    ]

    @Test("takes into the index, and in the end everything", arguments: texts)
    func index(word: String, count: Int, most: Int) throws {
        try insert(210, String(repeating: word, count: count))
        let steps = try rows(
            "SELECT count(*) FROM searchable WHERE id > (SELECT through FROM search_state)",
            SearchIndex.extend
        )
        #expect(steps.dropLast().allSatisfy { $0 == most })
        #expect(steps.reduce(0, +) == 210)
        try database.write { database in
            try database.execute(sql: "INSERT INTO search (search, rank) VALUES ('integrity-check', 1)")
            #expect(try Int.fetchOne(database, sql: "SELECT count(*) FROM search") == 210)
        }
    }

    @Test("deletes, from the index too, and in the end everything", arguments: texts, [Int64(1), 2])
    func sweep(text: (word: String, count: Int, most: Int), run: Int64) throws {
        try insert(210, String(repeating: text.word, count: text.count))
        try database.write { database in while try SearchIndex.extend(database) {} }
        // In a later run what guests said to each other is nobody's.
        let sweep = RetentionSweep(
            retention: Retention(messages: .init(count: 0), infos: .init(count: 0)),
            run: run
        )
        let steps = try rows("SELECT count(*) FROM searchable") { try sweep.step($0, now: 0) }
        #expect(steps.allSatisfy { (1...text.most).contains($0) })
        #expect(steps.count <= 210 / text.most + 2)
        try database.write { database in
            try database.execute(sql: "INSERT INTO search (search, rank) VALUES ('integrity-check', 1)")
            let found = try Int.fetchOne(database, sql: "SELECT count(*) FROM search WHERE search MATCH 'w*'")
            #expect(found == 0)
        }
    }
}
