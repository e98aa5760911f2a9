internal import ChatProtocol
internal import ChatServerCore
internal import ChatSession

/// The network: what is under way, and what breaks.
extension Simulation {
    static func id(_ connection: Int) -> ConnectionID { ConnectionID(UInt64(connection)) }

    mutating func breakConnection(of client: Int) {
        guard let connection = clients[client].connection, connections[connection].isUp else { return }
        connections[connection].isUp = false
        // Both notice, at once or late: a server may take its time.
        let closed = Happening.event(
            client: client,
            generation: clients[client].generation,
            .closed(reason: "The connection was cut off.")
        )
        schedule(closed, in: number(0...3) == 0 ? number(0...60_000) : number(0...200))
        schedule(.serverNotices(connection: connection), in: number(0...2) == 0 ? number(0...60_000) : number(0...500))
    }

    /// A connection that is dead, and not known to be, does not answer.
    mutating func probe(_ connection: Int) {
        guard !connections[connection].isUp else { return }
        schedule(.serverNotices(connection: connection), in: 4000)
    }

    mutating func connect(_ client: Int) {
        clients[client].generation += 1
        let generation = clients[client].generation
        if !isCalm, Double.random(in: 0..<1, using: &random) < parameters.refusals {
            schedule(.event(client: client, generation: generation, .openFailed(reason: "No.")), in: number(1...3000))
            return
        }
        let isFramed = client < parameters.clients - parameters.unframed
        connections.append(Connection(client: client, generation: generation, isFramed: isFramed))
        clients[client].connection = connections.count - 1
        tellRoom(.opened(Self.id(connections.count - 1), address: .version4(UInt32(truncatingIfNeeded: client))))
        let channel = SessionEvent.Channel(address: "room", isEncrypted: true)
        schedule(.event(client: client, generation: generation, .opened(channel)), in: number(1...100))
    }

    mutating func disconnect(_ client: Int) {
        clients[client].generation += 1
        guard let connection = clients[client].connection else { return }
        clients[client].connection = nil
        connections[connection].isUp = false
        schedule(.serverNotices(connection: connection), in: number(1...500))
    }

    mutating func send(_ request: Request, from client: Int) {
        guard let connection = clients[client].connection, connections[connection].isUp else { return }
        var request = request
        let isFramed = connections[connection].isFramed
        if !isFramed, case .connect(var login) = request {
            login.framing = .none
            request = .connect(login)
        }
        var bytes: [UInt8] = []
        request.encode(into: &bytes, framing: isFramed ? .netstring : .none)
        let arrival = max(connections[connection].lastUp, now + number(1...80))
        connections[connection].lastUp = arrival
        agenda.add(.arrival(connection: connection, bytes), at: arrival)
    }

    mutating func send(_ response: Response, to connection: Int) {
        guard connections[connection].isUp, connections[connection].isServed else { return }
        let isFramed = connections[connection].isFramed
        for part in isFramed ? [response] : response.unframedParts() {
            var bytes: [UInt8] = []
            part.encode(into: &bytes, framing: isFramed ? .netstring : .none)
            guard let decoded = try? Response(decoding: bytes.span) else { continue }
            let arrival = max(connections[connection].lastDown, now + number(1...80))
            connections[connection].lastDown = arrival
            // A broken connection delivers nothing: see `tell`.
            let client = connections[connection].client
            let generation = connections[connection].generation
            agenda.add(.event(client: client, generation: generation, .received(decoded)), at: arrival)
        }
    }
}
