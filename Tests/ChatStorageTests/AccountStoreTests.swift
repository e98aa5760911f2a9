internal import ChatProtocol
internal import ChatServerCore
internal import ChatTestSupport
internal import Foundation
internal import GRDB
internal import Synchronization
internal import Testing

@testable internal import ChatStorage

@Suite("The account store", .timeLimit(.minutes(10)))
struct AccountStoreTests {
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

    @Test(
        "opens to the right password only",
        arguments: [
            (1, "secret", true), (1, "Secret", false), (1, "", false), (2, "secret", false), (0, "", false),
        ] as [(Int64, String, Bool)]
    )
    func verify(account: Int64, password: String, isCorrect: Bool) async {
        #expect(await store.verify(AccountID(account), password) == isCorrect)
    }

    @Test(
        "registers nicknames that nobody has",
        arguments: [
            ("bob", true), ("Ann", false), ("ann", false), ("ANN", false), ("\u{FF21}nn", false), ("Anna", true),
            ("A\u{301}nn", true),
        ]
    )
    func register(nickname: String, isFree: Bool) async throws {
        let nickname = try Nickname(nickname)
        let result = await store.register(nickname, password: "pw")
        guard isFree else {
            #expect(throws: StoreError("the nickname is registered")) { try result.get() }
            return
        }
        let account = try result.get()
        #expect(account.nickname == nickname)
        #expect(account.role == .member)
        #expect(await store.verify(account.id, "pw"))
        let again = await store.register(nickname, password: "other")
        #expect(throws: StoreError.self) { try again.get() }
    }

    @Test("two spellings of the same letters are one nickname")
    func equivalence() async throws {
        _ = try await store.register(try Nickname("Jos\u{E9}"), password: "pw").get()
        let again = await store.register(try Nickname("Jose\u{301}"), password: "pw")
        #expect(throws: StoreError.self) { try again.get() }
    }

    @Test("changes nickname, password or both")
    func change() async throws {
        let bob = try await store.register(try Nickname("bob"), password: "old").get()
        #expect(try await store.change(bob, nickname: "rob", password: nil).get().nickname.text == "rob")
        #expect(await store.verify(bob.id, "old"))
        let rob = try await store.change(bob, nickname: nil, password: "new").get()
        #expect(rob.nickname.text == "rob")
        #expect(await store.verify(bob.id, "new"))
        let taken = await store.change(rob, nickname: "ANN", password: "newer")
        #expect(throws: StoreError("the nickname is registered")) { try taken.get() }
        // All or nothing.
        #expect(await store.verify(bob.id, "new"))
        #expect(try await store.change(rob, nickname: "ROB", password: nil).get().nickname.text == "ROB")
        let stranger = Account(id: AccountID(99), nickname: rob.nickname, role: .member)
        let gone = await store.change(stranger, nickname: "zoe", password: nil)
        #expect(throws: StoreError("no such account")) { try gone.get() }
    }

    @Test("a new password makes void who logged in with the one before, a hash that costs more does not")
    func credentials() async throws {
        let before = try annAccount
        let book = try AccountBook(scratch.data, creates: false, cost: .quick)
        let news = Mutex<[Account]>([])
        store.observe { changes in news.withLock { $0 = changes.changed } }
        try book.setPassword(of: "ann", to: "safe")
        // Whoever is in with the old one can't have the account, however fast.
        for password in ["thief's", nil] {
            let change = await store.change(before, nickname: "Anna", password: password)
            #expect(throws: StoreError("the password was changed meanwhile")) { try change.get() }
        }
        #expect(news.withLock { $0.map(\.credentialRevision) } == [1])
        try book.setPassword(of: "ann", to: "safer")
        // Who logs in counts as who they are now.
        #expect(await store.verify(ann, "safer"))
        #expect(news.withLock { $0.map(\.credentialRevision) } == [2])
        var account = before
        account.credentialRevision = 2
        #expect(try await store.change(account, nickname: nil, password: "own").get().credentialRevision == 3)
        try book.setRole(of: "ann", to: .member)
        #expect(try book.entries().map(\.account.credentialRevision) == [3])
    }

