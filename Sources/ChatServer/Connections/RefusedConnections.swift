internal import ChatProtocol
internal import ChatServerCore
internal import NIOCore

/// Connections past the bounds, which are told why before they are closed.
///
/// A client that is just closed has to guess: one that speaks TLS could take the server for one without. So its first
/// request is answered with a WARN, inside TLS if the client started with that. All of this is bounded, because a flood
/// of connections may be meant to keep the server busy.
final class RefusedConnections {
    /// How long to wait for the first request.
    private static let patience = TimeAmount.seconds(5)
    /// A TLS record with the fatal alert "internal error"; only TLS looks like that.
    private static let alert: [UInt8] = [0x15, 0x03, 0x03, 0x00, 0x02, 0x02, 0x50]

    private var count = 0
    private var handshakes: TokenBucket?
    private var log = RefusalLog()

    /// Decides whether a refusal is logged, see ``RefusalLog``.
    func note(_ refusal: Refusal, isTold: Bool, at now: NIODeadline) -> Int? {
        log.note(refusal, isTold: isTold, at: now)
    }

    /// Sets up a connection that is refused, or closes it if there are too many.
    ///
    /// - Parameter now: The time of the refusal.
    /// - Returns: Whether the peer is told why.
    func setUp(
        _ channel: any Channel,
        _ refusal: Refusal,
        _ encryption: ListenerEncryption,
        _ limits: ServerLimits,
        at now: Timestamp
    ) throws -> Bool {
        guard count < limits.refusedConnections else {
            channel.close(promise: nil)
            return false
        }
        count += 1
        let connection = RefusedConnection(
            Response(at: now, .warning(refusal.sentence, refusal)),
            on: channel.eventLoop,
            didClose: { [self] in count -= 1 }
        )
        let handler = ServerConnectionHandler(configuration: limits.connection, delegate: connection)
        connection.handler = handler
        channel.eventLoop.assumeIsolated().scheduleTask(in: Self.patience) { [weak handler] in handler?.close() }
        do {
            try encryption.prepare(channel, handler) { [self] opening in
                guard opening == .tls, !mayShakeHands(limits.refusedHandshakes, at: now) else { return true }
                channel.writeAndFlush(ByteBuffer(bytes: Self.alert), promise: nil)
                return false
            }
        } catch {
            count -= 1
            throw error
        }
        return true
    }

    private func mayShakeHands(_ rate: TokenBucket.Rate, at now: Timestamp) -> Bool {
        var bucket = handshakes ?? TokenBucket(rate, at: now)
        defer { handshakes = bucket }
        return bucket.tryTake(rate: rate, at: now) == nil
    }
}

/// A refused connection: it answers the first request and closes.
private final class RefusedConnection: ServerConnectionDelegate {
    weak var handler: ServerConnectionHandler?
    private let warning: Response
    private let eventLoop: any EventLoop
    private let didClose: () -> Void

    init(_ warning: Response, on eventLoop: any EventLoop, didClose: @escaping () -> Void) {
        self.warning = warning
        self.eventLoop = eventLoop
        self.didClose = didClose
    }

    func connectionReceived(_ incoming: RequestStream.Incoming) -> RequestStream.FlowControl {
        let words = answer(to: try? incoming.get())
        eventLoop.assumeIsolated().execute { [weak handler] in handler?.finish(saying: words) }
        return .pause
    }

    /// A client that asks for framing also understands the code word.
    private func answer(to request: Request?) -> PacedMessage {
        guard case .connect(let login) = request, login.framing == .netstring else {
            return PacedMessage(warning)
        }
        var bytes: [UInt8] = []
        warning.encode(into: &bytes, framing: .netstring)
        return PacedMessage(ByteBuffer(bytes: bytes), kind: .answer)
    }

    func connectionBroke(_ fault: StreamFault) {
        eventLoop.assumeIsolated().execute { [weak handler] in handler?.close() }
    }

    func connectionEnded() {
        // Finish after the answer to the last request.
        eventLoop.assumeIsolated().execute { [weak handler] in handler?.finish() }
    }

    func connectionClosed(_ error: (any Error)?) { didClose() }

    func connectionCanWrite() {}
}

/// Decides which refused connections are logged.
///
/// A flood of connections must not become a flood of lines.
struct RefusalLog {
    /// The least time between two lines for the same reason.
    private static let interval = TimeAmount.seconds(10)

    private struct Kind: Hashable {
        var refusal: Refusal
        var isTold: Bool
    }

    private var lines: [Kind: (last: NIODeadline, unsaid: Int)] = [:]

    /// Records a refusal.
    ///
    /// - Returns: Nil if it is not logged, else how many before it were not.
    mutating func note(_ refusal: Refusal, isTold: Bool, at now: NIODeadline) -> Int? {
        let kind = Kind(refusal: refusal, isTold: isTold)
        guard let line = lines[kind] else {
            lines[kind] = (now, 0)
            return 0
        }
        guard now - line.last >= Self.interval else {
            lines[kind]?.unsaid += 1
            return nil
        }
        lines[kind] = (now, 0)
        return line.unsaid
    }
}

extension Refusal {
    /// The sentence for a peer that is refused.
    fileprivate var sentence: String {
        switch self {
        case .addressFull: "Too many connections from your address are open. Please try again when one has closed."
        case .tooFast: "Too many connections from your address in a short time. Please try again in a minute."
        case .closing: "The server is closing. Please try again later."
        default: "The server is full. Please try again later."
        }
    }
}
