internal import ChatProtocol
internal import ChatServerCore
internal import Testing

private func second(_ number: Double) -> Timestamp {
    Timestamp(unixMilliseconds: 1_000_000 + Int64(number * 1000))
}

@Suite("Whom a limit counts as one")
struct NetworkAddressTests {
    @Test("an IPv6 network of 64 bits is one, a mapped IPv4 address is itself")
    func keys() {
        let prefix: [UInt8] = [0x20, 1, 0xD, 0xB8, 0, 0, 0, 1]
        #expect(
            NetworkAddress(bytes: prefix + [0, 0, 0, 0, 0, 0, 0, 1]) == NetworkAddress(bytes: prefix + Array(1...8))
        )
        #expect(NetworkAddress(bytes: prefix + Array(1...8)) != NetworkAddress(bytes: Array(1...16)))
        let mapped = Array(repeating: UInt8(0), count: 10) + [0xFF, 0xFF, 192, 0, 2, 1]
        #expect(NetworkAddress(bytes: mapped) == .version4(0xC000_0201))
        #expect(NetworkAddress(bytes: [192, 0, 2, 1]) == .version4(0xC000_0201))
        #expect(NetworkAddress(bytes: [1, 2, 3]) == nil)
    }
}

@Suite("Rates")
struct TokenBucketTests {
    private let rate = TokenBucket.Rate(burst: 3, perSecond: 2)

    @Test("a burst is free, then the debt is paid in time")
    func debt() {
        var bucket = TokenBucket(rate, at: second(0))
        let waits = (0..<5).map { _ in bucket.take(rate: rate, at: second(0)) }
        #expect(waits == [0, 0, 0, 500, 1000])
        let answer1 = bucket.take(rate: rate, at: second(2))
        #expect(answer1 == 0)
        let isFull = bucket.isFull(rate, at: second(100))
        #expect(isFull)
    }

    @Test("trying to take leaves no debt")
    func trying() {
        var bucket = TokenBucket(rate, at: second(0))
        let waits = (0..<5).map { _ in bucket.tryTake(rate: rate, at: second(0)) }
        #expect(waits == [nil, nil, nil, 500, 500])
        let answer2 = bucket.tryTake(rate: rate, at: second(0.5))
        #expect(answer2 == nil)
    }

    @Test("a clock that is set back neither gives nor takes, however far")
    func clock() {
        var bucket = TokenBucket(rate, at: second(0))
        _ = bucket.take(3, rate: rate, at: second(0))
        let answer3 = bucket.take(0, rate: rate, at: Timestamp(unixMilliseconds: .min))
        #expect(answer3 == 0)
        let answer4 = bucket.take(0, rate: rate, at: Timestamp(unixMilliseconds: .max))
        #expect(answer4 == 0)
        let answer5 = bucket.take(.greatestFiniteMagnitude, rate: rate, at: second(0))
        #expect(answer5 == 3_600_000)
    }
}

@Suite("Tables keyed from outside")
struct BoundedTableTests {
    @Test("never hold more than they may, and keep what is new")
    func bounded() {
        var table = BoundedTable<Int, Int>(capacity: 16)
        for number in 0..<10_000 {
            table.set(number, of: number)
            #expect(table.count <= 16)
            #expect(table.value(of: number) == number)
        }
        table.remove(9999)
        #expect(table.value(of: 9999) == nil)
    }
}

@Suite("Which connections are taken")
struct ConnectionGateTests {
    private let here = NetworkAddress.version4(1)
    private let there = NetworkAddress.version4(2)

    @Test("so many in all, so many of one address, and not too fast")
    func bounds() {
        var gate = ConnectionGate(
            bounds: .init(total: 5, perAddress: 3, opening: .init(burst: 4, perSecond: 1))
        )
        let fromHere = (0..<4).map { _ in gate.enter(here, at: second(0)) }
        #expect(fromHere == [nil, nil, nil, .addressFull])
        let fromThere = (0..<3).map { _ in gate.enter(there, at: second(0)) }
        #expect(fromThere == [nil, nil, .serverFull])
        gate.leave(here)
        let answer6 = gate.enter(here, at: second(0))
        #expect(answer6 == nil)
        gate.leave(here)
        #expect(gate.enter(here, at: second(0)) == .tooFast)
        let answer7 = gate.enter(here, at: second(1))
        #expect(answer7 == nil)
        #expect(gate.count == 5)
    }

