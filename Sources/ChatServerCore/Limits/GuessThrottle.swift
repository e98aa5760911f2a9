public import ChatProtocol

/// Slows down password guessing, across connections, without locking an account's owner out where they usually are.
///
/// Every wrong password costs the address it came from, and an address without budget has to wait. Each account has two
/// more budgets: one for addresses that guessed wrong lately, and a larger one for new addresses, because an attacker
/// may have any number of those. Neither applies to an address from which the account has logged in.
public struct GuessThrottle: Sendable {
    /// The bounds that an operator sets.
    public struct Bounds: Hashable, Sendable {
        /// Wrong passwords per address.
        public var perAddress: TokenBucket.Rate
        /// Wrong passwords per account, from all addresses together that have guessed wrong before.
        public var perAccount: TokenBucket.Rate
        /// Wrong passwords per account, from all new addresses together.
        public var perAccountFromNewcomers: TokenBucket.Rate
        /// How many passwords of one account may wait to be compared.
        ///
        /// As many again may wait from addresses where it has logged in.
        public var waitingPerAccount: Int

        /// Creates bounds.
        ///
        /// By default an address has 5 tries and one more every 30 s. An account has 20 and one more every 10 s, and 60
        /// and one more every 5 s from new addresses.
        public init(
            perAddress: TokenBucket.Rate = .init(burst: 5, perSecond: 1.0 / 30),
            perAccount: TokenBucket.Rate = .init(burst: 20, perSecond: 1.0 / 10),
            perAccountFromNewcomers: TokenBucket.Rate = .init(burst: 60, perSecond: 1.0 / 5),
            waitingPerAccount: Int = 3
        ) {
            self.perAddress = perAddress
            self.perAccount = perAccount
            self.perAccountFromNewcomers = perAccountFromNewcomers
            self.waitingPerAccount = waitingPerAccount
        }
    }

    /// One try, from the moment it is charged until its outcome is known.
    public struct Attempt: Hashable, Sendable {
        /// The account whose password was tried.
        public let account: AccountID
        fileprivate let address: NetworkAddress
        fileprivate let standing: Standing

        fileprivate var place: Place { Place(account: account, isFamiliar: standing == .familiar) }
    }

    /// Whether a password may be compared.
    public enum Verdict: Hashable, Sendable {
        /// Yes; report the outcome with ``settle(_:_:at:)``.
        case allowed(Attempt)
        /// Not before this much time has passed.
        case wait(milliseconds: Int)
        /// Not now: too many passwords of this account are being compared.
        case busy
    }

    /// How a try ended.
    public enum Outcome: Hashable, Sendable {
        /// The password was right.
        case right
        /// The password was wrong.
        case wrong
        /// The password was not compared.
        case notMade
    }

    /// What an account knows of an address.
    fileprivate enum Standing: Hashable, Sendable {
        /// The account has logged in from there.
        case familiar
        /// Nothing is known.
        case newcomer
        /// Wrong passwords came from there lately, for any account.
        case guesser
    }

    /// The bounds in force; nil for none.
    public var bounds: Bounds?

    /// How long an address that guessed wrong is remembered, in milliseconds.
    static let memoryMilliseconds: Int64 = 900_000
    /// How many addresses are remembered for each account from which it has logged in.
    ///
    /// The number is fixed, so that one account can't push out the addresses of others.
    static let familiarAddresses = 8

    private struct Guesser {
        var bucket: TokenBucket
        /// When the address last guessed wrong.
        var last: Int64?
    }

    /// The tries that share one bound.
    private struct Share: Hashable {
        var account: AccountID
        var standing: Standing
    }

    /// The tries that wait together.
    fileprivate struct Place: Hashable {
        var account: AccountID
        var isFamiliar: Bool
    }

    private var addresses = BoundedTable<NetworkAddress, Guesser>(capacity: 65_536)
    private var familiar = BoundedTable<AccountID, [NetworkAddress]>(capacity: 65_536)
    /// More than twice the number of accounts, so that rotating through all accounts clears none.
    private var accounts = BoundedTable<Share, TokenBucket>(capacity: 262_144)
    /// How many passwords are being compared, separately for addresses that the account knows and others.
    ///
    /// The store bounds their number.
    private var waiting: [Place: Int] = [:]

