internal import ChatProtocol
internal import ChatServerCore
internal import NIOCore

/// The connections that are logged in: who gets what, and how far each one has got.
///
/// Framed connections read one log. Those that have everything share the position at its end. The others, the
/// stragglers, each hold their own position. Unframed connections each have a queue.
final class Audience {
    /// How much may wait for a connection.
    var limits: ServerLimits
    private(set) var log = BroadcastLog()
    /// Framed connections that have everything in the log.
    private(set) var keepingUp = KeepingUp()
    /// Framed connections that are behind.
    private(set) var stragglers: [Connection] = []
    /// Connections of original clients.
    private(set) var unframed: [Connection] = []
    /// How many chat messages were handed to connections, including those of the history.
    private(set) var deliveries = 0
    /// How many bytes were handed to connections.
    private(set) var bytes = 0
    /// How many bytes wait for one connection alone, summed over all connections.
    private var ownBytes = 0
    /// Whether a message for all original clients was queued in this tick.
    private var hasUnframedNews = false
    /// A buffer for the bytes of one message, used again and again.
    private var scratch: [UInt8] = []

    init(limits: ServerLimits) {
        self.limits = limits
    }

    /// How many connections use netstrings.
    var framedCount: Int { keepingUp.members.count + stragglers.count }

    /// How many bytes wait for a framed connection.
    func waitingBytes(for connection: Connection) -> Int {
        guard case .straggling = connection.place else { return 0 }
        return connection.output.waitingBytes(in: log)
    }

    // MARK: - Joining and leaving

    /// Adds a connection, with the answer to its login.
    ///
    /// It gets every broadcast after that answer.
    func join(_ connection: Connection, _ answer: Response, _ framing: Framing) {
        guard connection.framing == nil, connection.isOpen, let handler = connection.handler else { return }
        connection.framing = framing
        handler.endProbation()
        switch framing {
        case .none:
            connection.place = .unframed(unframed.count)
            unframed.append(connection)
            handler.send(PacedMessage(answer))
        case .netstring:
            connection.output = FramedOutput(from: log.end)
            addStraggler(connection)
            handler.beginFraming(after: PacedMessage(answer))
        }
    }

    /// Ends a connection's output: it still gets what was sent so far, but nothing that comes later.
    func end(_ connection: Connection) {
        fallBehind(connection)
        connection.output.end(at: log)
    }

    /// Removes a connection.
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

    /// Makes a connection that kept up a straggler.
    private func fallBehind(_ connection: Connection) {
        guard case .keepingUp(let index) = connection.place else { return }
        keepingUp.remove(at: index)
        connection.output.advance(to: log.readableEnd)
        addStraggler(connection)
    }

    /// Moves a straggler that has caught up to ``keepingUp``.
    private func catchUp(_ connection: Connection, _ handler: ServerConnectionHandler) {
        guard case .straggling(let index) = connection.place, connection.output.isPlain,
            connection.output.position == log.readableEnd, let socket = handler.idleSocket
        else { return }
        removeStraggler(at: index)
        keepingUp.insert(connection, socket)
    }

    private func addStraggler(_ connection: Connection) {
        connection.place = .straggling(stragglers.count)
        stragglers.append(connection)
    }

    private func removeStraggler(at index: Int) {
        stragglers.swapAt(index, stragglers.count - 1)
        stragglers.removeLast().place = .nowhere
        if index < stragglers.count { stragglers[index].place = .straggling(index) }
    }

    // MARK: - Responses

    /// Sends a response to one connection, after everything sent so far.
    ///
    /// - Parameter kind: What it is to an original client.
    func send(_ response: Response, to connection: Connection, as kind: PacedMessage.Kind = .answer) {
        guard connection.isOpen else { return }
        if response.isChat { deliveries += 1 }
        guard connection.framing == .netstring else {
            let message = PacedMessage(response, kind: kind)
            bytes += message.byteCount
            connection.handler?.send(message)
            return countBytes(of: connection)
        }
        fallBehind(connection)
        encode(response)
        connection.output.append(netstring: scratch, to: log)
        countBytes(of: connection)
        settle(connection)
    }

    /// Sends a long response to several framed connections, which share its bytes.
    ///
    /// When a thousand come back at once, each gets a list of all.
    func send(_ response: Response, toAll connections: [Connection]) {
        encode(response)
        var frame: [UInt8] = []
        Netstring.encode(scratch, into: &frame)
        let bytes = ByteBuffer(bytes: frame)
        for connection in connections where connection.framing == .netstring && connection.isOpen {
            fallBehind(connection)
            connection.output.append(shared: bytes, to: log)
            settle(connection)
        }
    }

