internal import ChatProtocol
internal import ChatServerCore
internal import ChatSession

/// The room and its store.
extension Simulation {
    mutating func tellRoom(_ event: RoomEvent) {
        var effects: [RoomEffect] = []
        room.handle(event, at: clock, effects: &effects)
        for effect in effects { perform(effect) }
    }

    mutating func perform(_ effect: RoomEffect) {
        switch effect {
        case .send(let response, let id), .deliver(let response, let id):
            send(response, to: Int(id.number))
        case .sendAlike(let response, let ids):
            for id in ids { send(response, to: Int(id.number)) }
        case .admit(let id, let response, framing: _):
            connections[Int(id.number)].isAdmitted = true
            send(response, to: Int(id.number))
        case .broadcast(let broadcast):
            for index in connections.indices where connections[index].isAdmitted {
                let isAddressed =
                    switch broadcast.receivers {
                    case .everyone: true
                    case .framed: connections[index].isFramed
                    case .unframed: !connections[index].isFramed
                    }
                guard isAddressed else { continue }
                if let variation = broadcast.variation, variation.connection == Self.id(index) {
                    if let response = variation.response { send(response, to: index) }
                } else {
                    send(broadcast.response, to: index)
                }
            }
        case .store(let record):
            storing.append(record)
            // One answer for each: the store is as slow as it likes, in order.
            lastStored = max(lastStored, now + number(0...50))
            agenda.add(.stored(count: 1), at: lastStored)
        case .fetchHistory(let id, let query, let viewer):
            // In the order asked, and after what was to be stored before.
            lastStored = max(lastStored, now + number(0...50))
            agenda.add(.history(connection: Int(id.number), query, viewer: viewer), at: lastStored)
        case .verify(let id, let account, let password):
            let isCorrect = password == "secret"
            schedule(.verified(connection: Int(id.number), account, isCorrect: isCorrect), in: number(10...300))
        case .close(let id):
            let connection = Int(id.number)
            connections[connection].isServed = false
            connections[connection].isAdmitted = false
            let client = connections[connection].client
            let closed = SessionEvent.closed(reason: "The server closed the connection.")
            let arrival = max(connections[connection].lastDown, now + 1)
            agenda.add(.event(client: client, generation: connections[connection].generation, closed), at: arrival)
            tellRoom(.closed(id, .requested))
        case .changeAccount(let id, _, _, _):
            tellRoom(.accountChanged(id, nil))
        case .register(let id, _, _):
            tellRoom(.accountChanged(id, nil))
        case .probe(let id):
            probe(Int(id.number))
        case .changeBans:
            tellRoom(.bansStored(true))
        case .audit:
            break
        }
    }
}
