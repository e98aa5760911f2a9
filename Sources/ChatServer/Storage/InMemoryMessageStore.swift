public import ChatProtocol
public import ChatServerCore
internal import DequeModule
internal import Synchronization

/// Keeps the latest messages for as long as the process lives.
public final class InMemoryMessageStore: MessageStore {
    /// The most records that are kept by default.
    public static let defaultCapacity = 10_000
    /// The most bytes of text that are kept by default.
    public static let defaultTextBytes = 16_777_216

    private struct State {
        var records: Deque<HistoryRecord> = []
        var textBytes = 0
        var highest = MessageID(0)
    }

    private let capacity: Int
    private let textBytes: Int
    private let state = Mutex(State())

    /// Creates an empty store.
    ///
    /// - Parameters:
    ///   - capacity: The most records to keep; the oldest are dropped first.
    ///   - textBytes: The most bytes of text to keep in all.
    public init(
        capacity: Int = InMemoryMessageStore.defaultCapacity,
        textBytes: Int = InMemoryMessageStore.defaultTextBytes
    ) {
        self.capacity = max(1, capacity)
        self.textBytes = textBytes
    }

    /// The highest id ever given to a record, 0 for a new store.
    public var highestMessageID: MessageID {
        state.withLock { $0.highest }
    }

    /// Stores a batch; the completion is called before this call returns.
    public func append(_ batch: [HistoryRecord], completion: @escaping @Sendable (Result<Void, StoreError>) -> Void) {
        state.withLock { state in
            for record in batch {
                state.records.append(record)
                state.textBytes += record.textBytes
                state.highest = record.id
            }
            while state.records.count > capacity || state.textBytes > textBytes, let first = state.records.popFirst() {
                state.textBytes -= first.textBytes
            }
        }
        completion(.success(()))
    }

    /// Looks up records; the completion is called before this call returns.
    public func history(
        _ query: HistoryQuery,
        viewer: Identity,
        completion: @escaping @Sendable (Result<HistoryPage, StoreError>) -> Void
    ) {
        completion(.success(state.withLock { HistoryPage(of: $0.records, query) { $0.isVisible(to: viewer) } }))
    }

    /// The latest messages that carry a client's tag, oldest first.
    public func latestTagged(_ limit: Int) -> [HistoryRecord] {
        state.withLock { Array($0.records.filter { $0.nonce != nil }.suffix(max(0, limit))) }
    }

    /// Nothing waits, so there is nothing to do.
    public func close() {}
}
