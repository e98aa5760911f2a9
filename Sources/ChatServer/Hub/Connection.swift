internal import ChatProtocol
internal import ChatServerCore
internal import NIOCore

/// One client's connection as the hub sees it.
///
/// Everything happens on the hub's event loop. What the transport tells is
/// passed on at once; what the room wants done waits for the end of the tick.
final class Connection: ServerConnectionDelegate {
    /// How far a connection is from its end.
    enum Phase {
        /// It is served.
        case open
        /// It gets what waits for it, and is closed then.
        case leaving(since: NIODeadline)
        /// It is cut at the end of the tick.
        case lost(LossReason)
    }

    /// Which of the audience's lists it is in, and where.
    enum Place {
        /// Before the login and after the end.
        case nowhere
        /// Netstrings, and has everything that is in the log.
        case keepingUp(Int)
        /// Netstrings, and gets the log at its own pace.
        case straggling(Int)
        /// The original's framing.
        case unframed(Int)
    }

    /// Its number.
    let id: ConnectionID
    /// The peer's address, for the log.
    let address: String
    /// The peer's address, for limits and bans.
    let network: NetworkAddress
    /// Ends when the room hears that it is gone; other threads see it, too.
    let presence = Presence()
    private let hub: Hub

    /// The way to the socket; nil once that is closed.
    var handler: ServerConnectionHandler?
    /// Whether the peer may go on without TLS, as far as it does.
    var mayBePlaintext = true
    /// How messages are told apart; nil before the login.
    var framing: Framing?
    /// How far it is from its end.
    var phase = Phase.open
    /// Whether it is read from.
    var reading = Reading()
    /// When it gave signs of life.
    var liveness: Liveness
    /// Whether it is to be looked at at the end of the tick.
    var isMarked = false
    /// Whether it goes on after the loop has looked at the sockets again.
    var isPostponed = false

    /// In which of the audience's lists it is.
    var place = Place.nowhere
    /// What waits to be written, with netstrings.
    ///
    /// Its position means nothing while the connection keeps up.
    var output = FramedOutput(from: 0)
    /// How many bytes of its own are with the channel and not yet written.
    var ownBytesInFlight = 0
    /// How many bytes are counted for it in the sum over all connections.
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

    /// Whether it is served, neither leaving nor lost.
    var isOpen: Bool {
        if case .open = phase { true } else { false }
    }

    /// Why it is to be cut; nil where it is not.
    var loss: LossReason? {
        if case .lost(let reason) = phase { reason } else { nil }
    }

    /// From where on it needs the log.
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

    func connectionReceived(_ incoming: RequestStream.Incoming) -> RequestStream.Appetite {
        hub.receive(incoming, from: self)
    }

    func connectionBroke(_ fault: StreamFault) {
        hub.dismiss(self, because: fault)
    }

    func connectionCanWrite() {
        hub.resumeWriting(to: self)
    }

    func connectionOverflowed() {
        lose(.tooSlow)
    }

    func connectionEnded() {
        hub.endInput(of: self)
    }

    func connectionClosed(_ error: (any Error)?) {
        hub.forget(self, error)
    }
}
