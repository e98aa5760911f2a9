internal import ChatProtocol
internal import ChatServerCore
internal import Logging
internal import NIOCore

/// What goes to the sockets.
extension Hub {
    /// How many rounds a connection that catches up gets in one tick.
    private static let catchUpRounds = 4
    /// How much of the log may stay without a look for who still needs it.
    private static let keptWithoutLook = 1_048_576
    /// How long the loop gets for everything else before work goes on.
    private static let breath = TimeAmount.microseconds(50)

    /// Gives every connection what waits for it, in one write where it keeps up.
    func writeOut() {
        let piece = log.commit()
        if piece.readableBytes > 0 {
            metrics.bytes += piece.readableBytes * keepingUp.members.count
            let start = eventLoop.now
            for (connection, count) in keepingUp.send(piece) {
                fallBehind(connection)
                connection.handler?.didSend(count, of: piece)
            }
            for connection in stragglers { writeToStraggler(connection) }
            pacing.fannedOut(from: start, to: eventLoop.now)
        }
        // Also where nothing was said: somebody may have gone for whom much was kept.
        if piece.readableBytes > 0 || log.keptBytes > Self.keptWithoutLook {
            log.trim(before: stragglers.reduce(log.readableEnd) { min($0, $1.neededPosition) })
        }
        if hasUnframedNews {
            hasUnframedNews = false
            for connection in unframed { countBytes(of: connection) }
        }
        let marked = dirty
        dirty = []
        for connection in marked {
            connection.isDirty = false
            attend(to: connection)
        }
    }

    // MARK: - Keeping up and falling behind

    /// Takes a connection out of those that need nothing but the latest piece.
    func fallBehind(_ connection: Connection) {
        guard case .keepingUp(let index) = connection.place else { return }
        keepingUp.remove(at: index)
        connection.output.advance(to: log.readableEnd)
        connection.place = .straggling(stragglers.count)
        stragglers.append(connection)
    }

    /// Counts a connection among those that keep up, if it does.
    private func catchUp(_ connection: Connection, _ handler: ServerConnectionHandler) {
        guard case .straggling(let index) = connection.place, connection.output.isPlain,
            connection.output.position == log.readableEnd, let socket = handler.idleSocket
        else { return }
        removeStraggler(at: index)
        keepingUp.insert(connection, socket)
    }

    private func removeStraggler(at index: Int) {
        stragglers.swapAt(index, stragglers.count - 1)
        stragglers.removeLast().place = .nowhere
        if index < stragglers.count { stragglers[index].place = .straggling(index) }
    }

    /// Takes a connection out of the lists for broadcasts.
    func remove(_ connection: Connection) {
        switch connection.place {
        case .keepingUp(let index): keepingUp.remove(at: index)
        case .straggling(let index): removeStraggler(at: index)
        case .unframed(let index):
            unframed.swapAt(index, unframed.count - 1)
            unframed.removeLast().place = .nowhere
            if index < unframed.count { unframed[index].place = .unframed(index) }
        case .nowhere: break
        }
    }

    // MARK: - Writing

    private func writeToStraggler(_ connection: Connection) {
        guard let handler = connection.handler else { return }
        write(to: connection, handler)
        if connection.output.waitingBytes(in: log) > limits.hardOutputBytes { lose(connection, .tooSlow) }
        catchUp(connection, handler)
    }

    private func write(to connection: Connection, _ handler: ServerConnectionHandler) {
        for _ in 0..<Self.catchUpRounds {
            var last: ByteBuffer?
            while handler.canWrite, let piece = connection.output.next(from: log) {
                if let last { handler.write(last) }
                last = piece.bytes
                if piece.isOwn || !handler.allowsShortcut { connection.ownBytesInFlight += piece.bytes.readableBytes }
                metrics.bytes += piece.bytes.readableBytes
            }
            guard let last else { break }
            handler.writeAndFlush(last)
        }
        if !handler.canWrite, connection.stuckSince == nil { connection.stuckSince = now }
        // The socket took it all in the same breath, of which nobody is told.
        if handler.isIdle { connection.ownBytesInFlight = 0 }
        countBytes(of: connection)
    }

    // MARK: - The end of a tick

    /// Does what a connection needs at the end of a tick.
    private func attend(to connection: Connection) {
        guard let handler = connection.handler else { return }
        if let loss = connection.loss { return cut(connection, handler, loss) }
        var waiting = 0
        if case .straggling = connection.place {
            write(to: connection, handler)
            waiting = connection.output.waitingBytes(in: log)
            catchUp(connection, handler)
        }
        if connection.isLeaving, waiting == 0 {
            remove(connection)
            handler.finish()
        } else if waiting > 0 && handler.canWrite || mayBeHeard(connection) {
            postpone(connection)
        } else if connection.isPaused, connection.restsUntil == nil, isStoreBehind {
            waitingForStore.append(connection)
        }
    }

    /// Whether what a connection was paused for is over: its rest, too much that
    /// waits for it, a store that is behind.
    private func mayBeHeard(_ connection: Connection) -> Bool {
        connection.isPaused && !connection.isReported && connection.restsUntil == nil && !isStoreBehind
            && waitingBytes(for: connection) <= limits.softOutputBytes
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
            guard mayBeHeard(connection) else { continue }
            connection.isPaused = false
            // What it answered meanwhile is only read now.
            if connection.pinged != nil { connection.pinged = eventLoop.now }
            handler.resume()
            dismissWhenHeard(connection)
        }
    }

    private func cut(_ connection: Connection, _ handler: ServerConnectionHandler, _ reason: LossReason) {
        logger.log(
            // Who only knocks at the door is no news.
            level: connection.framing == nil ? .debug : .notice,
            "closing a connection",
            metadata: [
                "connection": "\(connection.id.number)",
                "address": "\(connection.address)",
                "reason": "\(reason)",
            ]
        )
        report(connection, reason)
        remove(connection)
        handler.close()
    }
}