    @Test("a password that is changed while it is compared is no longer right")
    func changedWhileCompared() throws {
        storage.close()
        let session = try DatabaseSession(scratch.data, flush: .second, users: 1)
        let pool = PasswordPool(workers: 1, waiting: 8)
        let store = try SQLiteAccountStore(session, cost: .quick, pool: pool, clock: { 0 })
        // Answers wait for the news of something else.
        let isHeld = Mutex(false)
        let (entered, gate, compared) = (
            DispatchSemaphore(value: 0), DispatchSemaphore(value: 0), DispatchSemaphore(value: 0)
        )
        store.observe { _ in
            guard isHeld.withLock({ $0 }) else { return }
            entered.signal()
            gate.wait()
        }
        isHeld.withLock { $0 = true }
        store.change(try annAccount, nickname: try Nickname("Anna"), password: nil) { _ in }
        entered.wait()
        isHeld.withLock { $0 = false }
        let answer = Mutex<Result<Bool, StoreError>?>(nil)
        store.verify(ann, password: "secret") { result in answer.withLock { $0 = result } }
        #expect(pool.submit { compared.signal() })
        compared.wait()
        try AccountBook(session, cost: .quick).setPassword(of: "Anna", to: "safe")
        gate.signal()
        store.close()
        #expect(answer.withLock { $0 } == .success(false))
    }

    @Test("a hash that costs too little by now is raised at the next login, and only then")
    func upgrade() async throws {
        storage.close()
        var configuration = StorageConfiguration.quick
        configuration.passwordCost.logarithmOfRounds += 1
        let raised = try ServerStorage(scratch.data, configuration: configuration)
        let before = try kept()
        #expect(before.hasPrefix("$scrypt$ln=4,"))
        #expect(await raised.accounts.verify(ann, "wrong") == false)
        #expect(try kept() == before)
        #expect(await raised.accounts.verify(ann, "secret"))
        raised.close()
        #expect(try kept().hasPrefix("$scrypt$ln=5,"))
        // A lower standard lowers nothing.
        let lowered = try ServerStorage(scratch.data, configuration: .quick)
        #expect(await lowered.accounts.verify(ann, "secret"))
        lowered.close()
        #expect(try kept().hasPrefix("$scrypt$ln=5,"))
    }

    /// The kept form of Ann's password.
    private func kept() throws -> String {
        let queue = try DatabaseQueue(path: scratch.data.databasePath)
        return try queue.read { try String.fetchOne($0, sql: "SELECT password FROM account WHERE id = 1") ?? "" }
    }

    @Test("refuses when too many passwords wait, and goes on after")
    func flood() async throws {
        storage.close()
        let session = try DatabaseSession(scratch.data, flush: .second, users: 1)
        let pool = PasswordPool(workers: 1, waiting: 0)
        let store = try SQLiteAccountStore(session, cost: .quick, pool: pool, clock: { 0 })
        let gate = DispatchSemaphore(value: 0)
        #expect(pool.submit { gate.wait() })
        #expect(await store.verify(ann, "secret") == false)
        let register = await store.register(try Nickname("bob"), password: "pw")
        #expect(throws: StoreError("too many passwords are being checked")) { try register.get() }
        gate.signal()
        pool.drain()
        #expect(await store.verify(ann, "secret"))
        store.close()
    }

    @Test("passwords that wait for their hash when the store closes fail, and are answered")
    func closing() async throws {
        storage.close()
        let session = try DatabaseSession(scratch.data, flush: .second, users: 1)
        let pool = PasswordPool(workers: 1, waiting: 8)
        let store = try SQLiteAccountStore(session, cost: .quick, pool: pool, clock: { 0 })
        let gate = DispatchSemaphore(value: 0)
        let verified = Mutex<[Result<Bool, StoreError>]>([])
        let changed = Mutex<[Result<Account, StoreError>]>([])
        // It is at work when the store is closed, and ends once the test knows that.
        #expect(pool.submit { gate.wait() })
        for _ in 0..<4 {
            store.verify(ann, password: "secret") { result in verified.withLock { $0.append(result) } }
            store.register(try Nickname("bob"), password: "pw") { result in changed.withLock { $0.append(result) } }
        }
        let closed = Task.detached { store.close() }
        // Refused at once from then on.
        let account = try annAccount
        let isClosed = StoreError("the store is closed")
        while await store.change(account, nickname: "Anna", password: nil) != .failure(isClosed) {
            await Task.yield()
        }
        gate.signal()
        await closed.value
        #expect(verified.withLock { $0 } == Array(repeating: .failure(StoreError("the store is closed")), count: 4))
        #expect(changed.withLock { $0 } == Array(repeating: .failure(StoreError("the store is closed")), count: 4))
    }

