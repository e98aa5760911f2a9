public import ChatProtocol

/// How fast one connection may ask for things.
///
/// Beyond that its requests are not refused but read more slowly. A REF has a separate budget: somebody who comes back
/// after a while reads pages of history, and that must not keep them from talking.
public struct RequestBudget: Sendable {
    /// The bounds that an operator sets; nil lifts a bound.
    public struct Bounds: Hashable, Sendable {
        /// Everything but REF.
        public var requests: TokenBucket.Rate?
        /// REF, whose answer can be a thousand times as long as the question.
        public var refreshes: TokenBucket.Rate?

        /// Creates bounds.
        ///
        /// By default a connection may make 30 requests at once and 5 more each second, and read 20 pages of history at
        /// once and 2 more each second.
        public init(
            requests: TokenBucket.Rate? = .init(burst: 30, perSecond: 5),
            refreshes: TokenBucket.Rate? = .init(burst: 20, perSecond: 2)
        ) {
            self.requests = requests
            self.refreshes = refreshes
        }
    }

    /// How many bytes of text cost as much as one request.
    static let bytesPerToken = 4096

    /// What a new nickname costs, in requests.
    ///
    /// By default that allows one a second in the long run.
    static let renamingTokens = 5.0

    private var requests: TokenBucket?
    private var refreshes: TokenBucket?

    /// Creates an unused budget.
    public init() {}

    /// Charges one request.
    ///
    /// - Parameters:
    ///   - request: The request; nil for something that is no request.
    ///   - bounds: The bounds in force; may change between calls.
    ///   - now: The moment.
    /// - Returns: For how many milliseconds to read nothing more from the connection; 0 to go on.
    public mutating func charge(_ request: Request?, within bounds: Bounds, at now: Timestamp) -> Int {
        if case .refresh? = request {
            return Self.take(1, from: &refreshes, rate: bounds.refreshes, at: now)
        }
        return Self.take(Self.cost(of: request), from: &requests, rate: bounds.requests, at: now)
    }

    private static func cost(of request: Request?) -> Double {
        switch request {
        case .chat(let chat)?: 1 + Double(chat.text.utf8.count / bytesPerToken)
        // Everybody is told, and the database has to answer.
        case .update(let update)? where update.nickname != nil: renamingTokens
        // A PONG answers the server's own question.
        case .pong?: 0.1
        default: 1
        }
    }

    private static func take(
        _ cost: Double,
        from bucket: inout TokenBucket?,
        rate: TokenBucket.Rate?,
        at now: Timestamp
    ) -> Int {
        guard let rate else { return 0 }
        var current = bucket ?? TokenBucket(rate, at: now)
        defer { bucket = current }
        return current.take(cost, rate: rate, at: now)
    }
}
