internal import ChatProtocol
public import ChatServerCore
internal import Synchronization

/// Keeps bans for as long as the process lives.
public final class InMemoryBanStore: BanStore {
    private let bans = Mutex<[Ban]>([])

    /// Creates a store without bans.
    public init() {}

    /// All bans, oldest first.
    public func load() -> [Ban] {
        bans.withLock { $0 }
    }

    /// Stores a change; the completion is called before this call returns.
    public func change(_ change: BanChange, completion: @escaping @Sendable (Result<Void, StoreError>) -> Void) {
        bans.withLock { bans in
            var gone = Set(change.removed)
            if let added = change.added { gone.insert(added.nickname.key) }
            bans.removeAll { gone.contains($0.nickname.key) }
            if let added = change.added { bans.append(added) }
        }
        completion(.success(()))
    }

    /// Nothing waits, so there is nothing to do.
    public func close() {}
}