    /// Sends a response to many connections.
    ///
    /// - Parameter special: The connection that gets something else instead.
    func send(_ broadcast: Broadcast, special: Connection?) {
        let variation = special.flatMap { broadcast.isFor($0) ? $0 : nil }
        if broadcast.response.isChat {
            if broadcast.receivers != .unframed { deliveries += framedCount }
            if broadcast.receivers != .framed { deliveries += unframed.count }
            // Its own message is counted when it is sent.
            if variation != nil { deliveries -= 1 }
        }
        if broadcast.receivers != .unframed, framedCount > 0 {
            let start = log.end
            encode(broadcast.response)
            log.append(netstring: scratch)
            if let special, special.framing == .netstring {
                fallBehind(special)
                special.output.skip(from: start, to: log)
            }
        }
        if broadcast.receivers != .framed, !unframed.isEmpty {
            let message = PacedMessage(broadcast.response, kind: .broadcast)
            bytes += message.byteCount * unframed.count
            for connection in unframed where connection !== special && connection.isOpen {
                connection.handler?.send(message)
            }
            hasUnframedNews = true
        }
        if let variation, let own = broadcast.variation?.response { send(own, to: variation) }
    }

    /// Checks how much waits for a connection after something was added, and asks for it to be written.
    private func settle(_ connection: Connection) {
        if connection.output.waitingBytes(in: log) > limits.hardOutputBytes { connection.lose(.tooSlow) }
        connection.mark()
    }

    private func encode(_ response: Response) {
        scratch.removeAll(keepingCapacity: scratch.capacity <= 1 << 20)
        response.encode(into: &scratch, framing: .netstring)
    }

    // MARK: - Writing

    /// Writes the output of this tick to everybody.
    ///
    /// Connections that keep up get it in one write each.
    ///
    /// - Returns: Whether there was anything to write.
    func writeNews(at now: NIODeadline) -> Bool {
        let piece = log.commit()
        if piece.readableBytes > 0 {
            bytes += piece.readableBytes * keepingUp.members.count
            for (connection, count) in keepingUp.send(piece) {
                fallBehind(connection)
                connection.handler?.didSend(count, of: piece)
            }
            for connection in stragglers where write(to: connection, at: now) > limits.hardOutputBytes {
                connection.lose(.tooSlow)
            }
        }
        // Do this even without news: a connection that needed much of the log may be gone.
        if piece.readableBytes > 0 || log.keptBytes > Self.keptWithoutLook {
            log.trim(before: stragglers.reduce(log.readableEnd) { min($0, $1.neededPosition) })
        }
        if hasUnframedNews {
            hasUnframedNews = false
            for connection in unframed { countBytes(of: connection) }
        }
        return piece.readableBytes > 0
    }

    /// Writes to a straggler as much as its socket takes.
    ///
    /// - Returns: How many bytes still wait.
    @discardableResult
    func write(to connection: Connection, at now: NIODeadline) -> Int {
        guard case .straggling = connection.place, let handler = connection.handler else { return 0 }
        for _ in 0..<Self.catchUpRounds {
            var last: ByteBuffer?
            while handler.canWrite, let piece = connection.output.next(from: log) {
                if let last { handler.write(last) }
                last = piece.bytes
                if piece.isOwn || !handler.allowsShortcut { connection.ownBytesInFlight += piece.bytes.readableBytes }
                bytes += piece.bytes.readableBytes
            }
            guard let last else { break }
            handler.writeAndFlush(last)
        }
        if !handler.canWrite, connection.liveness.stuckSince == nil { connection.liveness.stuckSince = now }
        // The socket took everything within this call, which is not reported otherwise.
        if handler.isIdle { connection.ownBytesInFlight = 0 }
        countBytes(of: connection)
        let waiting = connection.output.waitingBytes(in: log)
        catchUp(connection, handler)
        return waiting
    }

    /// How many rounds of writing a straggler gets in one tick.
    private static let catchUpRounds = 4
    /// How many bytes of the log may stay before the audience checks who still needs them.
    private static let keptWithoutLook = 1_048_576

    // MARK: - What waits in all

    /// How many bytes are kept for all connections together.
    ///
    /// The bound for each connection would still allow many of them to use more memory than a machine has.
    var keptBytes: Int { ownBytes + log.keptBytes }

    /// Updates the sum after output for one connection alone was added or sent.
    func countBytes(of connection: Connection) {
        guard connection.loss == nil else { return }
        let own = connection.output.insertedBytes + connection.ownBytesInFlight
        let count = own + (connection.handler?.queuedBytes ?? 0)
        ownBytes += count - connection.countedBytes
        connection.countedBytes = count
    }

    /// Subtracts a connection that is gone from the sum.
    func forgetBytes(of connection: Connection) {
        ownBytes -= connection.countedBytes
        connection.countedBytes = 0
    }

    /// How many bytes are above the bound for all connections together.
    func excessBytes() -> Int {
        guard keptBytes > limits.totalOutputBytes else { return 0 }
        // Queues of original clients shrink as time passes, without any event.
        for connection in unframed { countBytes(of: connection) }
        return max(0, keptBytes - limits.totalOutputBytes)
    }

    /// How many bytes are kept because of a connection.
    func keptBytes(for connection: Connection) -> Int {
        connection.countedBytes + max(0, waitingBytes(for: connection) - connection.output.insertedBytes)
    }
}

extension Broadcast {
    fileprivate func isFor(_ connection: Connection) -> Bool {
        switch (receivers, connection.framing) {
        case (_, nil): false
        case (.everyone, _), (.framed, .netstring), (.unframed, .none?): true
        case (.framed, .none?), (.unframed, .netstring): false
        }
    }
}
