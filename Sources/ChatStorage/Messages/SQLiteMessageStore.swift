public import ChatProtocol
public import ChatServerCore
internal import Dispatch
internal import GRDB
internal import Synchronization

/// Keeps numbered messages in the data directory's database.
///
/// One thread writes: batches that come in while it commits go into the next
/// transaction together, so that a commit's cost does not depend on the rate.
/// Another reads, on connections of its own, and never waits for a commit.
///
/// A batch that can't be written fails, and so does everything that shares its
/// transaction; the next one is tried afresh, so that a disk that was full
/// needs nothing but space.
public final class SQLiteMessageStore: MessageStore {
    /// The most records that may wait for the writer.
    ///
    /// Beyond, a batch fails. Only a stuck disk gets this far.
    static let maximumWaiting = 262_144

    /// The most records of one transaction: it delays those that come after.
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

    /// Keeps a batch: all of it or nothing.
    ///
    /// The completion comes on the writer's thread, and should not take long.
    public func append(_ batch: [HistoryRecord], completion: @escaping @Sendable (Result<Void, StoreError>) -> Void) {
        writer.append(batch, completion: completion)
    }

    /// Looks up records that `viewer` may see and that were committed before.
    ///
    /// The completion comes on the reader's thread.
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

    /// The latest messages that carry a client's tag, oldest first.
    ///
    /// - Parameter limit: The most of them; fewer where many are without one.
    /// - Throws: `StoreError` where they can't be read.
    public func latestTagged(_ limit: Int) throws(StoreError) -> [HistoryRecord] {
        do {
            return try session.read { try LatestTagged(run: session.run, limit: limit).read($0) }
        } catch {
            throw StoreError(storage: error)
        }
    }

    /// Keeps more or less from here on; what is beyond goes within minutes.
    @Sendable
    public func keep(_ retention: Retention) {
        writer.keep(retention)
    }

    /// Waits until everything handed over is safe, and closes.
    ///
    /// Not from a completion: it would wait for itself.
    public func close() {
        guard writer.close() else { return }
        reading.sync {}
        session.release()
    }
}

/// Milliseconds since the Unix epoch.
typealias UnixClock = @Sendable () -> Int64

/// Takes a line for the operator, without a full stop, on any thread.
public typealias StorageWarning = @Sendable (String) -> Void

extension StoreError {
    /// What an error of the database means; names no value that was written.
    init(storage error: any Error) {
        switch error {
        case let error as StoreError: self = error
        case let error as DatabaseError: self.init(error.reason)
        default: self.init("\(error)")
        }
    }
}