    /// Creates a throttle without any history.
    public init(bounds: Bounds? = Bounds()) {
        self.bounds = bounds
    }

    /// Charges one try before its password is compared.
    ///
    /// Charging first means that a hundred tries at once cost a hundred tries.
    public mutating func charge(_ account: AccountID, from address: NetworkAddress, at now: Timestamp) -> Verdict {
        guard let bounds else {
            return allow(Attempt(account: account, address: address, standing: .familiar))
        }
        var guesser = addresses.value(of: address) ?? Guesser(bucket: TokenBucket(bounds.perAddress, at: now))
        let standing = standing(of: address, guesser, account, now)
        let attempt = Attempt(account: account, address: address, standing: standing)
        guard waiting[attempt.place, default: 0] < bounds.waitingPerAccount else { return .busy }
        if let wait = guesser.bucket.tryTake(rate: bounds.perAddress, at: now) {
            addresses.set(guesser, of: address)
            return .wait(milliseconds: wait)
        }
        defer { addresses.set(guesser, of: address) }
        if let rate = bounds.rate(standing) {
            let share = Share(account: account, standing: standing)
            var bucket = accounts.value(of: share) ?? TokenBucket(rate, at: now)
            defer { accounts.set(bucket, of: share) }
            if let wait = bucket.tryTake(rate: rate, at: now) {
                // A try that the account's budget stopped was not made, so the address does not pay.
                guesser.bucket.giveBack(rate: bounds.perAddress)
                return .wait(milliseconds: wait)
            }
        }
        guesser.last = now.unixMilliseconds
        return allow(attempt)
    }

    private mutating func allow(_ attempt: Attempt) -> Verdict {
        waiting[attempt.place, default: 0] += 1
        return .allowed(attempt)
    }

    /// Records how a try ended, once for each try.
    ///
    /// The cost is given back if the password was right, or was not compared. Earlier wrong guesses from the address
    /// stay counted: otherwise an attacker could use their own account to buy any number of guesses at others.
    public mutating func settle(_ attempt: Attempt, _ outcome: Outcome, at now: Timestamp) {
        if let count = waiting[attempt.place] { waiting[attempt.place] = count > 1 ? count - 1 : nil }
        guard outcome != .wrong else { return }
        if outcome == .right { remember(attempt.account, at: attempt.address) }
        guard let bounds else { return }
        if let rate = bounds.rate(attempt.standing) {
            let share = Share(account: attempt.account, standing: attempt.standing)
            if var bucket = accounts.value(of: share) {
                bucket.giveBack(rate: rate)
                accounts.set(bucket, of: share)
            }
        }
        guard var guesser = addresses.value(of: attempt.address) else { return }
        guesser.bucket.giveBack(rate: bounds.perAddress)
        if guesser.bucket.isFull(bounds.perAddress, at: now) {
            addresses.remove(attempt.address)
        } else {
            addresses.set(guesser, of: attempt.address)
        }
    }

    /// Remembers an address where an account's owner has logged in.
    public mutating func remember(_ account: AccountID, at address: NetworkAddress) {
        var known = familiar.value(of: account) ?? []
        guard known.last != address else { return }
        known.removeAll { $0 == address }
        known.append(address)
        familiar.set(known.suffix(Self.familiarAddresses), of: account)
    }

    private func standing(
        of address: NetworkAddress,
        _ guesser: Guesser,
        _ account: AccountID,
        _ now: Timestamp
    ) -> Standing {
        if familiar.value(of: account)?.contains(address) == true { return .familiar }
        guard let last = guesser.last else { return .newcomer }
        let silence = now.unixMilliseconds.subtractingReportingOverflow(last).partialValue
        return silence > Self.memoryMilliseconds ? .newcomer : .guesser
    }
}

extension GuessThrottle.Bounds {
    /// The account's budget that applies to an address; nil if none does.
    fileprivate func rate(_ standing: GuessThrottle.Standing) -> TokenBucket.Rate? {
        switch standing {
        case .familiar: nil
        case .newcomer: perAccountFromNewcomers
        case .guesser: perAccount
        }
    }
}
