internal import ChatProtocol
internal import ChatServerCore
internal import NIOCore

/// Who is silent, who is stuck, who never logs in.
extension Hub {
    /// For how long a failure of the store makes the server not ready, where
    /// nobody says anything that would show whether it works again.
    private static let faultMemory = TimeAmount.seconds(60)

    func scheduleSweep() {
        eventLoop.assumeIsolated().scheduleTask(in: limits.sweep) { [weak self] in
            guard let self else { return }
            sweep()
            scheduleSweep()
        }
    }

    /// Looks at every connection: one timer for all costs less than one for each.
    private func sweep() {
        let now = eventLoop.now
        for connection in connections.values where connection.loss == nil {
            if connection.isLeaving {
                watchLeaving(connection, at: now)
            } else {
                watch(connection, at: now)
            }
        }
        if let fault = storeFault, now - fault.since > Self.faultMemory { storeFault = nil }
    }

    /// Who leaves and does not read would keep its place, and the log from there on.
    private func watchLeaving(_ connection: Connection, at now: NIODeadline) {
        let isStuck = connection.stuckSince.map { now - $0 > limits.stuck } ?? false
        let isLate = connection.leavingSince.map { now - $0 > limits.stuck + limits.stuck } ?? false
        if isStuck || isLate { lose(connection, .tooSlow) }
    }

    private func watch(_ connection: Connection, at now: NIODeadline) {
        if let ended = connection.endedAt, now - ended > limits.stuck {
            // It said more than it may, and did not stay to wait for it.
            beginTick()
            report(connection, .peerClosed)
            return leave(connection)
        }
        if let stuck = connection.stuckSince, now - stuck > limits.stuck {
            return lose(connection, .tooSlow)
        }
        switch connection.framing {
        case .netstring:
            if let pinged = connection.pinged {
                if now - pinged > limits.pingAnswer, !connection.isPaused { lose(connection, .silent) }
            } else if now - connection.lastHeard > limits.silence {
                beginTick()
                connection.pinged = now
                send(Response(at: moment, .ping("")), to: connection)
            }
        case .none?:
            // The original knows no PING: TCP's keepalive finds the dead ones.
            break
        case nil:
            if now - connection.lastHeard > limits.login || now - connection.opened > limits.loginInAll {
                lose(connection, .silent)
            }
        }
    }

    /// Asks for a sign of life at once, and soon takes silence for the end.
    ///
    /// One question at a time, however many want to know.
    func probe(_ connection: Connection) {
        guard connection.probed == nil, connection.loss == nil, !connection.isLeaving else { return }
        beginTick()
        let asked = now
        connection.probed = asked
        send(Response(at: moment, .ping("")), to: connection)
        eventLoop.assumeIsolated().scheduleTask(in: limits.probeAnswer) { [weak self] in
            guard let self, connection.probed == asked else { return }
            connection.probed = nil
            // Who has much to read may not have come to the question yet.
            let isReading = waitingBytes(for: connection) > 0 && connection.stuckSince == nil
            // Who is not listened to can't be heard either.
            if !isReading, !connection.isPaused { lose(connection, .silent) }
        }
    }
}
