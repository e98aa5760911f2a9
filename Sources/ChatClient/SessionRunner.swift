internal import ChatProtocol
internal import ChatSession
internal import ChatSystem
internal import DequeModule
internal import NIOCore

/// Runs a session with its socket, its timers and its clock.
///
/// Belongs to one event loop; use it nowhere else.
final class SessionRunner {
    private var session: Session
    private let connector: any Connector
    private let eventLoop: any EventLoop
    private let finished: EventLoopPromise<Void>
    private var outlet: UpdateOutlet
    private var channel: (any Channel)?
    /// The number of the current socket; late events of an older socket are recognized by it and ignored.
    private var generation = 0
    private var timers: [SessionTimer: Scheduled<Void>] = [:]
    private var events: Deque<SessionEvent> = []
    private var isRunning = false
    private var isFinished = false

    init(
        session: Session,
        connector: any Connector,
        on eventLoop: any EventLoop,
        finished: EventLoopPromise<Void>,
        onUpdates: @escaping @Sendable ([SessionUpdate]) -> Void
    ) {
        self.session = session
        self.connector = connector
        self.eventLoop = eventLoop
        self.finished = finished
        self.outlet = UpdateOutlet(onUpdates: onUpdates)
    }

    /// Passes an event to the session; all its effects are performed when this returns.
    func take(_ event: SessionEvent) {
        guard !isFinished else { return }
        events.append(event)
        // An effect may cause the next event immediately; that event waits in the queue.
        guard !isRunning else { return }
        isRunning = true
        defer { isRunning = false }
        while let event = events.popFirst(), !isFinished {
            let time = SystemClock.now
            let now = Timestamp(unixMilliseconds: time.unixMilliseconds, utcOffsetSeconds: time.utcOffsetSeconds)
            for effect in session.handle(event, at: now) { perform(effect) }
        }
        channel?.flush()
    }

    /// Passes an event of a connection to the session; events of an old connection are ignored.
    func take(_ event: SessionEvent, from generation: Int) {
        guard generation == self.generation else { return }
        if case .closed = event { channel = nil }
        take(event)
    }

    /// Stops at once, without waiting for the server.
    func abandon() {
        // The session says goodbye if it can.
        take(.timer(.farewell))
        guard !isFinished else { return }
        finish()
    }

    private func perform(_ effect: SessionEffect) {
        guard !isFinished else { return }
        switch effect {
        case .open(let allowsPlainText): open(allowsPlainText: allowsPlainText)
        case .send(let request): channel?.write(request, promise: nil)
        case .close: close()
        case .hangUp(let afterAnswer): hangUp(afterAnswer: afterAnswer)
        case .setTimer(let timer, let milliseconds):
            timers[timer]?.cancel()
            timers[timer] = eventLoop.assumeIsolated().scheduleTask(in: .milliseconds(Int64(milliseconds))) {
                self.timers[timer] = nil
                self.take(.timer(timer))
            }
        case .cancelTimer(let timer):
            timers.removeValue(forKey: timer)?.cancel()
        case .update(let update):
            if outlet.append(update) {
                eventLoop.assumeIsolated().execute { self.outlet.deliver() }
            }
        case .finished:
            finish()
        }
    }

    private func open(allowsPlainText: Bool) {
        generation += 1
        let generation = generation
        connector.connect(on: eventLoop, allowsPlainText: allowsPlainText).assumeIsolated().whenComplete { result in
            switch result {
            case .success(let connection): self.opened(connection, generation: generation)
            case .failure(let error): self.failed(error, generation: generation)
            }
        }
    }

    private func failed(_ error: any Error, generation: Int) {
        guard generation == self.generation, !isFinished else { return }
        if let error = error as? EncryptionFailure, error.mayPass, let advice = error.advice {
            perform(.update(.notice(SafeText(block: advice), isFailure: true)))
        }
        take(event(error), from: generation)
    }

    private func event(_ error: any Error) -> SessionEvent {
        if let error = error as? EncryptionFailure {
            if let advice = error.advice, !error.mayPass { return .distrusted(reason: error.reason, advice: advice) }
            if error.isDoubt { return .encryptionInDoubt(reason: error.reason) }
        }
        return .openFailed(reason: connector.explain(error))
    }

    private func opened(_ connection: OpenConnection, generation: Int) {
        let channel = connection.channel
        guard generation == self.generation, !isFinished else {
            channel.close(promise: nil)
            return
        }
        do {
            try channel.pipeline.syncOperations.addHandlers(
                ClientProtocolHandler(decoder: connection.decoder),
                SessionChannelHandler(runner: self, generation: generation)
            )
            try channel.syncOptions?.setOption(.autoRead, value: true)
        } catch {
            // The session ended before this connection was ready.
            channel.close(promise: nil)
            take(.openFailed(reason: connector.explain(error)), from: generation)
            return
        }
        self.channel = channel
        for notice in connection.notices {
            perform(.update(.notice(SafeText(block: notice.text), isFailure: notice.isFailure)))
        }
        take(.opened(connection.description))
    }

    private func close() {
        // Ignore whatever the old connection reports from now on.
        generation += 1
        channel?.close(promise: nil)
        channel = nil
    }

    /// Leaves the connection to its handlers, which close it later.
    private func hangUp(afterAnswer: Bool) {
        generation += 1
        channel?.triggerUserOutboundEvent(HangUp(afterAnswer: afterAnswer), promise: nil)
        channel = nil
    }

    private func finish() {
        isFinished = true
        for timer in timers.values { timer.cancel() }
        timers = [:]
        events = []
        close()
        outlet.deliver()
        finished.succeed()
    }
}
