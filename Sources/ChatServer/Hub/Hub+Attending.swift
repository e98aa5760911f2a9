internal import ChatServerCore
internal import Logging
internal import NIOCore

/// What connections need at the end of a tick.
extension Hub {
    /// How long postponed work waits, so that the loop looks at all sockets first.
    private static let breath = TimeAmount.microseconds(50)

    /// Does whatever a connection needs.
    func attend(to connection: Connection) {
        guard let handler = connection.handler else { return }
        if let loss = connection.loss {
            if !handler.isFinishing { cut(connection, loss) }
            return
        }
        let waiting = audience.write(to: connection, at: tick.now)
        if case .leaving = connection.phase, waiting == 0 {
            audience.remove(connection)
            handler.finish()
        } else if waiting > 0 && handler.canWrite || mayBeHeard(connection) {
            if work.postpone(connection) {
                eventLoop.assumeIsolated().scheduleTask(in: Self.breath) { self.continuePostponed() }
            }
        } else if connection.throttle.state == .paused, storeQueue.isBehind(limits) {
            work.waitingForStore.append(connection)
        }
    }

    /// Handles that a socket can take more.
    func resumeWriting(to connection: Connection) {
        if connection.handler?.isIdle == true {
            connection.ownBytesInFlight = 0
            audience.countBytes(of: connection)
        }
        connection.liveness.stuckSince = nil
        mark(connection)
    }

    /// Whether the reason for a pause is over: its rest, too much waiting output, or a store that is behind.
    private func mayBeHeard(_ connection: Connection) -> Bool {
        connection.throttle.state == .paused && !connection.isReported && !storeQueue.isBehind(limits)
            && connection.throttle.awaitedPages == 0
            && audience.waitingBytes(for: connection) <= limits.softOutputBytes
    }

    /// Continues with the postponed connections, now that the loop has looked at all sockets again.
    private func continuePostponed() {
        for connection in work.takePostponed() {
            guard let handler = connection.handler else { continue }
            mark(connection)
            guard mayBeHeard(connection) else { continue }
            connection.throttle.state = .open
            // Its answers from this time are only read now.
            if connection.liveness.pinged != nil { connection.liveness.pinged = eventLoop.now }
            handler.resume()
            dismissWhenHeard(connection)
        }
    }

    /// Closes the connections with the longest queues if all queues together are too long.
    func shed() {
        var excess = audience.excessBytes()
        guard excess > 0 else { return }
        let largest = connections.values
            .filter { $0.loss == nil }
            .map { (connection: $0, bytes: audience.keptBytes(for: $0)) }
            .filter { $0.bytes > 0 }
            .sorted { ($0.bytes, $0.connection.id) > ($1.bytes, $1.connection.id) }
        for (connection, bytes) in largest {
            guard excess > 0 else { return }
            logger.warning(
                "too much waits for all connections together",
                metadata: ["connection": "\(connection.id.number)", "bytes": "\(bytes)"]
            )
            excess -= bytes
            lose(connection, .tooSlow)
        }
    }
}
