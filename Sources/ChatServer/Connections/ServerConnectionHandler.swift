internal import ChatProtocol
internal import NIOCore

/// The server's side of one client connection.
///
/// It reads requests and writes what it is given; it decides nothing about the chat. A connection starts unframed:
/// messages go through ``send(_:)``, one write each with some time between them. After ``beginFraming(after:)`` bytes
/// go through ``write(_:)`` and ``writeAndFlush(_:)``, at once.
///
///     unframed ──beginFraming──> agreeing ──CONVER written──> framed
///         │                          │                          │
///         └───────── finish ─────────┴──────────────────────────┘──> finishing ──> closed
///
/// Reading is in `ServerConnectionHandler+Reading`, the end of a connection in `ServerConnectionHandler+Ending`.
///
/// Not thread-safe: everything happens on the channel's event loop.
final class ServerConnectionHandler: ChannelDuplexHandler {
    /// Bytes come in.
    typealias InboundIn = ByteBuffer
    /// Nobody above this handler writes.
    typealias OutboundIn = Never
    /// Bytes go out.
    typealias OutboundOut = ByteBuffer

    /// The phase of a connection.
    enum Phase: Equatable {
        case unframed
        /// The CONVER that agrees to netstrings waits to be sent.
        case agreeing
        case framed
        /// Nothing more is read, and the waiting output is written.
        case finishing(isOutputClosed: Bool)
        case closed
    }

    /// The state of reading from the peer.
    enum InputState {
        case open
        /// The channel wants to read, but has to wait.
        case withheld
        /// The input can't be understood; the rest is ignored.
        case broken
        /// The peer will send nothing more.
        case ended
    }

    let configuration: ServerConnectionConfiguration
    let delegate: any ServerConnectionDelegate
    /// Whether bytes may go past the channel, see ``idleSocket``; if not, each connection has its own copies of its
    /// output.
    ///
    /// This is allowed only if no other handler would change the bytes, so never with TLS. It is decided before the
    /// login.
    var allowsShortcut = false
    /// Keeps the records of TLS apart while there are no netstrings; nil without TLS.
    var records: RecordSeparation?

    var context: ChannelHandlerContext?
    var phase = Phase.unframed

    var input = InputState.open
    var unread = UnreadBytes()
    var segments = SegmentCount()
    var stream: RequestStream
    /// Whether the delegate has asked for a pause.
    var isPaused = false
    var completionTimer: Scheduled<Void>?

    var queue: PacedQueue
    var pacingTimer: Scheduled<Void>?
    var output = SocketOutput()

    var closeTimer: Scheduled<Void>?
    var failure: (any Error)?

    /// Creates a handler.
    ///
    /// - Parameters:
    ///   - configuration: The limits and times of the connection.
    ///   - delegate: The receiver of events; kept until the handler is gone.
    init(configuration: ServerConnectionConfiguration, delegate: any ServerConnectionDelegate) {
        self.configuration = configuration
        self.delegate = delegate
        stream = RequestStream(bytesBeforeLogin: configuration.bytesBeforeLogin)
        queue = PacedQueue(configuration.paced)
    }

    /// Whether ``write(_:)`` may be called, and the bytes would not just pile up.
    var canWrite: Bool { output.canWrite }

    /// The socket, if nothing waits to be written to it: then bytes may be sent to it directly, past the channel.
    ///
    /// After such a write call ``didSend(_:of:)``, unless the socket took everything.
    var idleSocket: NIOBSDSocket.Handle? {
        isIdle ? output.socket : nil
    }

    /// Whether the channel has handed on everything it was given.
    var isIdle: Bool { output.isIdle }

    /// How many bytes of unframed messages are kept for this peer alone.
    var queuedBytes: Int { queue.bytes }

    /// Since when the socket has not taken an unframed message; nil if none is being written.
    var stuckSince: NIODeadline? { phase == .framed ? nil : queue.writingSince }

    // MARK: - Writing without framing

    /// Queues a message; the peer reads each of its parts with one `recv`.
    func send(_ message: PacedMessage) {
        guard phase == .unframed, let context else { return }
        queue.append(message, at: context.eventLoop.now)
        pump()
    }

