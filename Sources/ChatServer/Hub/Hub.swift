internal import ChatProtocol
internal import ChatServerCore
internal import Logging
internal import NIOCore

/// Where everything meets: owns the room and all connections, on one event loop.
///
/// What arrives in one tick of the loop is one batch. The room takes the events
/// as they come and says what to do; at the end of the tick that is done in
/// order: records go to the store, answers and broadcasts to where the
/// connections read them, and then every connection gets one write.
///
///     sockets ─> events ─> room ─> effects ─> store ─> effects ─> log ─> sockets
///
/// One loop means one order: every receiver and the history see the same.
final class Hub {
    let eventLoop: any EventLoop
    var limits: ServerLimits
    var gate: ConnectionGate
    let logger: Logger
    let messages: any MessageStore
    let accounts: any AccountStore
    let bans: any BanStore

    var room: Room
    /// What the room wants done and is not done yet.
    var effects: [RoomEffect] = []
    var log = BroadcastLog()
    /// Used again and again for the bytes of one message.
    var scratch: [UInt8] = []

    var connections: [ConnectionID: Connection] = [:]
    /// Those with netstrings that have everything.
    var keepingUp = KeepingUp()
    /// Those with netstrings that get the log at their own pace.
    var stragglers: [Connection] = []
    /// Those of original clients, admitted.
    var unframed: [Connection] = []
    /// Those to look at at the end of the tick.
    var dirty: [Connection] = []
    /// Those that go on after the loop has looked at the sockets again.
    var postponed: [Connection] = []
    /// How many bytes wait for one connection alone, over all connections.
    var ownOutputBytes = 0
    /// Whether something for everybody was queued for original clients in this tick.
    var hasUnframedNews = false
    /// The addresses of those that closed in this tick, for the lines about it in the log.
    var departed: [ConnectionID: String] = [:]
    /// Those whose last word came in this tick.
    private var ended: [Connection] = []

    /// Records for the store's next batch.
    var unstored: [HistoryRecord] = []
    /// How many bytes of text they hold.
    var unstoredBytes = 0
    /// Whether the store works on a batch.
    var isStoring = false
    /// When it may get the next one.
    var pacing = BatchPacing()
    /// Those not read from until the store has caught up.
    var waitingForStore: [Connection] = []

    /// What is counted for the operator.
    var metrics = ServerMetrics()
    /// Why the store fails, as far as it did the last time.
    var storeFault: (reason: String, since: NIODeadline)?
    /// Whether the registered users were told of, so that what comes is news.
    var knowsAccounts = false

    var clock = WallClock()
    /// The moment of this tick.
    var moment = Timestamp(unixMilliseconds: 0)
    /// The same on the clock that never jumps.
    var now = NIODeadline.uptimeNanoseconds(0)
    var isTickScheduled = false
    /// How many ticks there were.
    var tick: UInt64 = 0
    var closing: Closing?
    /// Whether everything is over; what a store still answers means nothing then.
    var isClosed = false
    private var nextConnection: UInt64 = 1

    /// What is known while the server closes.
    struct Closing {
        var deadline: NIODeadline
        var completion: () -> Void
    }

    init(
        eventLoop: any EventLoop,
        configuration: RoomConfiguration,
        limits: ServerLimits,
        messages: any MessageStore,
        accounts: any AccountStore,
        bans: any BanStore,
        logger: Logger
    ) {
        self.eventLoop = eventLoop
        self.limits = limits
        gate = ConnectionGate(bounds: limits.gate)
        self.logger = logger
        self.messages = messages
        self.accounts = accounts
        self.bans = bans
        room = Room(configuration: configuration)
    }

    /// Takes and keeps otherwise from here on.
    func change(limits: ServerLimits) {
        self.limits = limits
        gate.bounds = limits.gate
    }

    /// Starts what happens by itself.
    func start() {
        let hub = NIOLoopBound(self, eventLoop: eventLoop)
        accounts.observe { [eventLoop] changes in
            if eventLoop.inEventLoop {
                hub.value.take(changes)
            } else {
                eventLoop.execute { hub.value.take(changes) }
            }
        }
        scheduleSweep()
    }

    // MARK: - Connections come and go

