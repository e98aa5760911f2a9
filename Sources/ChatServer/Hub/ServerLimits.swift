internal import ChatProtocol
public import ChatServerCore
public import NIOCore

/// How much the server takes from and keeps for its connections.
public struct ServerLimits: Hashable, Sendable {
    /// How the transport treats a connection.
    public var connection = ServerConnectionConfiguration()
    /// How many connections there may be; nil for what the system allows.
    public var connections: Int?
    /// How many connections one address may have at a time, an IPv6 network of 64
    /// bits counting as one; nil for any number.
    ///
    /// A class behind one router is one address.
    public var connectionsPerAddress: Int? = 64
    /// How fast one address may open connections; nil for any speed.
    public var openings: TokenBucket.Rate? = .init(burst: 120, perSecond: 2)
    /// How many connections past those bounds may be told so at a time; further
    /// ones are closed at once.
    public var refusedConnections = 32
    /// How many TLS handshakes are made for them; past that an alert has to do.
    public var refusedHandshakes = TokenBucket.Rate(burst: 32, perSecond: 8)
    /// How long a connection may stay without logging in, counted from the last
    /// thing it said: long enough for somebody who looks for a password.
    public var login = TimeAmount.seconds(120)
    /// How long it may stay without logging in, whatever it says.
    public var loginInAll = TimeAmount.seconds(600)
    /// How many bytes it may send before it has logged in.
    public var loginBytes: Int {
        get { connection.bytesBeforeLogin }
        set { connection.bytesBeforeLogin = newValue }
    }
    /// How fast a connection may ask for things before it is listened to more slowly.
    public var requests = RequestBudget.Bounds()
    /// How many bytes may wait for a framed client before the server stops
    /// reading from it.
    public var softOutputBytes = 262_144
    /// How many bytes may wait for a framed client before it is closed as too slow.
    ///
    /// The log is shared, so this bounds the log, too.
    public var hardOutputBytes = 8_388_608
    /// How many bytes may wait for all connections together, the log included;
    /// beyond that those with the longest queues are closed as too slow.
    public var totalOutputBytes = 268_435_456
    /// How long a framed client may take nothing before it is closed as too slow.
    public var stuck = TimeAmount.seconds(30)
    /// How many requests of one connection are handled in one tick; the rest
    /// waits for the others.
    public var requestsPerTick = 256
    /// How many records may wait for the store before the server stops reading,
    /// from everybody.
    public var waitingRecords = 8192
    /// How many bytes of text those may hold.
    public var waitingRecordBytes = 16_777_216
    /// How many bytes of text one page of the history may hold; what is left
    /// out is there to be asked for.
    public var historyPageBytes = 1_048_576
    /// How long a framed client may stay silent before it is asked.
    public var silence = TimeAmount.seconds(90)
    /// How long it may then take to answer.
    public var pingAnswer = TimeAmount.milliseconds(Int64(Limits.pingAnswerMilliseconds))
    /// How long a framed client may take to answer where somebody else wants its
    /// nickname.
    public var probeAnswer = TimeAmount.seconds(4)
    /// How often silence and slowness are looked for.
    public var sweep = TimeAmount.seconds(5)

    /// Creates limits with the defaults.
    public init() {}

    /// Lifts every bound on what one client may do, for load tests.
    ///
    /// What bounds memory stays: bytes that wait, bytes before the login, and
    /// the size of a message.
    public mutating func liftPerClient() {
        connectionsPerAddress = nil
        openings = nil
        requests = RequestBudget.Bounds(requests: nil, refreshes: nil)
    }
}
