internal import ChatProtocol
internal import ChatServerCore

/// Carrying out the effects of the room.
extension Hub {
    /// Carries out the room's effects in order, until there are no more.
    func carryOutEffects() {
        while !effects.isEmpty {
            var batch: [RoomEffect] = []
            swap(&batch, &effects)
            for effect in batch { carryOut(effect) }
            // Use the same memory for the next batch.
            if effects.isEmpty {
                batch.removeAll(keepingCapacity: batch.capacity <= 4096)
                swap(&batch, &effects)
            }
            storeNext()
        }
    }

    private func carryOut(_ effect: RoomEffect) {
        switch effect {
        case .broadcast(let broadcast):
            audience.send(broadcast, special: broadcast.variation.flatMap { connections[$0.connection] })
        case .store(let record):
            storeQueue.append(record)
        case .send(let response, let id):
            if let connection = connections[id] { audience.send(response, to: connection) }
        case .deliver(let response, let id):
            if let connection = connections[id] { audience.send(response, to: connection, as: .direct) }
        case .sendAlike(let response, let ids):
            audience.send(response, toAll: ids.compactMap { connections[$0] })
        case .admit(let id, let response, let framing):
            if let connection = connections[id] { audience.join(connection, response, framing) }
        case .close(let id):
            if let connection = connections[id] { leave(connection, .requested) }
        case .fetchHistory(let id, let query, let viewer):
            fetchHistory(for: id, query, viewer: viewer)
        case .verify(let id, let account, let password):
            verify(password, of: account, for: id)
        case .changeAccount(let id, let account, let nickname, let password):
            stores.accounts.change(account, nickname: nickname, password: password, completion: accountChanged(id))
        case .register(let id, let nickname, let password):
            stores.accounts.register(nickname, password: password, completion: accountChanged(id))
        case .changeBans(let change):
            changeBans(change)
        case .probe(let id):
            if let connection = connections[id] { probe(connection) }
        case .audit(let entry):
            audit(entry)
        }
    }
}
