internal import ChatServerCore
internal import NIOCore

/// The end of the server.
extension Hub {
    /// Tells everyone, lets everyone have what was meant for them, and closes.
    ///
    /// - Parameters:
    ///   - deadline: When those who are still there are cut.
    ///   - completion: Called once everything is closed.
    func close(by deadline: NIODeadline, completion: @escaping () -> Void) {
        guard closing == nil, !isClosed else { return completion() }
        let time = max(.zero, deadline - eventLoop.now)
        closing = Closing(deadline: deadline, completion: completion)
        tell(.closing(inSeconds: 0))
        let isolated = eventLoop.assumeIsolated()
        isolated.scheduleTask(in: .nanoseconds(time.nanoseconds * 3 / 4)) { self.cutAll() }
        // Whatever the store does: nobody waits for ever.
        isolated.scheduleTask(deadline: deadline) { self.complete() }
    }

    /// Goes on with closing where that waits for something.
    func finishClosing() {
        guard let closing, !isStoring, unstored.isEmpty, effects.isEmpty, !isTickScheduled else { return }
        guard !connections.isEmpty else { return complete() }
        // Half of the time is for what waits, the rest for last answers.
        let now = eventLoop.now
        let share = TimeAmount.nanoseconds(max(0, (closing.deadline - now).nanoseconds) / 2)
        for connection in connections.values where !connection.isLeaving {
            connection.handler?.hurry(until: now + share)
            report(connection, .serverClosed)
            leave(connection)
        }
    }

    private func complete() {
        let completion = closing?.completion
        closing = nil
        isClosed = true
        completion?()
    }

    private func cutAll() {
        for connection in connections.values { connection.handler?.close() }
    }
}
