public import ChatProtocol

/// Where numbered messages are stored.
///
/// Calls return at once and come from the room's event loop. Completions may come on any thread, in the order of the
/// calls. Nobody sees a message before its ``append(_:completion:)`` has succeeded.
public protocol MessageStore: Sendable {
    /// The highest id ever given to a record, 0 for a new store.
    ///
    /// Ids of deleted records count, too: a number is never used again.
    var highestMessageID: MessageID { get }

    /// Stores a batch: all of it or nothing.
    ///
    /// - Parameters:
    ///   - batch: Records with rising ids, all higher than any before.
    ///   - completion: Called once the batch is stored, or with why it is not.
    func append(_ batch: [HistoryRecord], completion: @escaping @Sendable (Result<Void, StoreError>) -> Void)

    /// Looks up records that `viewer` may see.
    ///
    /// Without `since` and `before` the latest `limit` records; with `since`
    /// the first ones after it; with `before` the last ones before it.
    ///
    /// - Parameters:
    ///   - query: The part asked for; its limit is set and within bounds.
    ///   - viewer: The user who asks.
    ///   - completion: Called with the page.
    func history(
        _ query: HistoryQuery,
        viewer: Identity,
        completion: @escaping @Sendable (Result<HistoryPage, StoreError>) -> Void
    )

    /// The latest messages that carry a client's tag, oldest first.
    ///
    /// For the start only, when a room learns which messages it may get again: this call waits for the disk.
    ///
    /// - Parameter limit: The most messages to return.
    /// - Throws: `StoreError` if they can't be read.
    func latestTagged(_ limit: Int) throws(StoreError) -> [HistoryRecord]

    /// Waits until everything handed over is stored, then closes.
    func close()
}
