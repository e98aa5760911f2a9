internal import ChatProtocol
internal import ChatServerCore
internal import Logging
internal import NIOCore

/// New connections and their requests.
extension Hub {
    /// Adds a new connection, which counts from before its first byte.
    ///
    /// - Parameters:
    ///   - address: The peer's address, for the log.
    ///   - network: The peer's address, for limits and bans.
    func accept(from address: String, network: NetworkAddress) -> Admission {
        beginTick()
        guard case .serving = lifetime else {
            metrics.count(.closing)
            return .refused(.closing)
        }
        if let refusal = gate.enter(network, at: tick.moment) {
            metrics.count(refusal)
            return .refused(refusal)
        }
        metrics.connections += 1
        let id = ConnectionID(UInt64(metrics.connections))
        let connection = Connection(id: id, address: address, network: network, hub: self, now: tick.now)
        connection.handler = ServerConnectionHandler(configuration: limits.connection, delegate: connection)
        connections[id] = connection
        tell(.opened(id, address: network))
        return .taken(connection)
    }

    /// Passes a request of a connection to the room.
    func receive(_ incoming: RequestStream.Incoming, from connection: Connection) -> RequestStream.FlowControl {
        guard !connection.isReported else { return .pause }
        beginTick()
        let request = try? incoming.get()
        guard connection.mayBePlaintext else {
            refusePlaintext(connection, request)
            return .pause
        }
        connection.liveness.hear(at: tick.now)
        let rest = connection.throttle.budget.charge(request, within: limits.requests, at: tick.moment)
        switch incoming {
        case .success(let request): tell(.received(connection.id, request))
        case .failure(let error): tell(.undecodable(connection.id, reason: error.description))
        }
        guard rest == 0 else {
            self.rest(connection, milliseconds: rest)
            return .pause
        }
        // One long answer per tick: if a client asks for thousands in one write, only that client waits for them.
        guard
            request?.hasLongAnswer == true || storeQueue.isBehind(limits)
                || connection.throttle.countRequest(in: tick.number, atMost: limits.requestsPerTick)
                || audience.waitingBytes(for: connection) > limits.softOutputBytes
        else { return .more }
        connection.throttle.state = .paused
        mark(connection)
        return .pause
    }

    /// Stops reading from a connection for some time.
    private func rest(_ connection: Connection, milliseconds: Int) {
        connection.throttle.state = .resting
        mark(connection)
        eventLoop.assumeIsolated().scheduleTask(in: .milliseconds(Int64(milliseconds))) { [weak connection] in
            guard let connection, connection.handler != nil else { return }
            connection.throttle.state = .paused
            self.mark(connection)
        }
    }

    /// Closes a connection whose bytes make no sense any more.
    func dismiss(_ connection: Connection, because fault: StreamFault) {
        guard !connection.isReported else { return }
        beginTick()
        logger.debug(
            "closing a connection that makes no sense",
            metadata: ["connection": "\(connection.id.number)", "fault": "\(fault)"]
        )
        if case .framing(let error) = fault {
            audience.send(Response(at: tick.moment, .error("Error: \(error.sentence)")), to: connection)
        }
        if case .foreign(.tls) = fault {
            // This way a client can tell it from a busy server, and try plain text.
            audience.send(Response(at: tick.moment, .error("Error: This server has no encryption.")), to: connection)
        }
        leave(connection, .outOfStep)
    }

    /// Tells a peer that has to encrypt to do so, as the answer to its first request: then original clients show it.
    ///
    /// It is logged once for each connection, and one address can open only so many in a minute.
    private func refusePlaintext(_ connection: Connection, _ request: Request?) {
        let entry = AuditEntry(
            .refusal,
            connection: connection.id,
            nickname: request?.nickname?.text ?? "",
            detail: PlaintextPolicy.refusal,
            refusal: .encryptionRequired
        )
        audit(entry)
        let refusal = request?.asksForFraming == true ? Refusal.encryptionRequired : nil
        audience.send(Response(at: tick.moment, .login(.refused(PlaintextPolicy.refusal, refusal))), to: connection)
        leave(connection, .outOfStep)
    }
}

extension Request {
    /// The nickname that wants to log in; nil if this is no login or the nickname is not valid.
    fileprivate var nickname: Nickname? {
        guard case .connect(let login) = self, let text = login.nickname else { return nil }
        return try? Nickname(text)
    }

    /// Whether this is a login of a client that reads the keys of framed connections.
    fileprivate var asksForFraming: Bool {
        if case .connect(let login) = self { login.framing == .netstring } else { false }
    }

    /// Whether the answer can be many times as long as the request.
    fileprivate var hasLongAnswer: Bool {
        switch self {
        case .refresh, .users, .bans: true
        default: false
        }
    }
}

extension FramingError {
    /// The fault in words for the peer.
    fileprivate var sentence: String {
        switch self {
        case .missingLength: "A netstring starts with its length."
        case .invalidLength: "The length of a netstring is malformed."
        case .tooLong(let length): "\(length) bytes are more than \(Limits.framedRequestBytes)."
        case .missingComma: "A netstring ends in a comma."
        }
    }
}
