internal import ChatProtocol
internal import ChatServerCore
internal import NIOCore

/// Looks for connections that are silent, stuck, or never log in.
extension Hub {
    /// How long a failure of the store makes the server not ready, if nobody says anything that would show whether the
    /// store works again.
    private static let faultMemory = TimeAmount.seconds(60)

    func scheduleSweep() {
        eventLoop.assumeIsolated().scheduleTask(in: limits.sweep) { [weak self] in
            guard let self else { return }
            sweep()
            scheduleSweep()
        }
    }

    /// Checks every connection: one timer for all costs less than one for each.
    private func sweep() {
        for connection in connections.values { carryOut(verdict(on: connection), on: connection) }
        storeQueue.forgetFault(before: eventLoop.now - Self.faultMemory)
    }

    private func verdict(on connection: Connection) -> Liveness.Verdict {
        let now = eventLoop.now
        if case .unframed = connection.place { connection.liveness.stuckSince = connection.handler?.stuckSince }
        return switch connection.phase {
        case .open:
            connection.liveness.verdict(
                at: now,
                framing: connection.framing,
                isHeard: connection.throttle.state == .open,
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

    /// Asks a connection for a sign of life now, and gives it only a short time to answer.
    ///
    /// Only one question is open at a time, however many users want to know.
    func probe(_ connection: Connection) {
        guard connection.liveness.probed == nil, connection.isOpen else { return }
        beginTick()
        let asked = tick.now
        connection.liveness.probed = asked
        audience.send(Response(at: tick.moment, .ping("")), to: connection)
        eventLoop.assumeIsolated().scheduleTask(in: limits.probeAnswer) { [weak self] in
            guard let self, connection.liveness.probed == asked else { return }
            connection.liveness.probed = nil
            // A peer with much to read may not have reached the question yet.
            let isReading = audience.waitingBytes(for: connection) > 0 && connection.liveness.stuckSince == nil
            // A peer that is not read from can't answer.
            if !isReading, connection.throttle.state == .open { lose(connection, .silent) }
        }
    }
}
