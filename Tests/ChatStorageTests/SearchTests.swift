internal import ChatProtocol
internal import ChatServerCore
internal import ChatTestSupport
internal import GRDB
internal import Testing

@testable internal import ChatStorage

@Suite("Searching")
struct SearchTests {
    @Test(
        "a query is words, none of them an operator",
        arguments: [
            ("hello", #"text : "hello""#),
            ("  hello   world ", #"text : "hello" AND text : "world""#),
            (#""hello world" again"#, #"text : "hello world" AND text : "again""#),
            ("dep*", #"text : "dep" *"#),
            ("from:ann release", #"sender : "ann" AND text : "release""#),
            ("FROM:Ann", #"sender : "Ann""#),
            (
                "NOT a OR b NEAR(c) -d ^e",
                #"text : "NOT" AND text : "a" AND text : "OR" AND text : "b" AND "#
                    + #"text : "NEAR(c)" AND text : "-d" AND text : "^e""#
            ),
            (#"un"closed quote"#, #"text : "unclosed quote""#),
            ("!!! ... a", #"text : "a""#),
            ("a\0b", #"text : "ab""#),
            ("日本", #"text : "日本""#),
            ("", nil),
            (" \"\" * !! from: ", nil),
        ] as [(String, String?)]
    )
    func query(text: String, match: String?) {
        #expect(SearchQuery(text)?.match == match)
    }

    /// The messages of the tests below; the odd ones are in the index already.
    private static let records: [HistoryRecord] = [
        .said(1, "The release is next week", by: "ann"),
        .said(2, "Release next to nothing, weekly", by: "bob"),
        .whispered(3, "the release is a secret", from: .account(1), to: .account(2)),
        .joined(4, "release"),
        .said(5, "Größe über alles: déjà vu", by: "Jürgen"),
        .said(6, "nothing to see here; DROP TABLE message", by: "ann"),
        .said(7, "日本語 text", by: "ann"),
    ]

    @Test(
        "finds",
        arguments: [
            ("release", false, 10, [1, 2]),
            ("RELEASE", true, 10, [1, 2, 3]),
            ("release", true, 2, [2, 3]),
            ("release week", false, 10, [1]),
            ("release week*", false, 10, [1, 2]),
            (#""next week""#, false, 10, [1]),
            ("from:ann release", false, 10, [1]),
            ("from:ann", false, 10, [1, 6, 7]),
            ("from:ann", false, 1, [7]),
            ("from:jurgen deja", false, 10, [5]),
            ("grosse", false, 10, []),
            ("Große", false, 10, [5]),
            ("日本語", false, 10, [7]),
            ("'; DROP TABLE", false, 10, [6]),
            ("absent", true, 10, []),
            ("release", false, 0, []),
        ] as [(String, Bool, Int, [Int64])]
    )
    func finds(text: String, includesPrivate: Bool, limit: Int, ids: [Int64]) throws {
        let query = try #require(SearchQuery(text))
        // Whatever part of it is in the index yet.
        for indexed in [0, 1, 3, 5, 7] {
            let database = try DatabaseQueue()
            try Migrations.migrator.migrate(database)
            try database.write { database in
                for (offset, record) in Self.records.enumerated() {
                    if offset == indexed { while try SearchIndex.extend(database) {} }
                    var insertion = try RecordInsertion(database, run: 1)
                    try insertion.insert(record)
                    try insertion.finish()
                }
                if indexed == Self.records.count { while try SearchIndex.extend(database) {} }
            }
            let search = MessageSearch(query: query, includesPrivate: includesPrivate, limit: limit)
            let found = try database.read(search.run)
            #expect(found.map(\.id.number) == ids.reversed(), "\(indexed) in the index")
        }
    }

    @Test("reads beside a running server, the latest included")
    func archive() async throws {
        let scratch = try ScratchFolder()
        let storage = try ServerStorage(scratch.data, configuration: .quick)
        try await storage.messages.append(Self.records).get()
        let archive = try HistoryArchive(scratch.data)
        let query = try #require(SearchQuery("release"))
        #expect(try archive.search(query, includesPrivate: false, limit: 9).map(\.id.number) == [1, 2])
        try await storage.messages.append([.said(8, "another release")]).get()
        #expect(try archive.search(query, includesPrivate: true, limit: 9).map(\.id.number) == [1, 2, 3, 8])
        storage.close()
        #expect(try archive.search(query, includesPrivate: false, limit: 9).map(\.id.number) == [1, 2, 8])
    }

    @Test(
        "exports everything in order, private messages and joins only where asked for",
        arguments: [
            (false, false, [1, 2, 5, 6, 7]),
            (true, false, [1, 2, 3, 5, 6, 7]),
            (false, true, [1, 2, 4, 5, 6, 7]),
            (true, true, [1, 2, 3, 4, 5, 6, 7]),
        ] as [(Bool, Bool, [Int64])]
    )
    func export(includesPrivate: Bool, includesInfos: Bool, ids: [Int64]) async throws {
        let scratch = try ScratchFolder()
        let storage = try ServerStorage(scratch.data, configuration: .quick)
        try await storage.messages.append(Self.records).get()
        // More than one page, and not the same number of each.
        try await storage.messages.append((10...3000).map { $0 % 3 == 0 ? .joined($0) : .said($0) }).get()
        storage.close()
        var exported: [Int64] = []
        try HistoryArchive(scratch.data).forEach(includesPrivate: includesPrivate, includesInfos: includesInfos) {
            exported.append($0.id.number)
        }
        #expect(exported == ids + (10...3000).filter { includesInfos || $0 % 3 != 0 })
    }

    @Test("there is nothing to read where there is no chat")
    func missing() throws {
        let scratch = try ScratchFolder()
        #expect(throws: StorageError.missing(path: scratch.data.path)) { _ = try HistoryArchive(scratch.data) }
    }
}
