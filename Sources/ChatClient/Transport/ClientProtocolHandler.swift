internal import ChatProtocol
internal import NIOCore

/// The client's side of the protocol on one connection: encodes requests and decodes responses.
///
/// It starts as with an original server: one request per write, at intervals and limited in size, and responses
/// separated as well as possible. It switches to netstrings when a CONVER agrees to them. Between CON and CONVER
/// nothing is sent. A close waits for everything written before it.
final class ClientProtocolHandler: ChannelDuplexHandler {
    /// Bytes from the server.
    typealias InboundIn = ByteBuffer
    /// Responses and errors.
    typealias InboundOut = ServerEvent
    /// Requests to send.
    typealias OutboundIn = Request
    /// Bytes for the server.
    typealias OutboundOut = ByteBuffer

    /// The most requests that may wait on an unframed connection.
    static let queueLimit = 1024

    private var decoder: ServerStreamDecoder
    private var quiet: Scheduled<Void>?

    private var queue: CircularBuffer<Write> = []
    private var turn: Scheduled<Void>?
    private var lastWrite: NIODeadline?
    private var awaitsLogin = false

    private let closeGrace: TimeAmount
    private var closing = Closing.not
    private var patience: Scheduled<Void>?
    /// Whether a DISCON waits until the server sends something.
    private var holdsGoodbye = false

    private enum Write {
        /// A request; it is encoded only when its turn comes, because the framing may change until then.
        case request(Request, EventLoopPromise<Void>?)
        case bytes(ByteBuffer, EventLoopPromise<Void>?)
    }

    private enum Closing {
        /// No close was requested.
        case not
        /// The queue is sent first.
        case draining(CloseMode, EventLoopPromise<Void>?)
        /// The last bytes are being written.
        case flushing
    }

    /// Creates a handler for a connection.
    ///
    /// - Parameters:
    ///   - decoder: What has read the connection so far.
    ///   - closeGrace: How long a close waits for what was written before it.
    init(decoder: ServerStreamDecoder = ServerStreamDecoder(), closeGrace: TimeAmount = .seconds(2)) {
        self.decoder = decoder
        self.closeGrace = closeGrace
    }

    // MARK: From the server

