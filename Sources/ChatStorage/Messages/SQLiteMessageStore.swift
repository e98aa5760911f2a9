public import ChatProtocol
public import ChatServerCore
internal import Dispatch
internal import GRDB
internal import Synchronization

/// Stores numbered messages in the data directory's database.
///
/// One thread writes. Batches that arrive during a commit go together into the next transaction, so the cost of a
/// commit does not depend on the message rate. Another thread reads, on connections of its own, and never waits for a
/// commit.
///
/// If a batch can't be written, it fails together with everything in its transaction. The next batch is tried as usual,
/// so after a full disk nothing is needed but space.
public final class SQLiteMessageStore: MessageStore {
    /// The most records that may wait for the writer.
    ///
    /// Beyond that a batch fails. Only a disk that hangs makes the queue this long.
    static let maximumWaiting = 262_144

    /// The most records in one transaction, because those that come after have to wait for it.
    static let maximumTransaction = 4096

    /// The most look-ups that may wait for the reader.
    static let maximumLookups = 65_536

    let session: DatabaseSession
    let writer: CommitWriter
    private let reading = DispatchQueue(label: "chat-tui.history")
    private let lookups = Atomic(0)

    init(
        _ session: DatabaseSession,
        configuration: StorageConfiguration,
        clock: @escaping UnixClock,
        warn: @escaping StorageWarning
    ) {
        self.session = session
        writer = CommitWriter(session, configuration: configuration, clock: clock, warn: warn)
        writer.start()
    }

    /// The highest id ever given to a record, 0 for a new store.
    public var highestMessageID: MessageID {
        MessageID(writer.highest)
    }

    /// Stores a batch, either all of it or nothing.
    ///
    /// The completion is called on the writer's thread and should be quick.
    public func append(_ batch: [HistoryRecord], completion: @escaping @Sendable (Result<Void, StoreError>) -> Void) {
        writer.append(batch, completion: completion)
    }

    /// Looks up records that `viewer` may see and that were committed before this call.
    ///
    /// The completion is called on the reader's thread.
    public func history(
        _ query: HistoryQuery,
        viewer: Identity,
        completion: @escaping @Sendable (Result<HistoryPage, StoreError>) -> Void
    ) {
        let lookup = HistoryLookup(run: session.run, ceiling: writer.highest)
        let isRefused = lookups.wrappingAdd(1, ordering: .relaxed).newValue > Self.maximumLookups
        reading.async { [self] in
            defer { lookups.wrappingSubtract(1, ordering: .relaxed) }
            guard !isRefused else { return completion(.failure(StoreError("too many look-ups are waiting"))) }
            do {
                let page = try session.read { try lookup.page(query, viewer: viewer, in: $0) }
                completion(.success(page))
            } catch {
                completion(.failure(StoreError(storage: error)))
            }
        }
    }

    /// Reads the latest messages that carry a client's tag (nonce), oldest first.
    ///
    /// - Parameter limit: The most to return; there are fewer if many messages have no tag.
    /// - Throws: `StoreError` if they can't be read.
    public func latestTagged(_ limit: Int) throws(StoreError) -> [HistoryRecord] {
        do {
            return try session.read { try LatestTagged(run: session.run, limit: limit).read($0) }
        } catch {
            throw StoreError(storage: error)
        }
    }

    /// Changes how much is kept from now on; what is beyond the new limit is deleted within minutes.
    @Sendable
    public func keep(_ retention: Retention) {
        writer.keep(retention)
    }

    /// Waits until everything handed over is stored, and closes.
    ///
    /// Must not be called from a completion: it would wait for itself.
    public func close() {
        guard writer.close() else { return }
        reading.sync {}
        session.release()
    }
}

/// Returns the time in milliseconds since the Unix epoch.
typealias UnixClock = @Sendable () -> Int64

/// Called with a line for the operator, without a full stop, on any thread.
public typealias StorageWarning = @Sendable (String) -> Void

extension StoreError {
    /// Translates an error of the database, without any value that was to be written.
    init(storage error: any Error) {
        switch error {
        case let error as StoreError: self = error
        case let error as DatabaseError: self.init(error.reason)
        default: self.init("\(error)")
        }
    }
}
