internal import NIOCore

/// One client's connection, seen from the server.
///
/// Reads requests and writes what it is given; decides nothing about the chat.
/// A connection starts unframed: messages go through ``send(_:)``, one write
/// each and some time apart. After ``beginFraming(after:)`` bytes go through
/// ``write(_:)`` and ``writeAndFlush(_:)``, at once.
///
///     unframed ──beginFraming──> agreeing ──CONVER written──> framed
///         │                          │                          │
///         └───────── finish ─────────┴──────────────────────────┘──> finishing ──> closed
///
/// Not thread-safe: everything happens on the channel's event loop.
final class ServerConnectionHandler: ChannelDuplexHandler {
    /// Bytes come in.
    typealias InboundIn = ByteBuffer
    /// Nobody above this handler writes.
    typealias OutboundIn = Never
    /// Bytes go out.
    typealias OutboundOut = ByteBuffer

    private enum Phase {
        case unframed
        /// The CONVER that agrees to netstrings waits for its turn.
        case agreeing
        case framed
        /// Nothing is read any more, what waits is written.
        case finishing
        case closed
    }

    private let configuration: ServerConnectionConfiguration
    private let delegate: any ServerConnectionDelegate
    private var context: ChannelHandlerContext?
    private var phase = Phase.unframed
    private var stream: RequestStream
    private var queue: PacedQueue
    private var pacingTimer: Scheduled<Void>?
    private var completionTimer: Scheduled<Void>?
    private var finishTimer: Scheduled<Void>?
    private var failure: (any Error)?
    private var isBroken = false
    private var hasPeerEnded = false
    private var hasClosedOutput = false
    private var hasSwallowedRead = false
    /// How many writes the channel has that the socket has not taken whole.
    private var unfinishedWrites = 0
    private var hasUnflushed = false
    private var isWriting = false
    /// Whether bytes may go past the channel, see ``idleSocket``;
    /// else each connection has copies of its own of what it is sent.
    ///
    /// Only where no other handler would change them: never with TLS. Settled
    /// before the login.
    var allowsShortcut = false
    /// The socket, as long as it is open and speaks netstrings.
    private var socket: NIOBSDSocket.Handle?

    /// Whether ``write(_:)`` may be called and would not just pile up.
    private(set) var canWrite = false

    /// Creates a handler.
    ///
    /// - Parameters:
    ///   - configuration: How to treat the connection.
    ///   - delegate: Who wants to know; kept until the handler is gone.
    init(configuration: ServerConnectionConfiguration, delegate: any ServerConnectionDelegate) {
        self.configuration = configuration
        self.delegate = delegate
        stream = RequestStream(bytesBeforeLogin: configuration.bytesBeforeLogin)
        queue = PacedQueue(interval: configuration.pacing, capacity: configuration.pacedMessages)
    }

    // MARK: - Writing

    /// Queues unframed messages, each to be read by a `recv` of its own.
    func send(_ messages: [PacedMessage]) {
        guard phase == .unframed else { return }
        for message in messages {
            guard queue.append(message) else { return delegate.connectionOverflowed() }
        }
        pump()
    }

    /// Writes the message that agrees to netstrings, and goes over to them with
    /// the byte after it, in both directions.
    func beginFraming(after agreement: PacedMessage) {
        guard phase == .unframed else { return }
        guard queue.append(agreement) else { return delegate.connectionOverflowed() }
        phase = .agreeing
        pump()
    }

    /// The socket, where nothing waits to be written to it: then bytes may go
    /// straight to it, past the channel.
    ///
    /// After such a write call ``didSend(_:of:)``, unless the socket took all.
    var idleSocket: NIOBSDSocket.Handle? {
        isIdle ? socket : nil
    }

    /// Whether the channel has handed on all that it was given.
    var isIdle: Bool { unfinishedWrites == 0 && !hasUnflushed }

    /// How many bytes of unframed messages wait for their turn.
    var queuedBytes: Int { queue.bytes }

