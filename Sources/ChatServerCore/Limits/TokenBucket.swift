public import ChatProtocol

/// A rate with a burst: a number at once, then a number per second.
public struct TokenBucket: Hashable, Sendable {
    /// The rate that an operator sets.
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

    /// Removes tokens; if there are too few, the bucket goes into debt.
    ///
    /// - Parameters:
    ///   - cost: How many; 1 for an ordinary request.
    ///   - rate: The rate in force; may change between calls.
    ///   - now: The moment.
    /// - Returns: For how many milliseconds to accept nothing more; 0 if the bucket is not in debt.
    public mutating func take(_ cost: Double = 1, rate: Rate, at now: Timestamp) -> Int {
        refill(rate, at: now)
        tokens -= cost
        guard tokens < 0 else { return 0 }
        return Int(min(-tokens / rate.perSecond * 1000, 3_600_000).rounded(.up))
    }

    /// Removes a token if there is one.
    ///
    /// - Returns: Nil if a token was removed, else how many milliseconds to wait.
    public mutating func tryTake(rate: Rate, at now: Timestamp) -> Int? {
        refill(rate, at: now)
        guard tokens < 1 else {
            tokens -= 1
            return nil
        }
        return Int(min((1 - tokens) / rate.perSecond * 1000, 3_600_000).rounded(.up))
    }

    /// Gives back a token that was not needed.
    public mutating func giveBack(rate: Rate) {
        tokens = min(rate.burst, tokens + 1)
    }

    /// Whether the bucket is as full as a new one, so that it need not be kept.
    public mutating func isFull(_ rate: Rate, at now: Timestamp) -> Bool {
        refill(rate, at: now)
        return tokens >= rate.burst
    }

    private mutating func refill(_ rate: Rate, at now: Timestamp) {
        // If the clock was set back, the bucket neither gains nor loses.
        let elapsed = max(0, now.unixMilliseconds.subtractingReportingOverflow(last).partialValue)
        last = now.unixMilliseconds
        tokens = min(rate.burst, tokens + Double(elapsed) / 1000 * rate.perSecond)
    }
}
