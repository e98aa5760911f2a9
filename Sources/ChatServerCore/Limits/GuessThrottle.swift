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

    /// The bounds in force; nil for none.
    public var bounds: Bounds?

    /// For how long an address that guessed wrong is known for it, in
    /// milliseconds: so long an owner who mistyped once may have to wait while
    /// others attack the account.
    static let memoryMilliseconds: Int64 = 900_000

    private struct Guesser {
        var bucket: TokenBucket
        /// When it last guessed.
        var last: Int64?
    }

    private var addresses = BoundedTable<NetworkAddress, Guesser>(capacity: 65_536)
    private var accounts = BoundedTable<AccountID, TokenBucket>(capacity: 65_536)

    /// Creates a throttle that has seen nobody.
    public init(bounds: Bounds? = Bounds()) {
        self.bounds = bounds
    }

    /// Charges one try before its password is looked at.
    ///
    /// Charging first means that a hundred tries at once are a hundred tries.
    ///
    /// - Returns: Nil where it may go on, else how many milliseconds to wait.
    public mutating func charge(_ account: AccountID, from address: NetworkAddress, at now: Timestamp) -> Int? {
        guard let bounds else { return nil }
        var guesser = addresses.value(of: address) ?? Guesser(bucket: TokenBucket(bounds.perAddress, at: now))
        let silence = guesser.last.map { now.unixMilliseconds.subtractingReportingOverflow($0).partialValue }
        let isStranger = silence.map { $0 > Self.memoryMilliseconds } ?? true
        if let wait = guesser.bucket.tryTake(rate: bounds.perAddress, at: now) {
            addresses.set(guesser, of: address)
            return wait
        }
        defer { addresses.set(guesser, of: address) }
        if isStranger {
            guesser.last = now.unixMilliseconds
            return nil
        }
        var byAccount = accounts.value(of: account) ?? TokenBucket(bounds.perAccount, at: now)
        let wait = byAccount.tryTake(rate: bounds.perAccount, at: now)
        accounts.set(byAccount, of: account)
        if wait == nil {
            guesser.last = now.unixMilliseconds
        } else {
            // Whom the account's budget stops has not guessed.
            guesser.bucket.giveBack(rate: bounds.perAddress)
        }
        return wait
    }

    /// Gives an address back what a try cost that was right, or came to nothing.
    ///
    /// What was guessed wrong there before stays counted: else an account of
    /// one's own would buy any number of guesses at others.
    public mutating func refund(to address: NetworkAddress, at now: Timestamp) {
        guard let bounds, var guesser = addresses.value(of: address) else { return }
        guesser.bucket.giveBack(rate: bounds.perAddress)
        if guesser.bucket.isFull(bounds.perAddress, at: now) {
            addresses.remove(address)
        } else {
            addresses.set(guesser, of: address)
        }
    }
}
