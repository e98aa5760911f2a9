internal import OrderedCollections

/// A table with a fixed capacity: the oldest entries make room for new ones.
///
/// Use it for everything whose keys come from outside.
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

    /// The value of a key; reading does not make it younger.
    public func value(of key: Key) -> Value? {
        entries[key]
    }

    /// Sets a value, dropping the oldest entries if the table is full.
    public mutating func set(_ value: Value, of key: Key) {
        if entries[key] == nil, entries.count >= capacity {
            // Dropping an eighth at once keeps the cost per insertion constant: removing the first entry of an ordered
            // table moves all the others.
            entries.removeFirst(max(1, capacity / 8))
        }
        entries[key] = value
    }

    /// Removes a key.
    public mutating func remove(_ key: Key) {
        entries.removeValue(forKey: key)
    }
}
