internal import ChatProtocol
internal import ChatServerCore
internal import ChatTestSupport
internal import Testing

@testable internal import ChatStorage

@Suite("Looking up the history")
struct HistoryLookupTests {
    let scratch: ScratchFolder
    let storage: ServerStorage
    var store: SQLiteMessageStore { storage.messages }

    init() throws {
        scratch = try ScratchFolder()
        storage = try ServerStorage(scratch.data, configuration: .quick)
    }

    @Test(
        "shows private messages to their two ends only",
        arguments: [
            (.account(1), [1, 2, 4, 6]),
            (.account(2), [1, 2, 3]),
            (.account(3), [1]),
            (.guest(1), [1, 3, 5]),
            (.guest(2), [1, 4, 5]),
            (.guest(3), [1]),
        ] as [(Identity, [Int64])]
    )
    func visibility(viewer: Identity, ids: [Int64]) async throws {
        try await store.append([
            .said(1),
            .whispered(2, from: .account(1), to: .account(2)),
            .whispered(3, from: .guest(1), to: .account(2)),
            .whispered(4, from: .account(1), to: .guest(2)),
            .whispered(5, from: .guest(2), to: .guest(1)),
            .whispered(6, from: .account(1), to: .account(1)),
        ]).get()
        #expect(try await store.ids(viewer: viewer) == ids)
    }

    @Test("after a restart accounts keep their private messages, and guests' are nobody's")
    func restart() async throws {
        try await store.append([
            .whispered(1, from: .account(1), to: .guest(1)),
            .whispered(2, from: .guest(1), to: .guest(2)),
            .whispered(3, from: .account(2), to: .account(1)),
        ]).get()
        storage.messages.close()
        storage.accounts.close()
        storage.bans.close()
        let again = try ServerStorage(scratch.data, configuration: .quick)
        #expect(try await again.messages.ids(viewer: .account(1)) == [1, 3])
        #expect(try await again.messages.ids(viewer: .guest(1)) == [])
        #expect(try await again.messages.ids(viewer: .guest(2)) == [])
        let record = try #require(try await again.messages.history(viewer: .account(1)).records.first)
        #expect(record.isVisible(to: .account(1)))
        #expect(!record.isVisible(to: .guest(1)))
    }

    @Test(
        "pages",
        arguments: [
            (.query(limit: 3), [18, 19, 20], true),
            (.query(limit: 20), Array(1...20), false),
            (.query(limit: 19), Array(2...20), true),
            (.query(before: 5, limit: 3), [2, 3, 4], true),
            (.query(before: 4, limit: 3), [1, 2, 3], false),
            (.query(before: 1, limit: 3), [], false),
            (.query(before: 0, limit: 3), [], false),
            (.query(since: 0, limit: 3), [1, 2, 3], true),
            (.query(since: 17, limit: 3), [18, 19, 20], false),
            (.query(since: 16, limit: 3), [17, 18, 19], true),
            (.query(since: 20, limit: 3), [], false),
            (.query(since: .max, limit: 3), [], false),
            (.query(before: .max, limit: 1), [20], true),
            (.query(since: 3, before: 6, limit: 10), [4, 5], false),
            (.query(since: 3, before: 9, limit: 2), [4, 5], true),
            (.query(since: 9, before: 3, limit: 2), [], false),
            (.query(limit: 0), [], true),
        ] as [(HistoryQuery, [Int64], Bool)]
    )
    func pages(query: HistoryQuery, ids: [Int64], more: Bool) async throws {
        try await store.append((1...20).map { .said($0) }).get()
        let page = try await store.history(query)
        #expect(page.records.map(\.id.number) == ids)
        #expect(page.more == more)
    }

    @Test("agrees with looking at every record", arguments: 1...12 as ClosedRange<UInt64>)
    func model(seed: UInt64) async throws {
        var generator = SeededGenerator(seed: seed)
        let identities: [Identity] = [.account(1), .account(2), .account(3), .guest(1), .guest(2)]
        var records: [HistoryRecord] = []
        var id: Int64 = 0
        for _ in 0..<300 {
            id += Int64.random(in: 1...3, using: &generator)
            switch Int.random(in: 0..<10, using: &generator) {
            case 0..<4:
                records.append(.said(id))
            case 4..<7:
                let ends = (identities.randomElement(using: &generator), identities.randomElement(using: &generator))
                records.append(.whispered(id, from: ends.0 ?? .guest(1), to: ends.1 ?? .guest(1)))
            default:
                records.append(.joined(id))
            }
        }
        for start in stride(from: 0, to: records.count, by: 30) {
            try await store.append(Array(records[start..<min(start + 30, records.count)])).get()
        }
        for _ in 0..<40 {
            let query = HistoryQuery(
                since: Bool.random(using: &generator) ? MessageID(.random(in: 0...id, using: &generator)) : nil,
                before: Bool.random(using: &generator) ? MessageID(.random(in: 0...id + 1, using: &generator)) : nil,
                limit: Int.random(in: 0...40, using: &generator)
            )
            let viewer = identities.randomElement(using: &generator) ?? .account(1)
            let expected = Self.page(of: records, query, viewer: viewer)
            #expect(try await store.history(query, viewer: viewer) == expected, "\(query) by \(viewer)")
        }
    }

    /// What a page is, said in another way than the store does it.
    private static func page(of records: [HistoryRecord], _ query: HistoryQuery, viewer: Identity) -> HistoryPage {
        var visible = records.filter { record in
            record.isVisible(to: viewer) && query.since.map { record.id > $0 } ?? true
                && query.before.map { record.id < $0 } ?? true
        }
        if query.since == nil { visible.reverse() }
        let isInfo = { (record: HistoryRecord) in if case .info = record.content { true } else { false } }
        return HistoryPage(
            choosingFrom: visible.filter { !isInfo($0) },
            visible.filter(isInfo),
            HistorySection(query, ceiling: MessageID(.max))
        )
    }
}
