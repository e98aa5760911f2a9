internal import ChatProtocol
public import ChatServerCore
public import NIOCore

/// The bounds of a server on what it accepts from its connections and keeps for them.
public struct ServerLimits: Hashable, Sendable {
    /// The bounds of one connection in the transport.
    public var connection = ServerConnectionConfiguration()
    /// The most connections; nil for as many as the system allows.
    public var connections: Int?
    /// The most connections from one address at a time; nil for any number.
    ///
    /// An IPv6 network of 64 bits counts as one address. A class behind one router is one address, too.
    public var connectionsPerAddress: Int? = 64
    /// How fast one address may open connections; nil for any speed.
    public var openings: TokenBucket.Rate? = .init(burst: 120, perSecond: 2)
    /// How many connections past those bounds may be told so at a time; more are closed at once.
    public var refusedConnections = 32
    /// How many TLS handshakes are made for them; more get just an alert.
    public var refusedHandshakes = TokenBucket.Rate(burst: 32, perSecond: 8)
    /// How long a connection may stay without a login, counted from its last request.
    ///
    /// That is long enough for somebody who looks for a password.
    public var login = TimeAmount.seconds(120)
    /// How long a connection may stay without a login, whatever it sends.
    public var loginInAll = TimeAmount.seconds(600)
    /// How many bytes a connection may send before its login.
    public var loginBytes: Int {
        get { connection.bytesBeforeLogin }
        set { connection.bytesBeforeLogin = newValue }
    }
    /// How fast a connection may send requests before it is read more slowly.
    public var requests = RequestBudget.Bounds()
    /// How many bytes may wait for a framed client before the server stops reading from it.
    public var softOutputBytes = 262_144
    /// How many bytes may wait for a framed client before it is closed as too slow.
    ///
    /// The log is shared, so this bounds the log, too.
    public var hardOutputBytes = 8_388_608
    /// How many bytes may wait for all connections together, including the log.
    ///
    /// Above that the connections with the longest queues are closed as too slow.
    public var totalOutputBytes = 268_435_456
    /// How long a framed client may take none of its output before it is closed as too slow.
    public var stuck = TimeAmount.seconds(30)
    /// How many requests of one connection are handled in one tick.
    ///
    /// The rest waits until the others had theirs.
    public var requestsPerTick = 256
    /// How many records may wait for the store before the server stops reading from everybody.
    public var waitingRecords = 8192
    /// How many bytes of text these records may hold.
    public var waitingRecordBytes = 16_777_216
    /// How many bytes of text one page of the history may hold.
    ///
    /// The rest can be asked for with the next page.
    public var historyPageBytes = 1_048_576
    /// How long a framed client may be silent before it gets a PING.
    public var silence = TimeAmount.seconds(90)
    /// How long the client may take to answer the PING.
    public var pingAnswer = TimeAmount.milliseconds(Int64(Limits.pingAnswerMilliseconds))
    /// How long a framed client may take to answer if somebody else wants its nickname.
    public var probeAnswer = TimeAmount.seconds(4)
    /// How often connections are checked for being silent or stuck.
    public var sweep = TimeAmount.seconds(5)

    /// Creates limits with the defaults.
    public init() {}

    /// Lifts every bound on what one client may do, for load tests.
    ///
    /// Bounds on memory stay: waiting bytes, bytes before the login, and the size of a message.
    public mutating func liftPerClient() {
        connectionsPerAddress = nil
        openings = nil
        requests = RequestBudget.Bounds(requests: nil, refreshes: nil)
    }
}