    /// Decodes received bytes.
    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        quiet?.cancel()
        quiet = nil
        var events: [ServerEvent] = []
        do throws(FramingError) {
            try decoder.receive(unwrapInboundIn(data), into: &events)
        } catch {
            fire(events, context: context)
            context.fireErrorCaught(error)
            context.close(promise: nil)
            return
        }
        if let milliseconds = decoder.waitMilliseconds {
            quiet = context.eventLoop.assumeIsolated().scheduleTask(in: .milliseconds(Int64(milliseconds))) {
                self.quiet = nil
                self.endOfSilence(context: context)
            }
        }
        fire(events, context: context)
    }

    /// Passes on a message that was held back in case more of it came.
    func channelInactive(context: ChannelHandlerContext) {
        fire(decoder.giveUpWaiting(), context: context)
        stop()
        context.fireChannelInactive()
    }

    /// Drops everything that waits.
    func handlerRemoved(context: ChannelHandlerContext) {
        stop()
    }

    private func endOfSilence(context: ChannelHandlerContext) {
        fire(decoder.giveUpWaiting(), context: context)
        context.fireChannelReadComplete()
    }

    private func fire(_ events: [ServerEvent], context: ChannelHandlerContext) {
        if holdsGoodbye, !events.isEmpty {
            holdsGoodbye = false
            // Others may have made the server say this, so leave it the time to read our request.
            schedule(in: HangUp.pause, context: context) { self.sayGoodbye(context: context) }
        }
        for event in events {
            if case .response(let response) = event, case .login = response.body {
                awaitsLogin = false
            }
            context.fireChannelRead(wrapInboundOut(event))
        }
        if !awaitsLogin { drain(context: context) }
    }

    // MARK: To the server

    /// Sends a request, or queues it until its turn.
    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        let request = unwrapOutboundIn(data)
        guard case .not = closing else {
            promise?.fail(RequestError.closed)
            return
        }
        if decoder.framing == .netstring, queue.isEmpty {
            context.write(wrapOutboundOut(Self.netstring(request)), promise: promise)
            return
        }
        guard queue.count < Self.queueLimit else {
            promise?.fail(RequestError.tooManyWaiting)
            return
        }
        if case .connect = request {
            // A login goes first, because everything else may be waiting for its answer.
            queue.prepend(.request(request, promise))
            awaitsLogin = false
        } else {
            queue.append(.request(request, promise))
        }
        drain(context: context)
    }

    /// Closes the connection once everything is sent.
    func close(context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?) {
        guard mode != .input, context.channel.isActive else {
            context.close(mode: mode, promise: promise)
            return
        }
        guard case .not = closing else {
            context.channel.closeFuture.cascade(to: promise)
            return
        }
        closing = .draining(mode, promise)
        schedule(in: closeGrace, context: context) { context.close(mode: mode, promise: nil) }
        if awaitsLogin {
            closeAfterFlush(context: context)
        } else {
            drain(context: context)
        }
    }

    /// Sends DISCON and leaves closing to the server.
    func triggerUserOutboundEvent(context: ChannelHandlerContext, event: Any, promise: EventLoopPromise<Void>?) {
        guard let hangUp = event as? HangUp else {
            context.triggerUserOutboundEvent(event, promise: promise)
            return
        }
        failQueue()
        if hangUp.afterAnswer {
            holdsGoodbye = true
            schedule(in: HangUp.longestSilence, context: context) { context.close(promise: nil) }
        } else {
            sayGoodbye(context: context)
        }
        promise?.succeed()
    }

    private func sayGoodbye(context: ChannelHandlerContext) {
        awaitsLogin = false
        queue.append(.request(.disconnect, nil))
        schedule(in: HangUp.farewell, context: context) { context.close(promise: nil) }
        drain(context: context)
    }

    private func schedule(in time: TimeAmount, context: ChannelHandlerContext, _ next: @escaping () -> Void) {
        patience?.cancel()
        patience = context.eventLoop.assumeIsolated().scheduleTask(in: time, next)
    }

    /// Sends what may be sent now from the queue, and schedules the rest.
    private func drain(context: ChannelHandlerContext) {
        while !awaitsLogin, !queue.isEmpty {
            if decoder.framing == .netstring {
                writeNetstrings(context: context)
                break
            }
            let now = context.eventLoop.now
            if let lastWrite {
                let next = lastWrite + .milliseconds(Int64(Limits.unframedPacingMilliseconds))
                if now < next { return wait(until: next, context: context) }
            }
            writeOne(context: context, at: now)
        }
        if queue.isEmpty { closeAfterFlush(context: context) }
    }

    private func wait(until deadline: NIODeadline, context: ChannelHandlerContext) {
        guard turn == nil else { return }
        turn = context.eventLoop.assumeIsolated().scheduleTask(deadline: deadline) {
            self.turn = nil
            self.drain(context: context)
        }
    }

    private func writeOne(context: ChannelHandlerContext, at now: NIODeadline) {
        switch queue.popFirst() {
        case .bytes(let buffer, let promise)?:
            lastWrite = now
            context.writeAndFlush(wrapOutboundOut(buffer), promise: promise)
        case .request(let request, let promise)?:
            do throws(RequestError) {
                let writes = try UnframedRequestEncoder.writes(request)
                for (index, bytes) in writes.enumerated().reversed() {
                    let isLast = index == writes.count - 1
                    queue.prepend(.bytes(ByteBuffer(bytes: bytes), isLast ? promise : nil))
                }
                if case .connect = request { awaitsLogin = true }
            } catch {
                promise?.fail(error)
                return
            }
            writeOne(context: context, at: now)
        case nil:
            return
        }
    }

    private func writeNetstrings(context: ChannelHandlerContext) {
        while let write = queue.popFirst() {
            switch write {
            case .request(let request, let promise):
                context.write(wrapOutboundOut(Self.netstring(request)), promise: promise)
            case .bytes(_, let promise):
                // The second half of an unframed request would break a framed stream. It can't exist, because nothing
                // is sent between CON and CONVER.
                promise?.fail(RequestError.closed)
            }
        }
        context.flush()
    }

    private static func netstring(_ request: Request) -> ByteBuffer {
        var message: [UInt8] = []
        request.encode(into: &message, framing: .netstring)
        var bytes: [UInt8] = []
        bytes.reserveCapacity(message.count + Limits.netstringLengthDigits + 2)
        Netstring.encode(message, into: &bytes)
        return ByteBuffer(bytes: bytes)
    }

    // MARK: Closing

    private func closeAfterFlush(context: ChannelHandlerContext) {
        guard case .draining(let mode, let promise) = closing else { return }
        closing = .flushing
        // This is last in line, so when it is written everything before it is, too.
        let written = context.eventLoop.makePromise(of: Void.self)
        context.writeAndFlush(wrapOutboundOut(ByteBuffer()), promise: written)
        written.futureResult.assumeIsolated().whenComplete { _ in
            context.close(mode: mode, promise: promise)
        }
    }

    private func stop() {
        quiet?.cancel()
        quiet = nil
        turn?.cancel()
        turn = nil
        patience?.cancel()
        patience = nil
        failQueue()
    }

    private func failQueue() {
        while let write = queue.popFirst() {
            switch write {
            case .request(_, let promise), .bytes(_, let promise): promise?.fail(RequestError.closed)
            }
        }
    }
}

/// Ends a connection in the way an original server needs: a DISCON that arrives in a read of its own, and the server
/// closes first.
struct HangUp: Sendable {
    /// How long to keep the connection to a silent server.
    ///
    /// If we close before the server reads again, it fails over the dead connection.
    static let longestSilence = TimeAmount.minutes(30)
    /// How long the server has to read an outstanding request, from its first sign of life on.
    static let pause = TimeAmount.seconds(1)
    /// How long to wait for the server's answer to the DISCON.
    static let farewell = TimeAmount.seconds(10)

    /// Whether to wait for an outstanding answer before sending DISCON.
    var afterAnswer: Bool
}
