public import ChatProtocol

/// Slows down who guesses passwords, across connections, without keeping an
/// account's owner out where they usually are.
///
/// Every wrong password costs the address it came from; an address without
/// budget has to wait. The account has two budgets of its own: one for addresses
/// that have guessed wrong lately, and a larger one for those that are new, of
/// which somebody may have any number. Neither binds an address from which that
/// account has logged in.
public struct GuessThrottle: Sendable {
    /// What an operator sets.
    public struct Bounds: Hashable, Sendable {
        /// Wrong passwords per address.
        public var perAddress: TokenBucket.Rate
        /// Wrong passwords per account, from all addresses that have failed before.
        public var perAccount: TokenBucket.Rate
        /// Wrong passwords per account, from all addresses that are new.
        public var perAccountFromNewcomers: TokenBucket.Rate
        /// How many passwords of one account may wait to be compared; as many
        /// again from where it has logged in.
        public var waitingPerAccount: Int

        /// Creates bounds; by default an address has 5 tries and one more every
        /// 30 s, an account 20 and one more every 10 s, and 60 and one more every
        /// 5 s from addresses that are new.
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

    /// One try, from its charge until it is known what came of it.
    public struct Attempt: Hashable, Sendable {
        /// At which account.
        public let account: AccountID
        fileprivate let address: NetworkAddress
        fileprivate let standing: Standing

        fileprivate var place: Place { Place(account: account, isFamiliar: standing == .familiar) }
    }

    /// Whether a password may be compared.
    public enum Verdict: Hashable, Sendable {
        /// Yes; what came of it has to be told with ``settle(_:_:at:)``.
        case allowed(Attempt)
        /// Not before so much time has passed.
        case wait(milliseconds: Int)
        /// Not while so many of this account are being compared.
        case busy
    }

    /// What came of a try.
    public enum Outcome: Hashable, Sendable {
        /// The password was the right one.
        case right
        /// It was not.
        case wrong
        /// It was not compared.
        case notMade
    }

    /// What an account knows of an address.
    fileprivate enum Standing: Hashable, Sendable {
        /// It has logged in from there.
        case familiar
        /// Nothing.
        case newcomer
        /// That wrong passwords came from there lately, for whomever.
        case guesser
    }

    /// The bounds in force; nil for none.
    public var bounds: Bounds?

    /// For how long an address that guessed wrong is known for it, in
    /// milliseconds.
    static let memoryMilliseconds: Int64 = 900_000
    /// From how many addresses an account is remembered to have logged in.
    ///
    /// A fixed number, so that one account can't push out what others have.
    static let familiarAddresses = 8

    private struct Guesser {
        var bucket: TokenBucket
        /// When it last guessed.
        var last: Int64?
    }

    /// Which tries share a bound.
    private struct Share: Hashable {
        var account: AccountID
        var standing: Standing
    }

    /// Which tries wait together.
    fileprivate struct Place: Hashable {
        var account: AccountID
        var isFamiliar: Bool
    }

    private var addresses = BoundedTable<NetworkAddress, Guesser>(capacity: 65_536)
    private var familiar = BoundedTable<AccountID, [NetworkAddress]>(capacity: 65_536)
    /// More than twice as many as there are accounts: rotating them clears none.
    private var accounts = BoundedTable<Share, TokenBucket>(capacity: 262_144)
    /// How many are being compared, by whether the account knows from where;
    /// bounded by what the store takes.
    private var waiting: [Place: Int] = [:]

    /// Creates a throttle that has seen nobody.
    public init(bounds: Bounds? = Bounds()) {
        self.bounds = bounds
    }

    /// Charges one try before its password is looked at.
    ///
    /// Charging first means that a hundred tries at once are a hundred tries.
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
                // Whom the account's budget stops has not guessed.
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

    /// Notes what came of a try, once for each; gives back what it cost where it
    /// was right, or came to nothing.
    ///
    /// What was guessed wrong from that address before stays counted: else an
    /// account of one's own would buy any number of guesses at others.
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

    /// Remembers where the owner of an account has proved to be.
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
    /// The account's budget that binds an address; nil where none does.
    fileprivate func rate(_ standing: GuessThrottle.Standing) -> TokenBucket.Rate? {
        switch standing {
        case .familiar: nil
        case .newcomer: perAccountFromNewcomers
        case .guesser: perAccount
        }
    }
}
