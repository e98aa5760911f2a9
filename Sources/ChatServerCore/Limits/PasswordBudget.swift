public import ChatProtocol

/// How many passwords one address may have hashed that are not tries to log in:
/// those that make an account, and those that replace another.
///
/// A hash is dear on purpose, and accounts have a bound over all addresses, so
/// what was spent is not given back, whatever came of it.
public struct PasswordBudget: Sendable {
    /// How many of each.
    public struct Bounds: Hashable, Sendable {
        /// New accounts per address.
        public var registrations: TokenBucket.Rate
        /// New passwords of accounts per address.
        public var changes: TokenBucket.Rate

        /// Creates bounds; by default an address makes 40 accounts and one more
        /// every 10 minutes, because a class behind one router registers
        /// together, and changes 5 passwords and one more every minute.
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
        /// It makes an account of a guest.
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

    /// Creates a budget that is untouched.
    public init(bounds: Bounds? = Bounds()) {
        self.bounds = bounds
    }

    /// Charges one password.
    ///
    /// - Returns: Nil where it may go on, else how many milliseconds to wait.
    public mutating func charge(_ purpose: Purpose, from address: NetworkAddress, at now: Timestamp) -> Int? {
        guard let bounds else { return nil }
        let rate = purpose == .registration ? bounds.registrations : bounds.changes
        let payer = Payer(address: address, purpose: purpose)
        var bucket = buckets.value(of: payer) ?? TokenBucket(rate, at: now)
        defer { buckets.set(bucket, of: payer) }
        return bucket.tryTake(rate: rate, at: now)
    }
}
