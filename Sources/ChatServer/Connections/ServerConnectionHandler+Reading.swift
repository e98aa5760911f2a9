internal import ChatProtocol
internal import NIOCore

/// Reading from the peer.
///
/// While requests have to wait, an unframed connection is still read, up to a bound: each read is one request, and in
/// the socket several would become one. Netstrings may wait in the socket, because they can always be told apart.
extension ServerConnectionHandler {
    /// Lifts the bounds for peers that have not logged in.
    func endProbation() {
        stream.endProbation()
    }

    /// Whether some requests that were read may still have to be delivered.
    var isHolding: Bool { stream.isPaused }

    /// Continues with requests after a pause that the delegate asked for.
    func resume() {
        isPaused = false
        deliverHeld()
    }

    /// Delivers the waiting requests, until something makes them wait again.
    func deliverHeld() {
        guard isReading, !isPaused, !owesAnswers else { return }
        if stream.isPaused {
            do throws(StreamFault) {
                try stream.resume(deliver: deliver)
            } catch {
                return fail(error)
            }
            if !stream.isPaused, case .ended = input { delegate.connectionEnded() }
        }
        proceed()
    }

    private var isReading: Bool {
        switch phase {
        case .unframed, .agreeing, .framed:
            if case .broken = input { false } else { true }
        case .finishing, .closed: false
        }
    }

    /// Whether so many answers wait for an unframed peer that it must read some before it gets more.
    private var owesAnswers: Bool {
        phase == .unframed && queue.waitingAnswers >= configuration.pacedAnswers
    }

    private func deliver(_ incoming: RequestStream.Incoming) -> RequestStream.FlowControl {
        isPaused = delegate.connectionReceived(incoming) == .pause
        return isPaused || owesAnswers ? .pause : .more
    }

    private func fail(_ fault: StreamFault) {
        let isWithheld = if case .withheld = input { true } else { false }
        input = .broken
        if isWithheld { context?.read() }
        delegate.connectionBroke(fault)
    }

    /// Delivers half an unframed request as it is, because its rest will not come.
    func giveUpWaiting() {
        guard phase == .unframed, isReading, stream.isWaiting else { return }
        stream.giveUpWaiting(deliver: deliver)
    }

    /// Whether there is room for the peer's next requests.
    private var mayRead: Bool {
        if case .broken = input { return true }
        return switch phase {
        case .unframed, .agreeing: stream.heldBytes < configuration.readAhead
        case .framed: !stream.isPaused
        // Input is thrown away now, but its end has to be noticed.
        case .finishing: true
        case .closed: false
        }
    }

    /// Continues reading if the channel had to wait for it.
    func proceed() {
        guard case .withheld = input, mayRead, let context else { return }
        input = .open
        unread.readingContinued(at: context.eventLoop.now)
        context.read()
    }

    /// Delays the next read if too much waits already.
    func read(context: ChannelHandlerContext) {
        if mayRead {
            context.read()
        } else if case .open = input {
            input = .withheld
        }
    }

    /// Reads requests from bytes.
    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard isReading else { return }
        let chunk = unwrapInboundIn(data)
        // Netstrings can be told apart however they arrived.
        let arrival = phase == .framed ? .prompt : arrival(of: chunk, context)
        if owesAnswers { stream.pause() }
        do throws(StreamFault) {
            try stream.receive(chunk, arrival: arrival, deliver: deliver)
        } catch {
            return fail(error)
        }
        if phase != .framed { superviseCompletion(context) }
    }

    /// Whether bytes of an unframed connection may be several writes of the peer.
    private func arrival(of chunk: ByteBuffer, _ context: ChannelHandlerContext) -> UnframedRequestDecoder.Arrival {
        var isJoined = false
        let socket: NIOBSDSocket.Handle? = try? context.pipeline.syncOperations.withUnsafeTransportIfAvailable { $0 }
        if let socket {
            PromptAcknowledgement.send(on: socket)
            // In TLS each record is a write of its own, and a read of its own.
            if records == nil, let received = ReceivedData(of: socket) {
                isJoined = segments.read(chunk.readableBytes, of: received)
            }
        }
        return unread.read(fillsBuffer: chunk.writableBytes == 0, isJoined: isJoined, at: context.eventLoop.now)
    }

    private func superviseCompletion(_ context: ChannelHandlerContext) {
        guard stream.isWaiting else {
            completionTimer?.cancel()
            completionTimer = nil
            return
        }
        // The time runs from the first half on: more crumbs buy no more time.
        guard completionTimer == nil else { return }
        let isolated = context.eventLoop.assumeIsolated()
        completionTimer = isolated.scheduleTask(in: configuration.completion) { [weak self] in
            guard let self else { return }
            completionTimer = nil
            // The rest may be in the socket, from which nobody reads now.
            if case .withheld = input { return superviseCompletion(context) }
            stream.giveUpWaiting(deliver: deliver)
        }
    }
}
