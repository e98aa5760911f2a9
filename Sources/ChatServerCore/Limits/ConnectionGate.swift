public import ChatProtocol

/// Decides which connections are accepted, before any of their bytes is read.
public struct ConnectionGate: Sendable {
    /// The bounds that an operator sets.
    public struct Bounds: Hashable, Sendable {
        /// The most connections in all.
        public var total: Int
        /// The most connections from one address at a time; nil for no bound.
        public var perAddress: Int?
        /// How fast one address may open connections; nil for no bound.
        public var opening: TokenBucket.Rate?

        /// Creates bounds.
        public init(total: Int, perAddress: Int?, opening: TokenBucket.Rate?) {
            self.total = total
            self.perAddress = perAddress
            self.opening = opening
        }
    }

    /// The bounds in force; changing them closes no connection.
    public var bounds: Bounds

    private var total = 0
    private var open: [NetworkAddress: Int] = [:]
    private var opening = BoundedTable<NetworkAddress, TokenBucket>(capacity: 65_536)

    /// Creates a gate without connections.
    public init(bounds: Bounds) {
        self.bounds = bounds
    }

    /// How many connections are open.
    public var count: Int { total }

    /// Judges a new connection.
    ///
    /// - Returns: Why it is refused, or nil if it is accepted; then it counts until ``leave(_:)``.
    public mutating func enter(_ address: NetworkAddress, at now: Timestamp) -> Refusal? {
        if total >= bounds.total { return .serverFull }
        if let most = bounds.perAddress, open[address, default: 0] >= most { return .addressFull }
        if let rate = bounds.opening {
            var bucket = opening.value(of: address) ?? TokenBucket(rate, at: now)
            let wait = bucket.tryTake(rate: rate, at: now)
            opening.set(bucket, of: address)
            if wait != nil { return .tooFast }
        }
        total += 1
        open[address, default: 0] += 1
        return nil
    }

    /// Stops counting a connection that was accepted.
    public mutating func leave(_ address: NetworkAddress) {
        guard let count = open[address] else { return }
        total -= 1
        open[address] = count > 1 ? count - 1 : nil
    }
}
