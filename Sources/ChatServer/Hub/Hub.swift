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
///     sockets ─> events ─> room ─> effects ─> store queue ─> room ─> effects ─> audience ─> sockets
///
/// One loop means one order: every receiver and the history see the same.
final class Hub {
    let eventLoop: any EventLoop
    let logger: Logger
    let stores: Stores
    private(set) var limits: ServerLimits

    var room: Room
    /// What the room wants done and is not done yet.
    var effects: [RoomEffect] = []
    /// Records on their way to the store.
    var storeQueue = StoreQueue()
    /// Those who are logged in, and what they still have to get.
    let audience: Audience

    /// Who may come in.
    var gate: ConnectionGate
    /// Those whom the gate refused, and who are told so.
    let refused = RefusedConnections()
    var connections: [ConnectionID: Connection] = [:]
    /// Which connections need something done.
    var work = WorkList()
    /// Where those were connected from that closed in this tick, for the log.
    var departed: [ConnectionID: String] = [:]

    /// What is counted for the operator.
    var metrics = ServerMetrics()
    /// Whether the registered users were told of, so that what comes is news.
    var hasAccounts = false
    /// Whether the server is at its end.
    var lifetime = Lifetime.serving
    private(set) var tick = Tick()
    private let wallClock: () -> Timestamp

    /// Where messages, registered users and bans are kept.
    struct Stores: Sendable {
        var messages: any MessageStore
        var accounts: any AccountStore
        var bans: any BanStore
    }

    /// Whether the server is at its end.
    enum Lifetime {
        case serving
        /// Everybody gets what was meant for them; at the deadline whoever is
        /// still there is cut.
        case closing(deadline: NIODeadline, completion: () -> Void)
        /// What a store still answers means nothing.
        case closed
    }

    init(
        eventLoop: any EventLoop,
        configuration: RoomConfiguration,
        limits: ServerLimits,
        stores: Stores,
        logger: Logger,
        wallClock: @escaping () -> Timestamp
    ) {
        self.eventLoop = eventLoop
        self.limits = limits
        self.stores = stores
        self.logger = logger
        self.wallClock = wallClock
        gate = ConnectionGate(bounds: limits.gate)
        audience = Audience(limits: limits)
        room = Room(configuration: configuration)
    }

    /// Changes the limits, for open connections, too.
    func change(limits: ServerLimits) {
        self.limits = limits
        gate.bounds = limits.gate
        audience.limits = limits
    }

    /// Starts what happens by itself.
    func start() {
        stores.accounts.observe(onLoop { hub, changes in hub.update(changes) })
        scheduleSweep()
    }

    // MARK: - Ticks

    /// Hands an event to the room.
    func tell(_ event: RoomEvent) {
        beginTick()
        room.handle(event, at: tick.moment, effects: &effects)
    }

    /// Marks a connection to be looked at at the end of the tick.
    func mark(_ connection: Connection) {
        if work.mark(connection) { beginTick() }
    }

    /// Begins a tick unless one is open.
    ///
    /// Its work is done after everything that the loop has to do now.
    func beginTick() {
        guard !tick.isOpen, !isClosed else { return }
        tick.begin(at: eventLoop.now, wallClock())
        eventLoop.assumeIsolated().execute { self.endTick() }
    }

    private func endTick() {
        tick.isOpen = false
        carryOutEffects()
        dismissEnded()
        departed.removeAll(keepingCapacity: true)
        writeNews()
        for connection in work.takeMarked() { attend(to: connection) }
        shed()
        finishClosing()
    }

    private func writeNews() {
        let start = eventLoop.now
        if audience.writeNews(at: tick.now) { storeQueue.fannedOut(from: start, to: eventLoop.now) }
    }

    /// Brings an answer from another thread to the hub's event loop.
    func onLoop<Answer: Sendable>(
        _ body: @escaping @Sendable (Hub, Answer) -> Void
    ) -> @Sendable (Answer) -> Void {
        let hub = NIOLoopBound(self, eventLoop: eventLoop)
        return { [eventLoop] answer in
            if eventLoop.inEventLoop {
                body(hub.value, answer)
            } else {
                eventLoop.execute { body(hub.value, answer) }
            }
        }
    }
}

extension ServerLimits {
    /// What decides whether a connection is taken.
    fileprivate var gate: ConnectionGate.Bounds {
        ConnectionGate.Bounds(total: connections ?? .max, perAddress: connectionsPerAddress, opening: openings)
    }
}
