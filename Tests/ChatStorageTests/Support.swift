internal import ChatProtocol
internal import ChatServerCore
internal import ChatTestSupport
internal import Synchronization

@testable internal import ChatStorage

extension ScratchFolder {
    /// A data directory in it, not made yet.
    var data: DataDirectory { DataDirectory("\(path)/data") }
}

extension HistoryRecord {
    /// Something said to everyone.
    static func said(_ id: Int64, _ text: String = "hello", by sender: String = "ann", nonce: Nonce? = nil) -> Self {
        chat(id, text, by: sender, to: .everyone, visibility: .everyone, nonce: nonce)
    }

    /// Something said in private.
    static func whispered(_ id: Int64, _ text: String = "psst", from: Identity, to: Identity) -> Self {
        chat(id, text, by: "ann", to: .user("bob"), visibility: .between(from, to), nonce: nil)
    }

    /// Somebody came.
    static func joined(_ id: Int64, _ sender: String = "ann") -> Self {
        info(id, sender, .join(color: "#00FF00", isAdmin: false))
    }

    static func info(_ id: Int64, _ sender: String, _ event: Info.Event?) -> Self {
        HistoryRecord(
            id: MessageID(id),
            moment: moment(id),
            visibility: .everyone,
            content: .info(Info(id: MessageID(id), sender: sender, event: event, text: "\(sender) …"))
        )
    }

    private static func chat(
        _ id: Int64,
        _ text: String,
        by sender: String,
        to recipient: Recipient,
        visibility: Visibility,
        nonce: Nonce?
    ) -> Self {
        let message = ChatMessage(
            id: MessageID(id),
            sender: sender,
            recipient: recipient,
            color: "#FF00FF",
            text: text
        )
        return HistoryRecord(
            id: MessageID(id),
            moment: moment(id),
            visibility: visibility,
            nonce: nonce,
            content: .chat(message)
        )
    }

    /// One second for each id, from 1970 on.
    private static func moment(_ id: Int64) -> Timestamp {
        Timestamp(unixMilliseconds: id * 1000, utcOffsetSeconds: 3600)
    }
}

extension Identity {
    static func account(_ number: Int64) -> Identity { .account(AccountID(number)) }
    static func guest(_ number: UInt64) -> Identity { .guest(ConnectionID(number)) }
}

extension SQLiteMessageStore {
    /// Hands over two batches before either is answered.
    func append(both one: [HistoryRecord], _ other: [HistoryRecord]) async -> [Result<Void, StoreError>] {
        await withCheckedContinuation { continuation in
            let first = Mutex<Result<Void, StoreError>?>(nil)
            // They are answered in their order.
            append(one) { result in first.withLock { $0 = result } }
            append(other) { result in
                continuation.resume(returning: first.withLock { $0.map { [$0] } ?? [] } + [result])
            }
        }
    }

    /// Appends and waits for the answer.
    func append(_ batch: [HistoryRecord]) async -> Result<Void, StoreError> {
        await withCheckedContinuation { continuation in
            append(batch) { continuation.resume(returning: $0) }
        }
    }

    /// Looks up and waits for the answer.
    func history(_ query: HistoryQuery = HistoryQuery(), viewer: Identity = .account(1)) async throws -> HistoryPage {
        try await withCheckedContinuation { continuation in
            history(query, viewer: viewer) { continuation.resume(returning: $0) }
        }
        .get()
    }

    /// The ids of a page.
    func ids(_ query: HistoryQuery = HistoryQuery(), viewer: Identity = .account(1)) async throws -> [Int64] {
        try await history(query, viewer: viewer).records.map(\.id.number)
    }
}

extension HistoryQuery {
    /// A query by plain numbers.
    static func query(since: Int64? = nil, before: Int64? = nil, limit: Int = 100) -> HistoryQuery {
        HistoryQuery(since: since.map(MessageID.init), before: before.map(MessageID.init), limit: limit)
    }
}

extension StorageConfiguration {
    /// With passwords that cost nothing, and records of any age.
    static var quick: StorageConfiguration {
        StorageConfiguration(
            retention: Retention(messages: .init(count: 1_000_000), infos: .init(count: 1_000_000)),
            passwordCost: .quick
        )
    }
}

extension PasswordCost {
    /// A thousandth of the standard.
    static let quick = PasswordCost(logarithmOfRounds: 4, blockSize: 8, parallelism: 1)
}

/// A clock that a test sets.
final class ManualClock: Sendable {
    private let time = Atomic<Int64>(0)

    var now: Int64 {
        get { time.load(ordering: .relaxed) }
        set { time.store(newValue, ordering: .relaxed) }
    }
}