    /// Leaves to the channel what a socket did not take.
    ///
    /// - Parameters:
    ///   - count: How many bytes it took.
    ///   - bytes: All that it was given.
    func didSend(_ count: Int, of bytes: ByteBuffer) {
        guard count < bytes.readableBytes else { return }
        let rest = bytes.getSlice(at: bytes.readerIndex + count, length: bytes.readableBytes - count)
        writeAndFlush(rest ?? bytes)
    }

    /// Writes bytes of whole netstrings; the next ``writeAndFlush(_:)`` sends them.
    func write(_ bytes: ByteBuffer) {
        hasUnflushed = true
        context?.write(wrapOutboundOut(bytes), promise: nil)
    }

    /// Writes bytes of whole netstrings and sends them.
    func writeAndFlush(_ bytes: ByteBuffer) {
        guard let context else { return }
        hasUnflushed = false
        isWriting = true
        context.writeAndFlush(wrapOutboundOut(bytes), promise: makePromise(context))
        isWriting = false
    }

    /// A promise by which the channel tells when the socket has taken a write.
    private func makePromise(_ context: ChannelHandlerContext) -> EventLoopPromise<Void> {
        unfinishedWrites += 1
        let promise = context.eventLoop.makePromise(of: Void.self)
        promise.futureResult.assumeIsolated().whenSuccess { [weak self] in self?.finishWrite() }
        return promise
    }

    private func finishWrite() {
        unfinishedWrites -= 1
        if phase == .framed {
            // Whoever has just called sees for itself that it may go on.
            if unfinishedWrites == 0, canWrite, !isWriting { delegate.connectionCanWrite() }
        } else if let context {
            queue.didWrite(at: context.eventLoop.now)
            pump()
            proceed()
        }
    }

    /// Shortens the time between unframed messages so that all are sent by a deadline.
    func hurry(until deadline: NIODeadline) {
        guard let context else { return }
        queue.hurry(at: context.eventLoop.now, until: deadline)
        pacingTimer?.cancel()
        pacingTimer = nil
        pump()
    }

    private func pump() {
        guard let context, phase != .framed, phase != .closed else { return }
        switch queue.next(at: context.eventLoop.now) {
        case .busy:
            break
        case .idle:
            if phase == .finishing { closeOutput() }
        case .wait(let moment):
            guard pacingTimer == nil else { return }
            pacingTimer = context.eventLoop.assumeIsolated().scheduleTask(deadline: moment) { [weak self] in
                self?.pacingTimer = nil
                self?.pump()
            }
        case .write(let bytes):
            let isAgreement = phase == .agreeing && queue.count == 0
            context.writeAndFlush(wrapOutboundOut(bytes), promise: makePromise(context))
            if isAgreement { startFraming() }
        }
    }

    private func startFraming() {
        guard let context, phase == .agreeing else { return }
        phase = .framed
        stream.beginFraming()
        completionTimer?.cancel()
        completionTimer = nil
        canWrite = context.channel.isWritable
        if allowsShortcut {
            socket = try? context.pipeline.syncOperations.withUnsafeTransportIfAvailable { $0 }
        }
        if canWrite { delegate.connectionCanWrite() }
    }

    // MARK: - Reading

    /// Takes note of the login: the bounds for strangers no longer hold.
    func endProbation() {
        stream.endProbation()
    }

    /// Goes on reading after a pause that the delegate asked for.
    func resume() {
        guard phase != .finishing, phase != .closed, !isBroken else { return }
        do throws(StreamFault) {
            try stream.resume(deliver: delegate.connectionReceived)
        } catch {
            isBroken = true
            return delegate.connectionBroke(error)
        }
        proceed()
    }

    /// Whether to read on: nobody asked for a pause, and what the peer asked for
    /// has mostly gone out to it.
    private var isHungry: Bool {
        switch phase {
        case .unframed, .agreeing:
            !stream.isPaused && queue.waitingAnswers < configuration.pacedAnswers
                && queue.count < configuration.pacedMessages / 2
        case .framed: !stream.isPaused
        // What still comes is thrown away, but the end of it has to be seen.
        case .finishing: true
        case .closed: false
        }
    }

