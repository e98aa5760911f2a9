internal import ChatProtocol
internal import ChatServer
internal import ChatServerCore
internal import Synchronization
internal import Testing

@Suite("In-memory stores")
struct InMemoryStoreTests {
    private static let ann = Identity.account(AccountID(1))
    private static let guest = Identity.guest(ConnectionID(2))

    private func record(_ id: Int64, _ visibility: HistoryRecord.Visibility = .everyone) -> HistoryRecord {
        let message = ChatMessage(
            id: MessageID(id),
            sender: "ann",
            recipient: .everyone,
            color: "#FFF",
            text: "text \(id)"
        )
        return HistoryRecord(
            id: MessageID(id),
            moment: Timestamp(unixMilliseconds: id),
            visibility: visibility,
            content: .chat(message)
        )
    }

    private func page(
        of store: InMemoryMessageStore,
        since: Int64? = nil,
        before: Int64? = nil,
        limit: Int? = nil,
        viewer: Identity = guest
    ) throws -> (ids: [Int64], more: Bool) {
        let answer = Mutex<Result<HistoryPage, StoreError>?>(nil)
        let query = HistoryQuery(since: since.map { MessageID($0) }, before: before.map { MessageID($0) }, limit: limit)
        store.history(query, viewer: viewer) { result in answer.withLock { $0 = result } }
        let page = try #require(answer.withLock { $0 }).get()
        return (page.records.map(\.id.number), page.more)
    }

    @Test("gives the latest, what comes after an id, what comes before one")
    func queries() throws {
        let store = InMemoryMessageStore()
        store.append((1...10).map { record($0) }) { _ in }
        #expect(store.highestMessageID == MessageID(10))
        #expect(try page(of: store, limit: 3) == ([8, 9, 10], true))
        #expect(try page(of: store, limit: 20) == (Array(1...10), false))
        #expect(try page(of: store, since: 4, limit: 3) == ([5, 6, 7], true))
        #expect(try page(of: store, since: 7, limit: 3) == ([8, 9, 10], false))
        #expect(try page(of: store, since: 10, limit: 3) == ([], false))
        #expect(try page(of: store, before: 4, limit: 2) == ([2, 3], true))
        #expect(try page(of: store, before: 3, limit: 2) == ([1, 2], false))
        #expect(try page(of: store, since: 2, before: 6, limit: 9) == ([3, 4, 5], false))
        #expect(try page(of: store, since: 6, before: 2, limit: 9) == ([], false))
        #expect(try page(of: store, limit: 0) == ([], true))
    }

    @Test("shows a private message to its two ends only, and counts only what is shown")
    func visibility() throws {
        let store = InMemoryMessageStore()
        let between = HistoryRecord.Visibility.between(Self.ann, .guest(ConnectionID(9)))
        store.append([record(1), record(2, between), record(3), record(4, between)]) { _ in }
        #expect(try page(of: store, limit: 2) == ([1, 3], false))
        #expect(try page(of: store, limit: 2, viewer: Self.ann) == ([3, 4], true))
    }

    @Test("keeps the latest of what comes, and no number twice")
    func capacity() throws {
        let store = InMemoryMessageStore(capacity: 5)
        store.append((1...7).map { record($0) }) { _ in }
        #expect(try page(of: store) == ([3, 4, 5, 6, 7], false))
        #expect(store.highestMessageID == MessageID(7))
    }

    @Test("keeps no more text than it may")
    func capacityInBytes() throws {
        let store = InMemoryMessageStore(capacity: 100, textBytes: 20)
        store.append((1...7).map { record($0) }) { _ in }
        #expect(try page(of: store) == ([5, 6, 7], false))
    }

    @Test("compares passwords, and an empty one opens nothing")
    func passwords() throws {
        let ann = RegisteredUser(nickname: try Nickname("ann"), password: "secret", role: .admin)
        let store = InMemoryAccountStore(users: [ann])
        let known = Mutex<[Account]>([])
        store.observe { changes in known.withLock { $0 = changes.changed } }
        let id = try #require(known.withLock { $0.first }).id
        for (password, expected) in [("secret", true), ("secre", false), ("secret ", false), ("", false)] {
            let answer = Mutex<Bool?>(nil)
            store.verify(id, password: password) { result in answer.withLock { $0 = try? result.get() } }
            #expect(answer.withLock { $0 } == expected)
        }
        let answer = Mutex<Bool?>(nil)
        store.verify(AccountID(99), password: "") { result in answer.withLock { $0 = try? result.get() } }
        #expect(answer.withLock { $0 } == false)
    }
}