    /// Takes a new connection, which counts from here on, whatever it says first.
    ///
    /// - Parameters:
    ///   - address: The peer's, for the log.
    ///   - network: Whom limits and bans take it for.
    /// - Returns: Nil where there is no room for it.
    func accept(from address: String, network: NetworkAddress) -> Connection? {
        beginTick()
        guard closing == nil else { return nil }
        if let refusal = gate.enter(network, at: moment) {
            metrics.count(refusal)
            logger.debug("not taken", metadata: ["address": "\(address)", "reason": "\(refusal.rawValue)"])
            return nil
        }
        metrics.connections += 1
        let id = ConnectionID(nextConnection)
        nextConnection += 1
        let connection = Connection(id: id, address: address, network: network, hub: self, now: now)
        connection.handler = ServerConnectionHandler(configuration: limits.connection, delegate: connection)
        connections[id] = connection
        tell(.opened(id, address: network))
        return connection
    }

    func received(_ incoming: RequestStream.Incoming, from connection: Connection) -> RequestStream.Appetite {
        guard !connection.isReported else { return .pause }
        beginTick()
        guard connection.mayBePlaintext else {
            refusePlaintext(connection, try? incoming.get())
            return .pause
        }
        connection.lastHeard = now
        connection.pinged = nil
        connection.probed = nil
        var isCostly = false
        let rest = connection.charge(try? incoming.get(), within: limits.requests, at: moment)
        switch incoming {
        case .success(let request):
            isCostly = request.hasLongAnswer
            tell(.received(connection.id, request))
        case .failure(let error):
            tell(.undecodable(connection.id, reason: error.description))
        }
        // One long answer in a tick: a client that asks for thousands in one
        // write waits for them in turn, and nobody else does.
        if rest > 0 { self.rest(connection, milliseconds: rest) }
        guard
            rest > 0 || isCostly || isStoreBehind || connection.spendCredit(of: limits, in: tick)
                || waitingBytes(for: connection) > limits.softOutputBytes
        else { return .more }
        connection.isPaused = true
        mark(connection)
        return .pause
    }

    func broke(_ connection: Connection, _ fault: StreamFault) {
        guard !connection.isReported else { return }
        beginTick()
        logger.debug(
            "closing a connection that makes no sense",
            metadata: ["connection": "\(connection.id.number)", "fault": "\(fault)"]
        )
        if case .framing(let error) = fault {
            send(Response(at: moment, .error("Error: \(error.sentence)")), to: connection)
        }
        report(connection, .outOfStep)
        leave(connection)
    }

    /// Tells somebody who has to encrypt so, in answer to the first thing they
    /// say: then original clients show it.
    ///
    /// The operator reads it once for each connection, of which one address
    /// opens only so many in a minute.
    private func refusePlaintext(_ connection: Connection, _ request: Request?) {
        let entry = AuditEntry(
            .refusal,
            connection: connection.id,
            nickname: request?.nickname?.text ?? "",
            detail: PlaintextPolicy.refusal,
            refusal: .encryptionRequired
        )
        audit(entry)
        let refusal = request?.asksForFraming == true ? Refusal.encryptionRequired : nil
        send(Response(at: moment, .login(.refused(PlaintextPolicy.refusal, refusal))), to: connection)
        report(connection, .outOfStep)
        leave(connection)
    }

    func canWrite(_ connection: Connection) {
        if connection.handler?.isIdle == true {
            connection.ownBytesInFlight = 0
            countBytes(of: connection)
        }
        connection.stuckSince = nil
        mark(connection)
    }

    func overflowed(_ connection: Connection) {
        lose(connection, .tooSlow)
    }

    /// The peer's last word is said; it may still read what it asked for.
    func ended(_ connection: Connection) {
        beginTick()
        connection.endedAt = now
        dismissWhenHeard(connection)
    }

    /// Lets a connection that has ended go, unless some of what it said still
    /// waits for its turn.
    func dismissWhenHeard(_ connection: Connection) {
        if connection.endedAt != nil, !connection.isPaused { ended.append(connection) }
    }

    /// Lets those go who said their last word in this tick, after what they
    /// asked for in it was done.
    private func dismissEnded() {
        guard !ended.isEmpty else { return }
        let leaving = ended
        ended = []
        for connection in leaving {
            report(connection, .peerClosed)
            leave(connection)
        }
        carryOutEffects()
    }

