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
        for connection in connections.values { carryOut(verdict(on: connection), on: connection) }
        storeQueue.forgetFault(before: eventLoop.now - Self.faultMemory)
    }

    private func verdict(on connection: Connection) -> Liveness.Verdict {
        let now = eventLoop.now
        return switch connection.phase {
        case .open:
            connection.liveness.verdict(
                at: now,
                framing: connection.framing,
                isHeard: connection.reading.state == .open,
                limits
            )
        case .leaving(let start): connection.liveness.verdict(at: now, leavingSince: start, limits)
        case .lost: .keep
        }
    }

    private func carryOut(_ verdict: Liveness.Verdict, on connection: Connection) {
        switch verdict {
        case .keep: break
        case .ask:
            beginTick()
            connection.liveness.pinged = eventLoop.now
            audience.send(Response(at: tick.moment, .ping("")), to: connection)
        case .dismiss:
            beginTick()
            leave(connection, .peerClosed)
        case .lose(let reason): lose(connection, reason)
        }
    }

    /// Asks for a sign of life at once, and soon takes silence for the end.
    ///
    /// One question at a time, however many want to know.
    func probe(_ connection: Connection) {
        guard connection.liveness.probed == nil, connection.isOpen else { return }
        beginTick()
        let asked = tick.now
        connection.liveness.probed = asked
        audience.send(Response(at: tick.moment, .ping("")), to: connection)
        eventLoop.assumeIsolated().scheduleTask(in: limits.probeAnswer) { [weak self] in
            guard let self, connection.liveness.probed == asked else { return }
            connection.liveness.probed = nil
            // Who has much to read may not have come to the question yet.
            let isReading = audience.waitingBytes(for: connection) > 0 && connection.liveness.stuckSince == nil
            // Who is not listened to can't be heard either.
            if !isReading, connection.reading.state == .open { lose(connection, .silent) }
        }
    }
}