    @Test("leaving without having entered changes nothing")
    func leaving() {
        var gate = ConnectionGate(bounds: .init(total: 1, perAddress: nil, opening: nil))
        gate.leave(here)
        #expect(gate.count == 0)
        let answer8 = gate.enter(here, at: second(0))
        #expect(answer8 == nil)
    }
}

@Suite("Guessing passwords")
struct GuessThrottleTests {
    private let account = AccountID(1)

    /// How long a guess has to wait, which then turns out wrong; nil where it is made.
    private func guess(
        _ throttle: inout GuessThrottle,
        at account: AccountID = AccountID(1),
        from address: NetworkAddress,
        _ outcome: GuessThrottle.Outcome = .wrong,
        when now: Timestamp = second(0)
    ) -> Int? {
        switch throttle.charge(account, from: address, at: now) {
        case .wait(let milliseconds): return milliseconds
        case .busy: return -1
        case .allowed(let attempt):
            throttle.settle(attempt, outcome, at: now)
            return nil
        }
    }

    @Test("an address has a few tries, whatever the account, and gets more with time")
    func perAddress() {
        var throttle = GuessThrottle()
        let waits = (0..<7).map { guess(&throttle, at: AccountID(Int64($0)), from: .version4(1)) }
        #expect(waits == [nil, nil, nil, nil, nil, 30_000, 30_000])
        let later = guess(&throttle, from: .version4(1), when: second(30))
        #expect(later == nil)
    }

    @Test("guesses from many addresses share the account's budgets, however many there are")
    func perAccount() {
        var throttle = GuessThrottle()
        var allowed = 0
        for address in 0..<1000 {
            for _ in 0..<5 where guess(&throttle, from: .version6(network: UInt64(address))) == nil { allowed += 1 }
        }
        // 60 for being new, and 20 for those who had guessed by then.
        #expect(allowed == 80)
        let waits = [.version6(network: 2000), .version6(network: 10)].map { guess(&throttle, from: $0) }
        #expect(waits == [5000, 10_000])
        // Another account's are untouched.
        let other = guess(&throttle, at: AccountID(2), from: .version6(network: 2000))
        #expect(other == nil)
    }

    @Test("the owner gets in from where they were before, and elsewhere soon")
    func noLockout() {
        var throttle = GuessThrottle()
        let (home, away) = (NetworkAddress.version6(network: 1 << 40), NetworkAddress.version6(network: 1 << 41))
        let first = guess(&throttle, from: home, .right)
        #expect(first == nil)
        for address in 0..<1000 {
            for _ in 0..<5 { _ = guess(&throttle, from: .version4(UInt32(address))) }
        }
        // Mistyped, too.
        let again = [GuessThrottle.Outcome.wrong, .right].map { guess(&throttle, from: home, $0) }
        #expect(again == [nil, nil])
        let elsewhere = [0, 5].map { guess(&throttle, from: away, .right, when: second($0)) }
        #expect(elsewhere == [5000, nil])
        let homeOfAnother = guess(&throttle, at: AccountID(2), from: home)
        #expect(homeOfAnother == nil)
    }

    @Test("an account is at home at the last few addresses")
    func familiar() {
        var throttle = GuessThrottle(bounds: .init(perAccountFromNewcomers: .init(burst: 1, perSecond: 0.001)))
        let homes = (0...8).map { NetworkAddress.version4(UInt32($0)) }
        for home in homes { throttle.remember(account, at: home) }
        let stranger = guess(&throttle, from: .version4(99))
        #expect(stranger == nil)
        let waits = homes.map { guess(&throttle, from: $0) != nil }
        #expect(waits == [true] + Array(repeating: false, count: 8))
    }

