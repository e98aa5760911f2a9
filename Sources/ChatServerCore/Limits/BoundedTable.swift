internal import OrderedCollections

/// A table that can't grow without end: what came first makes room for what is new.
///
/// For everything keyed by something from outside.
public struct BoundedTable<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    private var entries: OrderedDictionary<Key, Value> = [:]
    private let capacity: Int

    /// Creates an empty table.
    ///
    /// - Parameter capacity: The most entries, at least 1.
    public init(capacity: Int) {
        self.capacity = max(1, capacity)
    }

    /// How many entries there are.
    public var count: Int { entries.count }

    /// The value of a key; reading does not touch it.
    public func value(of key: Key) -> Value? {
        entries[key]
    }

    /// Sets a value, in place of the oldest where the table is full.
    public mutating func set(_ value: Value, of key: Key) {
        if entries[key] == nil, entries.count >= capacity {
            // Dropping an eighth at once keeps the cost per insertion constant,
            // where removing the first of an ordered table moves all others.
            entries.removeFirst(max(1, capacity / 8))
        }
        entries[key] = value
    }

    /// Forgets a key.
    public mutating func remove(_ key: Key) {
        entries.removeValue(forKey: key)
    }
}
