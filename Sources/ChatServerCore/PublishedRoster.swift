internal import ChatProtocol

/// Who is in the room, as far as the connections have been told.
///
/// It runs behind the members: somebody is in it once their INFO is sent. So a USER list made from it fits the INFOs
/// around it.
struct PublishedRoster: Sendable {
    /// The change that an INFO announces.
    enum Change: Sendable {
        /// Somebody joined.
        case join(ConnectionID, UserList.Entry)
        /// Somebody's nickname, color or rank of admin changed.
        case update(ConnectionID, UserList.Entry)
        /// Somebody left.
        case leave(ConnectionID)
    }

    private struct Slot: Sendable {
        let connection: ConnectionID
        var entry: UserList.Entry
    }

    /// The entries, in the order of joining.
    ///
    /// Whoever left leaves a hole until the next cleanup, so that leaving costs the same in a room of any size.
    private var slots: [Slot?] = []
    private var places: [ConnectionID: Int] = [:]
    private var whole: [UserList.Entry]?

    /// How many people are in it.
    var count: Int { places.count }

    mutating func apply(_ change: Change) {
        whole = nil
        switch change {
        case .join(let connection, let entry):
            guard places[connection] == nil else { return }
            places[connection] = slots.count
            slots.append(Slot(connection: connection, entry: entry))
        case .update(let connection, let entry):
            guard let place = places[connection] else { return }
            slots[place]?.entry = entry
        case .leave(let connection):
            guard let place = places.removeValue(forKey: connection) else { return }
            slots[place] = nil
            if slots.count > 2 * places.count + 16 { tidy() }
        }
    }

    /// Everybody, in the order of joining; costs nothing if nothing changed since the last call.
    mutating func all() -> [UserList.Entry] {
        if let whole { return whole }
        let list = slots.compactMap { $0?.entry }
        whole = list
        return list
    }

    /// The first entries, in the order of joining.
    func first(_ limit: Int) -> [UserList.Entry] {
        var list: [UserList.Entry] = []
        list.reserveCapacity(min(limit, count))
        for case let slot? in slots {
            guard list.count < limit else { break }
            list.append(slot.entry)
        }
        return list
    }

    /// The entry of one connection.
    subscript(connection: ConnectionID) -> UserList.Entry? {
        places[connection].flatMap { slots[$0]?.entry }
    }

    private mutating func tidy() {
        slots.removeAll { $0 == nil }
        places = [:]
        for (place, slot) in slots.enumerated() {
            guard let slot else { continue }
            places[slot.connection] = place
        }
    }
}
