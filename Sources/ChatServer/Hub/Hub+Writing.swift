internal import ChatProtocol
internal import ChatServerCore
internal import ChatTransport
internal import Logging
internal import NIOCore

/// What goes to the sockets.
extension Hub {
    /// How many rounds a connection that catches up gets in one tick.
    private static let catchUpRounds = 4
    /// How long the loop gets for everything else before work goes on.
    private static let breath = TimeAmount.microseconds(50)

    /// Gives every connection what waits for it, in one write where it keeps up.
    func writeOut() {
        let fresh = log.readableEnd
        let piece = log.commit()
        isWriting = true
        if piece.readableBytes > 0 { writeEverywhere(piece, from: fresh) }
        let marked = dirty
        dirty = []
        for connection in marked {
            connection.isDirty = false
            attend(to: connection)
        }
        isWriting = false
        for connection in departed { remove(connection) }
        departed = []
    }

    private func writeEverywhere(_ piece: ByteBuffer, from fresh: LogPosition) {
        let end = log.readableEnd
        var slowest = end
        for connection in framed {
            guard let handler = connection.handler else { continue }
            if connection.output.position == fresh, connection.output.isPlain, handler.canWrite {
                // Before the write: it may find the connection gone.
                connection.output.advance(to: end)
                handler.writeAndFlush(piece)
            } else {
                write(to: connection, handler)
                if connection.output.position < slowest, connection.loss == nil {
                    slowest = min(slowest, fallBehind(connection, end))
                }
            }
        }
        log.trim(before: slowest)
    }

    /// - Returns: From where on the connection needs the log.
    private func fallBehind(_ connection: Connection, _ end: LogPosition) -> LogPosition {
        if connection.output.waitingBytes(in: log) > limits.hardOutputBytes {
            lose(connection, .tooSlow)
            return end
        }
        return min(connection.output.position, end)
    }

    private func write(to connection: Connection, _ handler: ServerConnectionHandler) {
        for _ in 0..<Self.catchUpRounds {
            var hasWritten = false
            while handler.canWrite, let piece = connection.output.next(from: log) {
                handler.write(piece)
                hasWritten = true
            }
            guard hasWritten else { break }
            handler.flush()
        }
        if !handler.canWrite, connection.stuckSince == nil { connection.stuckSince = now }
    }

    /// Does what a connection needs at the end of a tick.
    private func attend(to connection: Connection) {
        guard let handler = connection.handler else { return }
        if let loss = connection.loss { return cut(connection, handler, loss) }
        var waiting = 0
        if connection.framing == .netstring {
            write(to: connection, handler)
            waiting = connection.output.waitingBytes(in: log)
        }
        if connection.isLeaving, waiting == 0 {
            remove(afterWriting: connection)
            handler.finish()
        } else if waiting > 0, handler.canWrite {
            postpone(connection)
        } else if connection.isPaused, !isStoreBehind, waiting <= limits.softOutputBytes {
            postpone(connection)
        }
    }

    /// Has the rest of a connection's work done after the loop has looked at the
    /// sockets again: one that always has more to do may not keep others waiting.
    private func postpone(_ connection: Connection) {
        guard !connection.isPostponed else { return }
        connection.isPostponed = true
        postponed.append(connection)
        guard postponed.count == 1 else { return }
        eventLoop.assumeIsolated().scheduleTask(in: Self.breath) { self.continuePostponed() }
    }

    private func continuePostponed() {
        let work = postponed
        postponed = []
        for connection in work {
            connection.isPostponed = false
            guard let handler = connection.handler else { continue }
            mark(connection)
            guard connection.isPaused, !connection.isReported else { continue }
            connection.isPaused = false
            handler.resume()
        }
    }

    private func remove(afterWriting connection: Connection) {
        if isWriting { departed.append(connection) } else { remove(connection) }
    }

    private func cut(_ connection: Connection, _ handler: ServerConnectionHandler, _ reason: LossReason) {
        logger.notice(
            "closing a connection",
            metadata: [
                "connection": "\(connection.id.number)",
                "address": "\(connection.address)",
                "reason": "\(reason)",
            ]
        )
        report(connection, reason)
        remove(afterWriting: connection)
        handler.close()
    }
}
