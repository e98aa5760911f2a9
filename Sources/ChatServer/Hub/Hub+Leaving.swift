internal import ChatProtocol
internal import ChatServerCore
internal import Logging
internal import NIOCore

/// How connections end.
extension Hub {
    /// Closes a connection after it has got everything that was sent to it so far.
    func leave(_ connection: Connection, _ reason: LossReason) {
        report(connection, reason)
        guard connection.isOpen else { return }
        connection.phase = .leaving(since: eventLoop.now)
        audience.end(connection)
        mark(connection)
    }

    /// Marks a connection to be cut at the end of the tick, outside of any loop over connections.
    func lose(_ connection: Connection, _ reason: LossReason) {
        guard connection.loss == nil else { return }
        connection.phase = .lost(reason)
        // Nothing is kept for it any more, though its socket may take a while to close.
        audience.forgetBytes(of: connection)
        mark(connection)
    }

    /// Cuts a connection; its waiting output is lost.
    func cut(_ connection: Connection, _ reason: LossReason) {
        logger.log(
            // Before the login these are mostly scanners, which are not worth a notice.
            level: connection.framing == nil ? .debug : .notice,
            "closing a connection",
            metadata: [
                "connection": "\(connection.id.number)",
                "address": "\(connection.address)",
                "reason": "\(reason)",
            ]
        )
        report(connection, reason)
        audience.remove(connection)
        guard connection.framing == .some(.none), reason == .tooSlow else {
            connection.handler?.close()
            return
        }
        // An original client does not reconnect by itself, so its user has to know.
        let farewell = Response(at: tick.moment, .warning(Self.tooSlow))
        connection.handler?.finish(saying: PacedMessage(farewell))
    }

    private static let tooSlow =
        "You are disconnected: more is said here than your connection takes. What was still to come is lost; "
        + "please connect again."

    /// Handles that a peer will send nothing more; it may still read its answers.
    func endInput(of connection: Connection) {
        beginTick()
        if connection.liveness.endedAt == nil { connection.liveness.endedAt = tick.now }
        dismissWhenHeard(connection)
    }

    /// Closes a connection whose peer will send nothing more, unless some of its requests still wait.
    func dismissWhenHeard(_ connection: Connection) {
        guard connection.liveness.endedAt != nil, connection.throttle.state == .open else { return }
        if connection.handler?.isHolding != true { work.ended.append(connection) }
    }

    /// Closes the connections whose peers ended in this tick, after their last requests are answered.
    func dismissEnded() {
        let ended = work.ended.take()
        guard !ended.isEmpty else { return }
        for connection in ended { leave(connection, .peerClosed) }
        carryOutEffects()
    }

    /// Removes a connection whose socket is closed.
    func forget(_ connection: Connection, _ error: (any Error)?) {
        beginTick()
        if let error, connection.framing == nil {
            // Usually this is a failed handshake.
            logger.debug(
                "a connection failed before its login",
                metadata: [
                    "connection": "\(connection.id.number)",
                    "address": "\(connection.address)",
                    "reason": "\(SafeText(line: "\(error)"))",
                ]
            )
        }
        report(connection, error == nil ? .peerClosed : .failed)
        connection.handler = nil
        guard connections.removeValue(forKey: connection.id) != nil else { return }
        departed[connection.id] = connection.address
        gate.leave(connection.network)
        audience.forgetBytes(of: connection)
        audience.remove(connection)
        finishClosing()
    }

    /// Tells the room, once, that a connection is gone.
    private func report(_ connection: Connection, _ reason: LossReason) {
        guard !connection.isReported else { return }
        connection.presence.end()
        let reason = connection.loss ?? reason
        metrics.count(reason)
        tell(.closed(connection.id, reason))
    }
}
