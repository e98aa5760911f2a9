internal import ChatProtocol
public import ChatServerCore
internal import Dispatch
internal import GRDB
internal import Synchronization

/// Stores bans in the data directory's database.
public final class SQLiteBanStore: BanStore {
    private let session: DatabaseSession
    private let clock: UnixClock
    private let queue = DispatchQueue(label: "chat-tui.bans")
    private let isClosed = Mutex(false)

    init(_ session: DatabaseSession, clock: @escaping UnixClock) {
        self.session = session
        self.clock = clock
    }

    /// Loads all bans that have not expired, oldest first.
    ///
    /// Expired ones are deleted, unless the clock seems to be wrong.
    public func load() throws(StoreError) -> [Ban] {
        let now = clock()
        do {
            return try session.pool.write { database in
                let rows = BanRows(database: database)
                if try !ClockJump.isSuspected(at: now, in: database) { try rows.deleteExpired(at: now) }
                return try rows.bans.filter { ban in ban.expires.map { $0 > now } ?? true }
            }
        } catch {
            throw StoreError(storage: error)
        }
    }

    /// Stores a change, either all of it or nothing.
    public func change(_ change: BanChange, completion: @escaping @Sendable (Result<Void, StoreError>) -> Void) {
        queue.async { [session] in
            do {
                try session.writeDurably { database in
                    let rows = BanRows(database: database)
                    for key in change.removed { try rows.delete(key) }
                    if let added = change.added { try rows.insert(added) }
                }
                completion(.success(()))
            } catch {
                completion(.failure(StoreError(storage: error)))
            }
        }
    }

    /// Waits until all changes are stored, and closes.
    ///
    /// Must not be called from a completion: it would wait for itself.
    public func close() {
        let isFirst = isClosed.withLock { isClosed in
            defer { isClosed = true }
            return !isClosed
        }
        guard isFirst else { return }
        queue.sync {}
        session.release()
    }
}
