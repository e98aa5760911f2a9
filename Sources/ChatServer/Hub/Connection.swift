internal import ChatProtocol
internal import ChatServerCore
internal import NIOCore

/// One connection as the hub sees it.
///
/// Everything happens on the hub's event loop. What the transport tells is
/// passed on at once; what the room wants done waits for the end of the tick.
final class Connection: ServerConnectionDelegate {
    /// Its number.
    let id: ConnectionID
    /// The peer's address.
    let address: String

    private let hub: Hub

    /// The way to the socket; nil once the connection is gone.
    var handler: ServerConnectionHandler?
    /// Whether what it says is listened to, as far as encryption is concerned.
    var mayBePlaintext = true
    /// How messages are told apart; nil before the login.
    var framing: Framing?
    /// What waits to be written, with netstrings.
    ///
    /// Its position means nothing while the connection keeps up.
    var output: FramedOutput
    /// In which of the hub's lists it is.
    var place = Place.nowhere
    /// Whether it waits to be looked at at the end of the tick.
    var isDirty = false
    /// Why it is to be closed, once that is certain.
    var loss: LossReason?
    /// Ends when the room hears that it is gone; other threads see it, too.
    let presence = Presence()
    /// Whether the room knows that it is gone.
    var isReported: Bool { !presence.isHere }
    /// Whether it closes as soon as everything is written.
    var isLeaving = false
    /// Since when that is so.
    var leavingSince: NIODeadline?
    /// Whether the rest of what it sent waits.
    var isPaused = false
    /// Whether its work goes on after the loop has looked at the sockets again.
    var isPostponed = false
    /// Until when it is not listened to, because it asked for too much too fast.
    var restsUntil: NIODeadline?
    /// When its peer said that nothing more will come.
    var endedAt: NIODeadline?
    /// When it was taken.
    let opened: NIODeadline
    /// When it last said something.
    var lastHeard: NIODeadline
    /// When it was asked whether it is still there.
    var pinged: NIODeadline?
    /// When it was asked because somebody else wants its nickname.
    var probed: NIODeadline?
    /// Since when nothing more fits into its socket.
    var stuckSince: NIODeadline?
    /// How many bytes of its own are with the channel, written by nobody yet.
    var ownBytesInFlight = 0
    /// How many bytes the hub has counted for it.
    var accountedBytes = 0

    /// Which of the hub's lists for broadcasts a connection is in, and where.
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

    /// Whom the gate counted it for.
    let network: NetworkAddress
    private var budget = RequestBudget()
    /// How many requests it made in which tick.
    private var spent = (credit: 0, tick: UInt64(0))

    init(id: ConnectionID, address: String, network: NetworkAddress, hub: Hub, now: NIODeadline) {
        self.id = id
        self.address = address
        self.network = network
        opened = now
        self.hub = hub
        output = FramedOutput(from: 0)
        lastHeard = now
    }

    /// From where on it needs the log.
    var neededPosition: LogPosition {
        loss == nil && output.position < output.limit ? output.position : .max
    }

    /// Counts a request.
    ///
    /// - Returns: Whether that was the last one for this tick.
    func spendCredit(of limits: ServerLimits, in tick: UInt64) -> Bool {
        if spent.tick != tick { spent = (0, tick) }
        spent.credit += 1
        return spent.credit >= limits.requestsPerTick
    }

    /// Charges a request.
    ///
    /// - Returns: For how many milliseconds to take nothing more.
    func charge(_ request: Request?, within bounds: RequestBudget.Bounds, at now: Timestamp) -> Int {
        budget.charge(request, within: bounds, at: now)
    }

    func connectionReceived(_ incoming: RequestStream.Incoming) -> RequestStream.Appetite {
        hub.received(incoming, from: self)
    }

    func connectionBroke(_ fault: StreamFault) {
        hub.broke(self, fault)
    }

    func connectionCanWrite() {
        hub.canWrite(self)
    }

    func connectionOverflowed() {
        hub.overflowed(self)
    }

    func connectionEnded() {
        hub.ended(self)
    }

    func connectionClosed(_ error: (any Error)?) {
        hub.closed(self, error)
    }
}
