internal import ChatProtocol
internal import ChatServer
internal import ChatServerCore
internal import ChatTestSupport
internal import Testing

@testable internal import ChatStorage

@Suite("The stores of bans", .timeLimit(.minutes(10)))
struct BanStoreTests {
    let scratch: ScratchFolder
    let clock = ManualClock()

    init() throws {
        scratch = try ScratchFolder()
    }

    private func open() throws -> ServerStorage {
        try ServerStorage(scratch.data, configuration: .quick, clock: { [clock] in clock.now })
    }

    private static func ban(_ nickname: String, expires: Int64? = nil, reason: String = "") throws -> Ban {
        Ban(
            nickname: try Nickname(nickname),
            account: AccountID(7),
            address: .version6(network: 0x2001_0DB8_0000_0001),
            created: 1,
            expires: expires,
            admin: "root",
            reason: reason
        )
    }

    private func change(_ store: any BanStore, _ change: BanChange) async throws {
        try await withCheckedContinuation { continuation in
            store.change(change) { continuation.resume(returning: $0) }
        }.get()
    }

    @Test("keep one ban for each nickname, the newest last, and drop what is lifted")
    func changes() async throws {
        let storage = try open()
        for store in [storage.bans, InMemoryBanStore()] as [any BanStore] {
            #expect(try store.load() == [])
            let (bob, eve, again) = try (Self.ban("bob"), Self.ban("eve"), Self.ban("BÖB", reason: "a,\n;"))
            try await change(store, BanChange(added: bob))
            try await change(store, BanChange(added: eve))
            try await change(store, BanChange(removed: [bob.nickname.key], added: again))
            #expect(try store.load() == [eve, again])
            let shouted = try Self.ban("Eve", expires: 5_000_000_000_000)
            try await change(store, BanChange(added: shouted))
            #expect(try store.load() == [again, shouted])
            // Canonically the same letters.
            try await change(store, BanChange(removed: [NicknameKey("bo\u{308}b")]))
            #expect(try store.load() == [shouted])
        }
        storage.close()
    }

    @Test("outlive a restart, but for those that ran out meanwhile")
    func restart() async throws {
        let first = try open()
        let now = clock.now
        let (short, long, forever) = try (
            Self.ban("short", expires: now + 1000), Self.ban("long", expires: now + 1001), Self.ban("forever")
        )
        for ban in [short, long, forever] { first.bans.change(BanChange(added: ban)) { _ in } }
        first.close()
        clock.now = now + 1000
        let second = try open()
        #expect(try second.bans.load() == [long, forever])
        second.close()
    }

    @Test("outlive a clock that was far ahead at a start")
    func clockJump() async throws {
        let first = try open()
        try await first.messages.append([.said(1)]).get()
        let ban = try Self.ban("bob", expires: clock.now + 5000)
        try await change(first.bans, BanChange(added: ban))
        first.close()
        let now = clock.now
        clock.now = 3_000_000_000_000
        let ahead = try open()
        // By this clock it is over.
        #expect(try ahead.bans.load() == [])
        ahead.close()
        clock.now = now
        let right = try open()
        #expect(try right.bans.load() == [ban])
        right.close()
    }

    @Test("say why not, once they are closed")
    func closed() async throws {
        let storage = try open()
        let ban = try Self.ban("bob")
        storage.close()
        await #expect(throws: StoreError.self) { try await change(storage.bans, BanChange(added: ban)) }
    }
}
