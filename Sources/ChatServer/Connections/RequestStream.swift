internal import ChatProtocol
internal import NIOCore

/// Why nothing more can be read from a connection.
enum StreamFault: Error, Hashable, Sendable {
    /// The peer speaks another protocol.
    case foreign(ForeignProtocol)
    /// The netstrings are out of step.
    case framing(FramingError)
    /// A peer sent more than it may before its login.
    case tooMuchBeforeLogin
}

/// Turns the bytes of one client, in chunks of any size, into requests.
///
///     first bytes ──> unframed ──beginFraming()──> framed
///          │              │                           │
///          └──────────────┴────── StreamFault ────────┘
///
/// It starts without framing, as the original does, and changes to netstrings once the server has agreed to them. It is
/// bounded in every state.
///
/// The receiver of the requests can ask for a pause after any of them; the rest then waits here until
/// ``resume(deliver:)``.
struct RequestStream: Sendable {
    /// A request, or why there is none where one should be; in both cases the stream is in step.
    typealias Incoming = Result<Request, MessageError>

    /// What the receiver of a request wants next.
    enum FlowControl: Hashable, Sendable {
        /// The next request.
        case more
        /// No more requests until ``RequestStream/resume(deliver:)``.
        case pause
    }

    private enum State {
        case firstBytes
        case unframed
        case framed
    }

    private var state = State.firstBytes
    /// The first bytes, until there are enough to recognize a foreign protocol.
    private var firstBytes: [UInt8] = []
    private var decoder = UnframedRequestDecoder()
    /// Unframed requests that wait for the end of a pause.
    private var held = HeldRequests()
    /// Netstrings that wait for their rest, or for the end of a pause.
    private var pending = ByteBuffer()
    private var allowance: Int?

    /// Whether a pause was asked for.
    private(set) var isPaused = false

    /// Creates a stream of which nothing is read yet.
    ///
    /// - Parameter bytesBeforeLogin: How many bytes are accepted before ``endProbation()``.
    init(bytesBeforeLogin: Int) {
        allowance = bytesBeforeLogin
    }

    /// Lifts the bound on the bytes before the login.
    mutating func endProbation() {
        allowance = nil
    }

    /// Reads netstrings from the next byte on.
    ///
    /// A client sends nothing between CON and CONVER, so whatever waits here is dropped.
    mutating func beginFraming() {
        state = .framed
        decoder = UnframedRequestDecoder()
        held = HeldRequests()
        allowance = nil
    }

    /// Whether half an unframed request waits for its rest.
    var isWaiting: Bool { decoder.isWaiting }

    /// How many bytes of unframed requests wait for the end of a pause.
    var heldBytes: Int { held.bytes }

    /// Delivers half an unframed request as it is, because its rest did not come in time.
    mutating func giveUpWaiting(deliver: (Incoming) -> FlowControl) {
        held.append(decoder.giveUpWaiting(), readBytes: 0)
        deliverHeld(deliver)
    }

    /// Handles the bytes of one read.
    ///
    /// - Parameters:
    ///   - chunk: The bytes.
    ///   - arrival: Whether they may be several writes of the peer.
    ///   - deliver: Called with each request in order.
    /// - Throws: ``StreamFault``; nothing more can be read then.
    mutating func receive(
        _ chunk: ByteBuffer,
        arrival: UnframedRequestDecoder.Arrival,
        deliver: (Incoming) -> FlowControl
    ) throws(StreamFault) {
        if let left = allowance {
            guard chunk.readableBytes <= left else { throw .tooMuchBeforeLogin }
            allowance = left - chunk.readableBytes
        }
        switch state {
        case .firstBytes:
            firstBytes += chunk.readableBytesView.prefix(ForeignProtocol.verbBytes - firstBytes.count)
            if let foreign = ForeignProtocol(firstBytes.span) { throw .foreign(foreign) }
            if firstBytes.count >= ForeignProtocol.verbBytes { state = .unframed }
            // Bytes that may be a verb have no comma, so they wait for their rest below.
            fallthrough
        case .unframed:
            held.append(decoder.receive(chunk.readableBytesUInt8Span, arrival), readBytes: chunk.readableBytes)
            deliverHeld(deliver)
        case .framed:
            try receiveFramed(chunk, deliver: deliver)
        }
    }

    /// Makes requests wait until ``resume(deliver:)``.
    mutating func pause() {
        isPaused = true
    }

    /// Ends a pause and delivers the waiting requests, until the next pause.
    ///
    /// - Throws: ``StreamFault``; nothing more can be read then.
    mutating func resume(deliver: (Incoming) -> FlowControl) throws(StreamFault) {
        guard isPaused else { return }
        isPaused = false
        deliverHeld(deliver)
        if pending.readableBytes > 0 { try deliverPending(deliver) }
    }

    private mutating func deliverHeld(_ deliver: (Incoming) -> FlowControl) {
        while !isPaused, let incoming = held.popFirst() {
            isPaused = deliver(incoming) == .pause
        }
    }

    private mutating func receiveFramed(_ chunk: ByteBuffer, deliver: (Incoming) -> FlowControl) throws(StreamFault) {
        guard pending.readableBytes == 0, !isPaused else {
            pending.writeImmutableBuffer(chunk)
            if !isPaused { try deliverPending(deliver) }
            return
        }
        // The common case: whole frames, read in place.
        let used = try deliverFrames(in: chunk.readableBytesUInt8Span, deliver)
        guard used < chunk.readableBytes else { return }
        // Copy the rest, because a slice would keep the whole read buffer.
        pending = ByteBuffer(bytes: chunk.readableBytesView.dropFirst(used))
    }

    private mutating func deliverPending(_ deliver: (Incoming) -> FlowControl) throws(StreamFault) {
        let bytes = pending
        pending = ByteBuffer()
        let used = try deliverFrames(in: bytes.readableBytesUInt8Span, deliver)
        guard used > 0 else {
            pending = bytes
            return
        }
        guard used < bytes.readableBytes else { return }
        pending = ByteBuffer(bytes: bytes.readableBytesView.dropFirst(used))
    }

    /// - Returns: How many bytes were used up.
    private mutating func deliverFrames(
        in bytes: Span<UInt8>,
        _ deliver: (Incoming) -> FlowControl
    ) throws(StreamFault) -> Int {
        var start = 0
        while start < bytes.count, !isPaused {
            let rest = bytes.extracting(start..<bytes.count)
            guard let (payload, end) = try Self.frame(at: rest) else { break }
            start += end
            let incoming: Incoming
            do throws(MessageError) {
                incoming = .success(try Request(decoding: rest.extracting(payload)))
            } catch {
                incoming = .failure(error)
            }
            isPaused = deliver(incoming) == .pause
        }
        return start
    }

    private static func frame(at bytes: Span<UInt8>) throws(StreamFault) -> (payload: Range<Int>, end: Int)? {
        do throws(FramingError) {
            switch try Netstring.scan(bytes, limit: Limits.framedRequestBytes) {
            case .incomplete: return nil
            case .frame(let payload, let end): return (payload, end)
            }
        } catch {
            throw .framing(error)
        }
    }
}
