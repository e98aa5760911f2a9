internal import ChatProtocol
internal import ChatServerCore
internal import NIOCore

/// The hub's view of one client connection.
///
/// Everything happens on the hub's event loop. Events of the transport are passed on at once; what the room wants done
/// waits for the end of the tick.
final class Connection: ServerConnectionDelegate {
    /// How close a connection is to its end.
    enum Phase {
        /// It is served.
        case open
        /// It gets its waiting output, and is then closed.
        case leaving(since: NIODeadline)
        /// It is cut at the end of the tick.
        case lost(LossReason)
    }

    /// The list of the audience that it is in, and its index there.
    enum Place {
        /// In no list: before the login and after the end.
        case nowhere
        /// Uses netstrings, and has everything in the log.
        case keepingUp(Int)
        /// Uses netstrings, and is behind.
        case straggling(Int)
        /// Uses the original's framing.
        case unframed(Int)
    }

    /// The connection's number.
    let id: ConnectionID
    /// The peer's address, for the log.
    let address: String
    /// The peer's address, for limits and bans.
    let network: NetworkAddress
    /// Whether the room still counts it as connected; other threads may read this.
    let presence = Presence()
    private let hub: Hub

    /// The handler of the socket; nil once the socket is closed.
    var handler: ServerConnectionHandler?
    /// Whether the peer may continue without TLS, if it uses none.
    var mayBePlaintext = true
    /// The framing; nil before the login.
    var framing: Framing?
    /// How close it is to its end.
    var phase = Phase.open
    /// Whether its requests are handled now.
    var throttle = RequestThrottle()
    /// When it last gave signs of life.
    var liveness: Liveness
    /// Whether it is marked to be looked at at the end of the tick.
    var isMarked = false
    /// Whether it continues after the loop has looked at the other sockets.
    var isPostponed = false

    /// The list of the audience that it is in.
    var place = Place.nowhere

    /// The waiting output, with netstrings.
    ///
    /// Its position means nothing while the connection keeps up.
    var output = FramedOutput(from: 0)
    /// How many bytes for it alone the channel has, but has not written yet.
    var ownBytesInFlight = 0
    /// How many bytes of it are counted in the sum over all connections.
    var countedBytes = 0

    init(id: ConnectionID, address: String, network: NetworkAddress, hub: Hub, now: NIODeadline) {
        self.id = id
        self.address = address
        self.network = network
        self.hub = hub
        liveness = Liveness(at: now)
    }

    /// Whether the room knows that it is gone.
    var isReported: Bool { !presence.isHere }

    /// Whether it is neither leaving nor lost.
    var isOpen: Bool {
        if case .open = phase { true } else { false }
    }

    /// Why it has to be cut; nil if it does not.
    var loss: LossReason? {
        if case .lost(let reason) = phase { reason } else { nil }
    }

    /// The position from which on it needs the log.
    var neededPosition: LogPosition {
        loss == nil && output.position < output.limit ? output.position : .max
    }

    // MARK: - To the hub

    /// Asks the hub to look at it at the end of the tick.
    func mark() {
        hub.mark(self)
    }

    /// Asks the hub to cut it at the end of the tick.
    func lose(_ reason: LossReason) {
        hub.lose(self, reason)
    }

    func connectionReceived(_ incoming: RequestStream.Incoming) -> RequestStream.FlowControl {
        hub.receive(incoming, from: self)
    }

    func connectionBroke(_ fault: StreamFault) {
        hub.dismiss(self, because: fault)
    }

    func connectionCanWrite() {
        hub.resumeWriting(to: self)
    }

    func connectionEnded() {
        hub.endInput(of: self)
    }

    func connectionClosed(_ error: (any Error)?) {
        hub.forget(self, error)
    }
}
