internal import NIOCore

/// How a connection ends.
extension ServerConnectionHandler {
    /// Whether the connection closes as soon as everything is written.
    var isFinishing: Bool {
        if case .finishing = phase { true } else { false }
    }

    /// Stops reading, sends the output handed over so far, and closes.
    func finish() {
        guard let context, phase != .closed, !isFinishing else { return }
        let hasStarted = phase == .framed
        phase = .finishing(isOutputClosed: false)
        output.canWrite = false
        output.socket = nil
        completionTimer?.cancel()
        scheduleClose(context, in: configuration.farewell)
        proceed()
        if hasStarted { closeOutput() } else { pump() }
    }

    /// Drops the waiting output of an unframed peer, tells it why, and closes.
    func finish(saying farewell: PacedMessage) {
        guard phase == .unframed, let context else { return finish() }
        queue.removeAll()
        queue.append(farewell, at: context.eventLoop.now)
        finish()
    }

    /// Closes at once; the waiting output is lost.
    func close() {
        guard phase != .closed else { return }
        context?.close(promise: nil)
    }

    /// Half-closes, once the socket has taken everything.
    ///
    /// If the peer has half-closed before, this closes both directions, and output that still waits would be lost.
    func closeOutput() {
        guard phase == .finishing(isOutputClosed: false), output.hasFinishedWrites else { return }
        phase = .finishing(isOutputClosed: true)
        context?.close(mode: .output, promise: nil)
    }

    private func scheduleClose(_ context: ChannelHandlerContext, in time: TimeAmount) {
        closeTimer?.cancel()
        closeTimer = context.eventLoop.assumeIsolated().scheduleTask(in: time) { [weak self] in
            self?.close()
        }
    }

    /// Handles the end of either direction.
    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        switch event as? ChannelEvent {
        case .inputClosed: endInput()
        case .outputClosed:
            if case .ended = input { close() } else { scheduleClose(context, in: configuration.linger) }
        default: break
        }
    }

    private func endInput() {
        giveUpWaiting()
        input = .ended
        switch phase {
        case .unframed, .agreeing, .framed: delegate.connectionEnded()
        case .finishing(let isOutputClosed): if isOutputClosed { close() }
        // TLS closes first and gives the reason afterwards.
        case .closed: break
        }
    }

    /// Closes the connection: it can't recover from any error.
    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        failure = failure ?? error
        context.close(promise: nil)
    }

    /// Tells the server that the connection is gone.
    func channelInactive(context: ChannelHandlerContext) {
        phase = .closed
        // The channel calls this right when it closes the socket, before its number can be used for another one.
        output = SocketOutput()
        for timer in [pacingTimer, completionTimer, closeTimer] { timer?.cancel() }
        delegate.connectionClosed(failure)
    }
}
