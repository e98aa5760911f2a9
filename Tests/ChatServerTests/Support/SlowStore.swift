internal import ChatProtocol
internal import ChatServer
internal import ChatServerCore
internal import Dispatch
internal import Synchronization

/// A store that answers from a thread of its own, and only when it is let.
final class SlowStore: MessageStore {
    private let kept = InMemoryMessageStore()
    private let queue = DispatchQueue(label: "slow store")
    private let gate = DispatchSemaphore(value: 0)
    private let mode = Mutex(Mode())

    private struct Mode {
        var isOpen = true
        var failure: StoreError?
        var closesOnlyWhenOpen = false
    }

    var highestMessageID: MessageID { kept.highestMessageID }

    /// Keeps batches waiting until ``open()``.
    func shut() {
        mode.withLock { $0.isOpen = false }
    }

    /// Stores one batch that waits.
    func open() {
        mode.withLock { $0.isOpen = true }
        gate.signal()
    }

    /// Makes every batch from now on fail, or none.
    func fail(_ error: StoreError?) {
        mode.withLock { $0.failure = error }
    }

    func append(_ batch: [HistoryRecord], completion: @escaping @Sendable (Result<Void, StoreError>) -> Void) {
        queue.async { [self] in
            if !mode.withLock({ $0.isOpen }) { gate.wait() }
            if let failure = mode.withLock({ $0.failure }) { return completion(.failure(failure)) }
            kept.append(batch, completion: completion)
        }
    }

    func history(
        _ query: HistoryQuery,
        viewer: Identity,
        completion: @escaping @Sendable (Result<HistoryPage, StoreError>) -> Void
    ) {
        queue.async { [self] in kept.history(query, viewer: viewer, completion: completion) }
    }

    func latestTagged(_ limit: Int) -> [HistoryRecord] { kept.latestTagged(limit) }

    /// Makes closing wait, too, until ``open()``.
    func holdClosing() {
        mode.withLock { $0.closesOnlyWhenOpen = true }
    }

    func close() {
        if !mode.withLock({ $0.closesOnlyWhenOpen }) { open() }
        queue.sync {}
    }
}
