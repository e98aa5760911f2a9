internal import ChatProtocol
internal import ChatServer
internal import ChatServerCore
internal import Synchronization

/// A store that answers when a test lets it, on the test's own thread.
final class HeldStore: MessageStore {
    private let kept = InMemoryMessageStore()
    private let held = Mutex<[@Sendable () -> Void]>([])

    var highestMessageID: MessageID { kept.highestMessageID }

    /// Stores every batch that waits, and those that come because of it.
    func release() {
        while let batch = held.withLock({ $0.isEmpty ? nil : $0.removeFirst() }) { batch() }
    }

    func append(_ batch: [HistoryRecord], completion: @escaping @Sendable (Result<Void, StoreError>) -> Void) {
        held.withLock { $0.append { [kept] in kept.append(batch, completion: completion) } }
    }

    func history(
        _ query: HistoryQuery,
        viewer: Identity,
        completion: @escaping @Sendable (Result<HistoryPage, StoreError>) -> Void
    ) {
        kept.history(query, viewer: viewer, completion: completion)
    }

    func latestTagged(_ limit: Int) -> [HistoryRecord] { kept.latestTagged(limit) }

    func close() {}
}