    private func proceed() {
        guard hasSwallowedRead, isHungry else { return }
        hasSwallowedRead = false
        context?.read()
    }

    /// Reads requests from bytes.
    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard phase != .finishing, phase != .closed, !isBroken else { return }
        let chunk = unwrapInboundIn(data)
        do throws(StreamFault) {
            try stream.receive(
                chunk,
                filledReadBuffer: chunk.writableBytes == 0,
                deliver: delegate.connectionReceived
            )
        } catch {
            isBroken = true
            return delegate.connectionBroke(error)
        }
        if phase != .framed { superviseCompletion(context) }
    }

    private func superviseCompletion(_ context: ChannelHandlerContext) {
        guard stream.isWaiting else {
            completionTimer?.cancel()
            completionTimer = nil
            return
        }
        // From the first half on: further crumbs buy no more time.
        guard completionTimer == nil else { return }
        let isolated = context.eventLoop.assumeIsolated()
        completionTimer = isolated.scheduleTask(in: configuration.completion) { [weak self] in
            guard let self else { return }
            completionTimer = nil
            stream.giveUpWaiting(deliver: delegate.connectionReceived)
        }
    }

    /// Holds the next read back where the server has had enough for now.
    func read(context: ChannelHandlerContext) {
        if isHungry {
            context.read()
        } else {
            hasSwallowedRead = true
        }
    }

    // MARK: - Ending

    /// Reads nothing more, sends what was handed over so far, and closes.
    func finish() {
        guard let context, phase != .finishing, phase != .closed else { return }
        let hasStarted = phase == .framed
        phase = .finishing
        canWrite = false
        socket = nil
        completionTimer?.cancel()
        scheduleClose(context, in: configuration.farewell)
        proceed()
        if hasStarted { closeOutput() } else { pump() }
    }

    /// Closes at once; what waits is lost.
    func close() {
        guard phase != .closed else { return }
        context?.close(promise: nil)
    }

    /// Half-closes, once the socket has taken everything: where the peer has
    /// half-closed before, this closes both ways, and what waits would be lost.
    private func closeOutput() {
        guard !hasClosedOutput, unfinishedWrites == 0 else { return }
        hasClosedOutput = true
        context?.close(mode: .output, promise: nil)
    }

    private func scheduleClose(_ context: ChannelHandlerContext, in time: TimeAmount) {
        finishTimer?.cancel()
        finishTimer = context.eventLoop.assumeIsolated().scheduleTask(in: time) { [weak self] in
            self?.close()
        }
    }

    /// Sees the ends of both directions.
    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        switch event as? ChannelEvent {
        case .inputClosed:
            hasPeerEnded = true
            switch phase {
            case .unframed, .agreeing, .framed: delegate.connectionEnded()
            case .finishing: if hasClosedOutput { close() }
            // TLS closes first, and says why afterwards.
            case .closed: break
            }
        case .outputClosed:
            if hasPeerEnded {
                close()
            } else {
                scheduleClose(context, in: configuration.linger)
            }
        default:
            break
        }
    }

    /// Tells the server when it may go on.
    func channelWritabilityChanged(context: ChannelHandlerContext) {
        guard phase == .framed else { return }
        let couldWrite = canWrite
        canWrite = context.channel.isWritable
        if canWrite, !couldWrite { delegate.connectionCanWrite() }
    }

    /// Closes: there is no error from which a connection recovers.
    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        failure = failure ?? error
        context.close(promise: nil)
    }

    /// Tells the server that the connection is gone.
    func channelInactive(context: ChannelHandlerContext) {
        phase = .closed
        canWrite = false
        // The channel tells this in the same breath in which it closes the
        // socket, before the number can stand for another one.
        socket = nil
        for timer in [pacingTimer, completionTimer, finishTimer] { timer?.cancel() }
        delegate.connectionClosed(failure)
    }

    /// Keeps the context.
    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
    }

    /// Forgets the context.
    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
    }
}
