internal import ChatServerCore
internal import NIOCore

/// The end of the server.
extension Hub {
    /// Whether everything is closed.
    var isClosed: Bool {
        if case .closed = lifetime { true } else { false }
    }

    /// Tells everyone, waits until everybody has got their output, and closes.
    ///
    /// - Parameters:
    ///   - deadline: When connections that are still there are cut.
    ///   - completion: Called once everything is closed.
    func close(by deadline: NIODeadline, completion: @escaping () -> Void) {
        guard case .serving = lifetime else { return completion() }
        let time = max(.zero, deadline - eventLoop.now)
        lifetime = .closing(deadline: deadline, completion: completion)
        tell(.closing(inSeconds: 0))
        let isolated = eventLoop.assumeIsolated()
        isolated.scheduleTask(in: .nanoseconds(time.nanoseconds * 3 / 4)) { self.cutAll() }
        // At the deadline the server closes whatever the store does: nobody waits for ever.
        isolated.scheduleTask(deadline: deadline) { self.complete() }
    }

    /// Continues closing once everything that was said is stored and sent.
    func finishClosing() {
        guard case .closing(let deadline, _) = lifetime, storeQueue.isEmpty, effects.isEmpty, !tick.isOpen else {
            return
        }
        guard !connections.isEmpty else { return complete() }
        // Half of the time is for the waiting output, the rest for last answers.
        let now = eventLoop.now
        let share = TimeAmount.nanoseconds(max(0, (deadline - now).nanoseconds) / 2)
        for connection in connections.values where connection.isOpen {
            connection.handler?.hurry(until: now + share)
            leave(connection, .serverClosed)
        }
    }

    private func complete() {
        guard case .closing(_, let completion) = lifetime else { return }
        lifetime = .closed
        completion()
    }

    private func cutAll() {
        for connection in connections.values { connection.handler?.close() }
    }
}
