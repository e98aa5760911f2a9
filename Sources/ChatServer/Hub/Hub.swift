internal import ChatProtocol
internal import ChatServerCore
internal import Logging
internal import NIOCore

/// Owns the room and all connections, on one event loop.
///
/// What arrives in one tick of the loop is one batch. The room handles the events as they come and says what to do. At
/// the end of the tick that is done in order: records go to the store, answers and broadcasts go to where the
/// connections read them, and then every connection gets one write.
///
///     sockets ─> events ─> room ─> effects ─> store queue ─> room ─> effects ─> audience ─> sockets
///
/// One loop means one order: every receiver and the history see the same order.
final class Hub {
    let eventLoop: any EventLoop
    let logger: Logger
    let stores: Stores
    private(set) var limits: ServerLimits

    var room: Room
    /// The effects of the room that are not carried out yet.
    var effects: [RoomEffect] = []
    /// The records on their way to the store.
    var storeQueue = StoreQueue()
    /// The connections that are logged in, and their waiting output.
    let audience: Audience

    /// Decides which connections are accepted.
    var gate: ConnectionGate
    /// The connections that the gate refused, and that are told so.
    let refused = RefusedConnections()
    var connections: [ConnectionID: Connection] = [:]
    /// The connections that need something done.
    var work = WorkList()
    /// The addresses of the connections that closed in this tick, for the log.
    var departed: [ConnectionID: String] = [:]

    /// The counters for the operator.
    var metrics = ServerMetrics()
    /// Whether the registered users were loaded, so that later changes are news.
    var hasAccounts = false
    /// Whether the server is closing or closed.
    var lifetime = Lifetime.serving
    private(set) var tick = Tick()
    private let wallClock: () -> Timestamp

    /// The stores of messages, registered users and bans.
    struct Stores: Sendable {
        var messages: any MessageStore
        var accounts: any AccountStore
        var bans: any BanStore
    }

    /// Whether the server is closing or closed.
    enum Lifetime {
        case serving
        /// Everybody still gets their output; at the deadline the connections that are left are cut.
        case closing(deadline: NIODeadline, completion: () -> Void)
        /// Later answers of a store are ignored.
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

    /// Changes the limits, also for open connections.
    func change(limits: ServerLimits) {
        self.limits = limits
        gate.bounds = limits.gate
        audience.limits = limits
    }

    /// Starts the timers and loads the registered users.
    func start() {
        stores.accounts.observe(onLoop { hub, changes in hub.update(changes) })
        scheduleSweep()
    }

    // MARK: - Ticks

    /// Passes an event to the room.
    func tell(_ event: RoomEvent) {
        beginTick()
        room.handle(event, at: tick.moment, effects: &effects)
    }

    /// Marks a connection to be looked at at the end of the tick.
    func mark(_ connection: Connection) {
        if work.mark(connection) { beginTick() }
    }

    /// Begins a tick, unless one has begun.
    ///
    /// Its work is done after everything else that the loop has to do now.
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
    /// The limits that decide whether a connection is accepted.
    fileprivate var gate: ConnectionGate.Bounds {
        ConnectionGate.Bounds(total: connections ?? .max, perAddress: connectionsPerAddress, opening: openings)
    }
}