    @Test("only so many passwords of one account wait, those from its home apart")
    func waiting() {
        var throttle = GuessThrottle()
        throttle.remember(account, at: .version4(0))
        var attempts: [GuessThrottle.Attempt] = []
        for address in 1...5 {
            guard case .allowed(let attempt) = throttle.charge(account, from: .version4(UInt32(address)), at: second(0))
            else { continue }
            attempts.append(attempt)
        }
        #expect(attempts.count == 3)
        let refused = throttle.charge(account, from: .version4(6), at: second(0))
        #expect(refused == .busy)
        let owner = guess(&throttle, from: .version4(0))
        let other = guess(&throttle, at: AccountID(2), from: .version4(6))
        #expect(owner == nil && other == nil)
        for attempt in attempts { throttle.settle(attempt, .notMade, at: second(0)) }
        let free = guess(&throttle, from: .version4(6))
        #expect(free == nil)
    }

    @Test("a right password costs nothing, and pays for no wrong one")
    func refunds() {
        var throttle = GuessThrottle()
        let (own, here) = (AccountID(2), NetworkAddress.version4(1))
        let right = (0..<100).map { _ in guess(&throttle, at: own, from: here, .right) }
        #expect(right.allSatisfy { $0 == nil })
        var wrong = 0
        for _ in 0..<100 {
            if guess(&throttle, from: here) == nil { wrong += 1 }
            _ = guess(&throttle, at: own, from: here, .right)
        }
        #expect(wrong == 5)
        // Nor do others from the account's budget.
        for address in 100..<200 {
            let wait = guess(&throttle, at: own, from: .version4(UInt32(address)), .right)
            #expect(wait == nil)
        }
    }

    @Test("who mistyped once counts as new after a while")
    func forgets() {
        var throttle = GuessThrottle(bounds: .init(perAccount: .init(burst: 1, perSecond: 0.001)))
        let owner = NetworkAddress.version6(network: 7)
        _ = guess(&throttle, from: owner)
        for _ in 0..<2 { _ = guess(&throttle, from: .version4(1), when: second(1)) }
        let soon = guess(&throttle, from: owner, when: second(2))
        #expect(soon != nil)
        let later = guess(&throttle, from: owner, when: second(901))
        #expect(later == nil)
    }
}

@Suite("Setting passwords")
struct PasswordBudgetTests {
    private func waits(
        _ budget: inout PasswordBudget,
        _ count: Int,
        _ purpose: PasswordBudget.Purpose,
        from address: NetworkAddress = .version4(1),
        at moment: Timestamp = second(0)
    ) -> [Int] {
        (0..<count).compactMap { _ in budget.charge(purpose, from: address, at: moment) }
    }

    @Test("an address has a few, each kind apart, and gets more with time")
    func perAddress() {
        var budget = PasswordBudget()
        #expect(waits(&budget, 7, .change) == [60_000, 60_000])
        #expect(waits(&budget, 41, .registration) == [600_000])
        #expect(waits(&budget, 2, .change, at: second(60)) == [60_000])
        #expect(waits(&budget, 2, .registration, at: second(660)) == [540_000])
        #expect(waits(&budget, 5, .change, from: .version6(network: 7)) == [])
    }

    @Test("without bounds there are none")
    func lifted() {
        var budget = PasswordBudget(bounds: nil)
        #expect(waits(&budget, 1000, .registration) == [])
        var throttle = GuessThrottle(bounds: nil)
        for _ in 0..<1000 {
            guard case .allowed = throttle.charge(AccountID(1), from: .version4(1), at: second(0)) else {
                Issue.record("bounded")
                return
            }
        }
    }
}

@Suite("Whom a ban can mean by an address")
struct BannableAddressTests {
    @Test(
        "neither this machine nor everybody on the wire",
        arguments: [
            (NetworkAddress.local, false), (.version4(0x7F00_0001), false), (.version4(0x7FFF_FFFF), false),
            (.version6(network: 0), false), (.version6(network: 0xFE80_0000_0000_0000), false),
            (.version4(0xC000_0201), true), (.version6(network: 0x2001_0DB8_0000_0001), true),
        ]
    )
    func bannable(_ address: NetworkAddress, _ expected: Bool) {
        #expect(address.canBeBanned == expected)
    }

    @Test(
        "and it can be made again of its bytes",
        arguments: [
            NetworkAddress.version4(0xC000_0201), .version6(network: 0x2001_0DB8_0000_0001), .version4(7),
        ]
    )
    func bytes(_ address: NetworkAddress) {
        #expect(NetworkAddress(bytes: address.bytes) == address)
    }
}
