internal import ChatProtocol
internal import ChatServerCore
internal import NIOCore

/// Who is silent, who is stuck, who never logs in.
extension Hub {
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
        for connection in connections.values where connection.loss == nil && !connection.isLeaving {
            watch(connection, at: now)
        }
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
                if now - pinged > limits.pingAnswer { lose(connection, .silent) }
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
            if !isReading { lose(connection, .silent) }
        }
    }
}