    @Test("computes nothing for who is gone, or has waited so long that they have given up")
    func givenUp() async throws {
        storage.close()
        let session = try DatabaseSession(scratch.data, flush: .second, users: 2)
        for (patience, isWanted, reason) in [
            (PasswordPool.patience, false, "who asked is gone"),
            (.zero, true, "it waited too long behind others"),
        ] {
            let store = try SQLiteAccountStore(session, cost: .quick, patience: patience, clock: { 0 })
            let answer = await withCheckedContinuation { continuation in
                store.verify(ann, password: "secret", isWanted: { isWanted }) { continuation.resume(returning: $0) }
            }
            #expect(answer == .failure(StoreError(reason)))
            store.close()
        }
    }

    @Test("has places left for logins where many set passwords")
    func reserve() async throws {
        storage.close()
        let session = try DatabaseSession(scratch.data, flush: .second, users: 1)
        let pool = PasswordPool(workers: 1, waiting: 2)
        let store = try SQLiteAccountStore(session, cost: .quick, pool: pool, clock: { 0 })
        let gate = DispatchSemaphore(value: 0)
        for _ in 0..<2 { #expect(pool.submit(for: .newPassword) { gate.wait() }) }
        // Refusals come before the call returns; what is accepted waits at the gate.
        let answers = Mutex<[String]>([])
        store.register(try Nickname("bob"), password: "pw") { _ in answers.withLock { $0.append("register") } }
        store.change(try annAccount, nickname: nil, password: "pw") { _ in answers.withLock { $0.append("change") } }
        store.verify(ann, password: "secret") { _ in answers.withLock { $0.append("verify") } }
        #expect(answers.withLock { $0 } == ["register", "change"])
        for _ in 0..<2 { gate.signal() }
        store.close()
        #expect(answers.withLock { $0 }.count == 3)
    }

    @Test("an account that today's rules forbid is nobody's, and can be removed")
    func forbidden() throws {
        let book = try AccountBook(scratch.data, creates: false)
        try storage.messages.session.pool.write { database in
            try database.execute(
                sql:
                    "INSERT INTO account (nickname, folded, role, password, created) VALUES ('1x', '1x', 'admin', '', 0)"
            )
        }
        #expect(try book.entries().map(\.account.nickname.text) == ["Ann"])
        try book.remove("1x")
        #expect(throws: StoreError("no such account")) { try book.remove("1x") }
    }

    @Test("imports the original's list: all admins, the later of two counts, who is there stays")
    func importing() async throws {
        let text = "ann,other,x\nroot,first\nbob,pw,whatever,else\nROOT,second\n"
        let outcome = try AccountBook(scratch.data, creates: false, cost: .quick)
            .add(try RegisteredUsersFile.users(in: text))
        #expect(outcome.existing.map(\.nickname.text) == ["Ann"])
        #expect(outcome.added.map(\.nickname.text) == ["bob", "ROOT"])
        #expect(outcome.added.map(\.role) == [.admin, .admin])
        #expect(await store.verify(ann, "secret"))
        #expect(await store.verify(outcome.added[1].id, "second"))
    }

    @Test("leaves out of a list who looks like somebody registered or would be misread, and takes the rest")
    func importingLookalikes() throws {
        // In Cyrillic: А, о and В.
        let text = "\u{410}nn,pw\nbob,pw\nb\u{43E}b,pw\n\u{412}ob,pw\nzoe,pw\nx//y,pw\nxy/,pw\nx/y,pw\n"
        let users = try RegisteredUsersFile.users(in: text)
        let outcome = try AccountBook(scratch.data, creates: false, cost: .quick).add(users)
        #expect(outcome.added.map(\.nickname.text) == ["bob", "zoe", "x/y"])
        #expect(
            try outcome.obstacles == [
                .resembles(users[0].nickname, registered: annAccount.nickname),
                .resembles(users[2].nickname, registered: users[1].nickname),
                .resembles(users[3].nickname, registered: users[1].nickname),
                .isMisread(users[5].nickname), .isMisread(users[6].nickname),
            ]
        )
        #expect(outcome.obstacles.first?.description == "\u{410}nn looks like Ann, who is registered")
        let misread = "xy/ ends with a slash or has two in a row, which older clients can't read"
        #expect(outcome.obstacles.last?.description == misread)
        #expect(outcome.existing.isEmpty)
    }
}
