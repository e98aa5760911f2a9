public import ChatProtocol

/// How many new passwords one address may have hashed: those that register an account, and those that replace a
/// password.
///
/// A hash is expensive on purpose, and the number of accounts is bounded over all addresses. So the cost is never given
/// back, whatever the outcome.
public struct PasswordBudget: Sendable {
    /// The bounds that an operator sets.
    public struct Bounds: Hashable, Sendable {
        /// New accounts per address.
        public var registrations: TokenBucket.Rate
        /// New passwords of accounts per address.
        public var changes: TokenBucket.Rate

        /// Creates bounds.
        ///
        /// By default an address may register 40 accounts and one more every 10 minutes, because a class behind one
        /// router registers together. It may change 5 passwords and one more every minute.
        public init(
            registrations: TokenBucket.Rate = .init(burst: 40, perSecond: 1.0 / 600),
            changes: TokenBucket.Rate = .init(burst: 5, perSecond: 1.0 / 60)
        ) {
            self.registrations = registrations
            self.changes = changes
        }
    }

    /// What a password is for.
    public enum Purpose: Hashable, Sendable {
        /// It registers a guest's nickname.
        case registration
        /// It replaces an account's password.
        case change
    }

    private struct Payer: Hashable {
        var address: NetworkAddress
        var purpose: Purpose
    }

    /// The bounds in force; nil for none.
    public var bounds: Bounds?

    private var buckets = BoundedTable<Payer, TokenBucket>(capacity: 65_536)

    /// Creates an unused budget.
    public init(bounds: Bounds? = Bounds()) {
        self.bounds = bounds
    }

    /// Charges one password.
    ///
    /// - Returns: Nil if it may go on, else how many milliseconds to wait.
    public mutating func charge(_ purpose: Purpose, from address: NetworkAddress, at now: Timestamp) -> Int? {
        guard let bounds else { return nil }
        let rate = purpose == .registration ? bounds.registrations : bounds.changes
        let payer = Payer(address: address, purpose: purpose)
        var bucket = buckets.value(of: payer) ?? TokenBucket(rate, at: now)
        defer { buckets.set(bucket, of: payer) }
        return bucket.tryTake(rate: rate, at: now)
    }
}