    /// Writes the message that agrees to netstrings.
    ///
    /// From the next byte on both directions use netstrings.
    func beginFraming(after agreement: PacedMessage) {
        guard phase == .unframed, let context else { return }
        queue.append(agreement, at: context.eventLoop.now)
        phase = .agreeing
        pump()
    }

    /// Shortens the time between unframed messages so that all are sent by a deadline.
    func hurry(until deadline: NIODeadline) {
        guard let context else { return }
        queue.hurry(at: context.eventLoop.now, until: deadline)
        pacingTimer?.cancel()
        pacingTimer = nil
        pump()
    }

    /// Writes the next unframed message if it is time for it.
    func pump() {
        guard let context, phase != .framed, phase != .closed else { return }
        switch queue.next(at: context.eventLoop.now) {
        case .busy:
            break
        case .idle:
            closeOutput()
        case .wait(let moment):
            guard pacingTimer == nil else { return }
            pacingTimer = context.eventLoop.assumeIsolated().scheduleTask(deadline: moment) { [weak self] in
                self?.pacingTimer = nil
                self?.pump()
            }
        case .write(let bytes):
            let isAgreement = phase == .agreeing && queue.count == 0
            flush(bytes, context)
            if isAgreement { startFraming() }
        }
    }

    private func startFraming() {
        guard let context, phase == .agreeing else { return }
        phase = .framed
        stream.beginFraming()
        completionTimer?.cancel()
        completionTimer = nil
        output.canWrite = context.channel.isWritable
        if let records { context.pipeline.syncOperations.removeHandler(records, promise: nil) }
        records = nil
        if allowsShortcut {
            output.socket = try? context.pipeline.syncOperations.withUnsafeTransportIfAvailable { $0 }
        }
        if canWrite { delegate.connectionCanWrite() }
    }

    // MARK: - Writing netstrings

    /// Gives the channel the bytes that a socket did not take.
    ///
    /// - Parameters:
    ///   - count: How many bytes the socket took.
    ///   - bytes: All bytes that were offered to it.
    func didSend(_ count: Int, of bytes: ByteBuffer) {
        guard count < bytes.readableBytes else { return }
        let rest = bytes.getSlice(at: bytes.readerIndex + count, length: bytes.readableBytes - count)
        writeAndFlush(rest ?? bytes)
    }

    /// Writes bytes of whole netstrings; the next ``writeAndFlush(_:)`` sends them.
    func write(_ bytes: ByteBuffer) {
        output.write()
        context?.write(wrapOutboundOut(bytes), promise: nil)
    }

    /// Writes bytes of whole netstrings and sends them.
    func writeAndFlush(_ bytes: ByteBuffer) {
        guard let context else { return }
        flush(bytes, context)
    }

    private func flush(_ bytes: ByteBuffer, _ context: ChannelHandlerContext) {
        output.beginWrite()
        let promise = context.eventLoop.makePromise(of: Void.self)
        promise.futureResult.assumeIsolated().whenSuccess { [weak self] in self?.finishWrite() }
        context.writeAndFlush(wrapOutboundOut(bytes), promise: promise)
        output.endCall()
    }

    /// Handles that the socket has taken a write.
    private func finishWrite() {
        output.finishWrite()
        if phase == .framed {
            // If the delegate is just writing, it notices by itself that it may go on.
            if output.hasFinishedWrites, canWrite, !output.isWriting { delegate.connectionCanWrite() }
        } else if let context {
            queue.didWrite(at: context.eventLoop.now)
            pump()
            // Not right here, because the server may be in the middle of something.
            context.eventLoop.assumeIsolated().execute { [weak self] in self?.deliverHeld() }
        }
    }

    /// Tells the delegate when it may go on writing.
    func channelWritabilityChanged(context: ChannelHandlerContext) {
        guard phase == .framed else { return }
        let couldWrite = canWrite
        output.canWrite = context.channel.isWritable
        if canWrite, !couldWrite { delegate.connectionCanWrite() }
    }

    /// Stores the context.
    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
    }

    /// Drops the context.
    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
    }
}
