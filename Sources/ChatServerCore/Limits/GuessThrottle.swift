public import ChatProtocol

/// Slows down who guesses passwords, across connections, without letting
/// anyone lock somebody else out.
///
/// Every wrong password costs the address it came from; an address without
/// budget has to wait. The account has a budget too, for guesses that come from
/// many addresses, but it only binds addresses that have guessed wrong already:
/// the owner, at another address, gets in at the first try whatever happens.
public struct GuessThrottle: Sendable {
    /// What an operator sets.
    public struct Bounds: Hashable, Sendable {
        /// Wrong passwords per address.
        public var perAddress: TokenBucket.Rate
        /// Wrong passwords per account, from all addresses that have failed before.
        public var perAccount: TokenBucket.Rate

        /// Creates bounds; by default an address has 5 tries and one more every
        /// 30 s, an account 20 and one more every 10 s.
        public init(
            perAddress: TokenBucket.Rate = .init(burst: 5, perSecond: 1.0 / 30),
            perAccount: TokenBucket.Rate = .init(burst: 20, perSecond: 1.0 / 10)
        ) {
            self.perAddress = perAddress
            self.perAccount = perAccount
        }
    }

    /// The bounds in force.
    public var bounds: Bounds

    private var addresses = BoundedTable<NetworkAddress, TokenBucket>(capacity: 65_536)
    private var accounts = BoundedTable<AccountID, TokenBucket>(capacity: 65_536)

    /// Creates a throttle that has seen nobody.
    public init(bounds: Bounds = Bounds()) {
        self.bounds = bounds
    }

    /// Charges one try before its password is looked at.
    ///
    /// Charging first means that a hundred tries at once are a hundred tries.
    ///
    /// - Returns: Nil where it may go on, else how many milliseconds to wait.
    public mutating func charge(_ account: AccountID, from address: NetworkAddress, at now: Timestamp) -> Int? {
        let isStranger = addresses.value(of: address) == nil
        var byAddress = addresses.value(of: address) ?? TokenBucket(bounds.perAddress, at: now)
        let wait = byAddress.tryTake(rate: bounds.perAddress, at: now)
        addresses.set(byAddress, of: address)
        if let wait { return wait }
        if isStranger { return nil }
        var byAccount = accounts.value(of: account) ?? TokenBucket(bounds.perAccount, at: now)
        let accountWait = byAccount.tryTake(rate: bounds.perAccount, at: now)
        accounts.set(byAccount, of: account)
        return accountWait
    }

    /// Forgives an address that knew the password.
    public mutating func succeeded(from address: NetworkAddress) {
        addresses.remove(address)
    }
}
