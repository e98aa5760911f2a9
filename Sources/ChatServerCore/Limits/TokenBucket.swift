public import ChatProtocol

/// A rate with a burst: so many at once, and then so many per second.
public struct TokenBucket: Hashable, Sendable {
    /// What an operator sets.
    public struct Rate: Hashable, Sendable {
        /// The most that can come at once.
        public var burst: Double
        /// How many come back per second.
        public var perSecond: Double

        /// Creates a rate.
        ///
        /// - Parameters:
        ///   - burst: The most that can come at once, at least 1.
        ///   - perSecond: How many come back per second, more than 0.
        public init(burst: Double, perSecond: Double) {
            self.burst = max(1, burst)
            self.perSecond = max(0.001, perSecond)
        }
    }

    private var tokens: Double
    private var last: Int64

    /// Creates a full bucket.
    public init(_ rate: Rate, at now: Timestamp) {
        tokens = rate.burst
        last = now.unixMilliseconds
    }

    /// Removes tokens; the bucket goes into debt where there are too few.
    ///
    /// - Parameters:
    ///   - cost: How many; 1 for an ordinary request.
    ///   - rate: The rate in force; may change between calls.
    ///   - now: The moment.
    /// - Returns: For how many milliseconds to take nothing more: 0 while the
    ///   bucket is not in debt.
    public mutating func take(_ cost: Double = 1, rate: Rate, at now: Timestamp) -> Int {
        refill(rate, at: now)
        tokens -= cost
        guard tokens < 0 else { return 0 }
        return Int(min(-tokens / rate.perSecond * 1000, 3_600_000).rounded(.up))
    }

    /// Removes a token if there is one.
    ///
    /// - Returns: Nil where it was taken, else for how many milliseconds to wait.
    public mutating func tryTake(rate: Rate, at now: Timestamp) -> Int? {
        refill(rate, at: now)
        guard tokens < 1 else {
            tokens -= 1
            return nil
        }
        return Int(min((1 - tokens) / rate.perSecond * 1000, 3_600_000).rounded(.up))
    }

    /// Gives back a token that was taken for nothing.
    public mutating func giveBack(rate: Rate) {
        tokens = min(rate.burst, tokens + 1)
    }

    /// Whether the bucket is as full as a new one, so that it can be forgotten.
    public mutating func isFull(_ rate: Rate, at now: Timestamp) -> Bool {
        refill(rate, at: now)
        return tokens >= rate.burst
    }

    private mutating func refill(_ rate: Rate, at now: Timestamp) {
        // A clock that was set back gives nothing and takes nothing.
        let elapsed = max(0, now.unixMilliseconds.subtractingReportingOverflow(last).partialValue)
        last = now.unixMilliseconds
        tokens = min(rate.burst, tokens + Double(elapsed) / 1000 * rate.perSecond)
    }
}