    func closed(_ connection: Connection, _ error: (any Error)?) {
        beginTick()
        if let error, connection.framing == nil {
            // A handshake that failed, mostly.
            logger.debug(
                "a connection failed before its login",
                metadata: [
                    "connection": "\(connection.id.number)",
                    "address": "\(connection.address)",
                    "reason": "\(SafeText(line: "\(error)"))",
                ]
            )
        }
        report(connection, error == nil ? .peerClosed : .failed)
        connection.handler = nil
        guard connections.removeValue(forKey: connection.id) != nil else { return }
        departed[connection.id] = connection.address
        gate.leave(connection.network)
        forgetBytes(of: connection)
        remove(connection)
        finishClosing()
    }

    /// Tells the room, once, that a connection is gone.
    func report(_ connection: Connection, _ reason: LossReason) {
        guard !connection.isReported else { return }
        connection.presence.end()
        metrics.count(connection.loss ?? reason)
        tell(.closed(connection.id, connection.loss ?? reason))
    }

    /// Marks a connection to be cut at the end of the tick, outside of any loop
    /// over connections.
    func lose(_ connection: Connection, _ reason: LossReason) {
        guard connection.loss == nil else { return }
        connection.loss = reason
        // Nothing is kept for it any more, though its socket may take a while to close.
        forgetBytes(of: connection)
        mark(connection)
    }

    /// Lets a connection go once it has everything that was meant for it so far.
    func leave(_ connection: Connection) {
        guard !connection.isLeaving else { return }
        connection.isLeaving = true
        connection.leavingSince = eventLoop.now
        fallBehind(connection)
        connection.output.end(at: log)
        mark(connection)
    }

    /// Listens to a connection again only after a time.
    private func rest(_ connection: Connection, milliseconds: Int) {
        let end = now + .milliseconds(Int64(milliseconds))
        connection.restsUntil = end
        eventLoop.assumeIsolated().scheduleTask(deadline: end) { [weak connection] in
            guard let connection, connection.handler != nil else { return }
            connection.restsUntil = nil
            self.mark(connection)
        }
    }

    func waitingBytes(for connection: Connection) -> Int {
        guard case .straggling = connection.place else { return 0 }
        return connection.output.waitingBytes(in: log)
    }

    // MARK: - Ticks

    /// Hands an event to the room.
    func tell(_ event: RoomEvent) {
        beginTick()
        room.handle(event, at: moment, effects: &effects)
    }

    /// Has a connection looked at at the end of the tick.
    func mark(_ connection: Connection) {
        guard !connection.isDirty else { return }
        connection.isDirty = true
        dirty.append(connection)
        beginTick()
    }

    /// Has the tick's work done after everything that the loop has at hand now.
    func beginTick() {
        guard !isTickScheduled, !isClosed else { return }
        isTickScheduled = true
        tick += 1
        now = eventLoop.now
        moment = clock.now()
        eventLoop.assumeIsolated().execute { self.endTick() }
    }

    private func endTick() {
        isTickScheduled = false
        carryOutEffects()
        dismissEnded()
        departed.removeAll(keepingCapacity: true)
        writeOut()
        shed()
        finishClosing()
    }
}

extension Request {
    /// Who wants to log in by this; nil where it is no login or the nickname is none.
    fileprivate var nickname: Nickname? {
        guard case .connect(let login) = self, let text = login.nickname else { return nil }
        return try? Nickname(text)
    }

    /// Whether it is a login of a client that reads the keys of framed connections.
    fileprivate var asksForFraming: Bool {
        if case .connect(let login) = self { login.framing == .netstring } else { false }
    }

    /// Whether the answer can be many times as long as the request.
    fileprivate var hasLongAnswer: Bool {
        switch self {
        case .refresh, .users, .bans: true
        default: false
        }
    }
}

extension ServerLimits {
    /// What decides whether a connection is taken.
    fileprivate var gate: ConnectionGate.Bounds {
        ConnectionGate.Bounds(total: connections ?? .max, perAddress: connectionsPerAddress, opening: openings)
    }
}

extension FramingError {
    /// The fault in words for the peer.
    fileprivate var sentence: String {
        switch self {
        case .missingLength: "A netstring starts with its length."
        case .invalidLength: "The length of a netstring is malformed."
        case .tooLong(let length): "\(length) bytes are more than \(Limits.framedRequestBytes)."
        case .missingComma: "A netstring ends in a comma."
        }
    }
}
