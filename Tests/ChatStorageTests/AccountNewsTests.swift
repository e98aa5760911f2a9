internal import ChatProtocol
internal import ChatServerCore
internal import ChatTestSupport
internal import GRDB
internal import Synchronization
internal import Testing

@testable internal import ChatStorage

@Suite("What the account store tells of changes", .timeLimit(.minutes(10)))
struct AccountNewsTests {
    let scratch: ScratchFolder
    let storage: ServerStorage
    var store: SQLiteAccountStore { storage.accounts }

    init() throws {
        scratch = try ScratchFolder()
        storage = try ServerStorage(
            scratch.data,
            configuration: .quick,
            users: [RegisteredUser(nickname: try Nickname("Ann"), password: "secret", role: .admin)]
        )
    }

    private let ann = AccountID(1)
    private var annAccount: Account {
        get throws { Account(id: ann, nickname: try Nickname("Ann"), role: .admin) }
    }

    @Test("tells its observers before the one who asked, and is there after a restart")
    func observe() async throws {
        let news = Mutex<[[String]]>([])
        store.observe { changes in news.withLock { $0.append(changes.changed.map(\.nickname.text)) } }
        #expect(news.withLock { $0 } == [["Ann"]])
        let bob = try await store.register(try Nickname("bob"), password: "pw").get()
        #expect(news.withLock { $0 } == [["Ann"], ["bob"]])
        _ = try await store.change(bob, nickname: "rob", password: nil).get()
        #expect(news.withLock { $0.last } == ["rob"])
        // A password is: it ends sessions.
        _ = try await store.change(bob, nickname: nil, password: "other").get()
        #expect(news.withLock { $0.count } == 4)
        storage.close()
        let again = try ServerStorage(scratch.data, configuration: .quick)
        again.accounts.observe { changes in news.withLock { $0.append(changes.changed.map(\.nickname.text)) } }
        #expect(news.withLock { $0.last } == ["Ann", "rob"])
        #expect(await again.accounts.verify(bob.id, "other"))
        again.close()
    }

    @Test("notices what another program changes")
    func outside() async throws {
        let (news, continuation) = AsyncStream.makeStream(of: AccountChanges.self)
        store.observe { continuation.yield($0) }
        var iterator = news.makeAsyncIterator()
        #expect(await iterator.next()?.changed.map(\.role) == [.admin])
        let book = try AccountBook(scratch.data, creates: false, cost: .quick)
        try book.setRole(of: "ann", to: .member)
        #expect(await iterator.next()?.changed.map(\.role) == [.member])
        let bob = try book.add(try Nickname("bob"), password: "pw", role: .admin)
        #expect(await iterator.next()?.changed.map(\.nickname.text) == ["bob"])
        #expect(await store.verify(bob.id, "pw"))
        try book.setPassword(of: "BOB", to: "other")
        #expect(await store.verify(bob.id, "other"))
        #expect(await iterator.next()?.changed.map(\.credentialRevision) == [1])
        try book.remove("ann")
        #expect(await iterator.next() == AccountChanges(changed: [], removed: [ann]))
        #expect(await store.verify(ann, "secret") == false)
    }

    @Test("tells of one change among many accounts that one alone")
    func manyAccounts() async throws {
        try await storage.messages.session.pool.write { database in
            for number in 1...5000 {
                try database.execute(
                    sql: """
                        INSERT INTO account (nickname, folded, role, password, created)
                        VALUES (?, ?, 'admin', '', 0)
                        """,
                    arguments: ["user\(number)", "user\(number)"]
                )
            }
        }
        let news = Mutex<[AccountChanges]>([])
        store.observe { changes in news.withLock { $0.append(changes) } }
        // What was not told yet comes along with the first; after it there is nothing but the change.
        var account = try await store.change(try annAccount, nickname: "Anna", password: nil).get()
        #expect(news.withLock { $0.reduce(0) { $0 + $1.changed.count } } == 5001 + 1)
        news.withLock { $0 = [] }
        for name in ["Anne", "Anja"] {
            account = try await store.change(account, nickname: name, password: nil).get()
            #expect(news.withLock { $0.last } == AccountChanges(changed: [account], asked: ann))
        }
        // Nor does the watch, later, find anything.
        let book = try AccountBook(scratch.data, creates: false, cost: .quick)
        try book.setRole(of: "user5000", to: .member)
        let (later, continuation) = AsyncStream.makeStream(of: AccountChanges.self)
        store.observe { continuation.yield($0) }
        var iterator = later.makeAsyncIterator()
        #expect(await iterator.next()?.changed.count == 5001)
        #expect(await iterator.next()?.changed.map(\.nickname.text) == ["user5000"])
        #expect(news.withLock { $0.count } == 3)
    }

    @Test("looks at the accounts only when a commit of somebody else's was about them")
    func watch() async throws {
        let watch = try AccountWatch(scratch.data)
        /// Whether it saw a change.
        func hasChanged() throws -> Bool {
            var isCalled = false
            try watch.look { isCalled = true }
            return isCalled
        }
        #expect(try hasChanged() == false)
        try await storage.messages.append([.said(1)]).get()
        #expect(try hasChanged() == false)
        _ = try await store.register(try Nickname("bob"), password: "pw").get()
        #expect(try hasChanged())
        #expect(try hasChanged() == false)
        watch.stop()
        #expect(try hasChanged() == false)
    }

    @Test("a change at which the accounts could not be read is seen at the next look")
    func failedLook() async throws {
        let watch = try AccountWatch(scratch.data)
        _ = try await store.register(try Nickname("bob"), password: "pw").get()
        for _ in 0..<2 {
            #expect(throws: StoreError.isClosed) { try watch.look { throw StoreError.isClosed } }
        }
        var isCalled = false
        try watch.look { isCalled = true }
        #expect(isCalled)
        watch.stop()
    }
}
