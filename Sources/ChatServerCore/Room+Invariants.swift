internal import ChatProtocol
internal import DequeModule

extension Room {
    /// The invariants that are broken; tests check this after every event.
    ///
    /// It looks at everything there is, so never call it in production.
    func violations() -> [String] {
        connectionViolations() + nicknameViolations() + queueViolations() + rosterViolations() + boundViolations()
    }

    private func connectionViolations() -> [String] {
        var found: [String] = []
        let tables = [Set(greetings.keys), Set(members.keys), departing]
        let distinct = tables.reduce(Set()) { $0.union($1) }
        if tables.reduce(0, { $0 + $1.count }) != distinct.count {
            found.append("a connection is in two states")
        }
        let unframed = members.values.count { $0.isAdmitted && $0.framing == .none }
        if unframed != unframedCount { found.append("\(unframed) unframed members, counted \(unframedCount)") }
        let refreshes = members.values.filter { $0.framing == .none }.reduce(0) { $0 + $1.refreshesInFlight }
        if refreshes != unframedRefreshes {
            found.append("\(refreshes) unframed refreshes, counted \(unframedRefreshes)")
        }
        for (connection, member) in members where !member.isAdmitted {
            let hasVerdict = steps().contains { if case .admit(connection, _, _) = $0 { true } else { false } }
            if !hasVerdict {
                found.append("\(member.nickname.text) waits for a CONVER that is not in the queue")
            }
        }
        if !listsDue.isEmpty { found.append("a list is due after the event") }
        return found
    }

    private func nicknameViolations() -> [String] {
        var found: [String] = []
        var held = 0
        for (connection, member) in members {
            let name = member.nickname.text
            held += 1
            if !holders.holds(member.nickname, for: connection) { found.append("\(name) does not hold that nickname") }
            if let reserved = member.change?.nickname {
                if holders[reserved.key] != connection { found.append("\(name) lost the reserved \(reserved.text)") }
                if reserved.key != member.nickname.key { held += 1 }
            }
            if let account = member.account {
                if member.nickname != account.nickname { found.append("\(name) is not called like the account") }
                if member.change == nil, directory[account.id] != account {
                    found.append("\(name) has an account that is not registered")
                }
            } else if member.change == nil, directory.owner(of: member.nickname.key) != nil {
                found.append("\(name) is a guest under a registered nickname")
            }
        }
        let looks = holders.lookCount
        if looks.entered != looks.expected { found.append("\(looks.entered) looks, expected \(looks.expected)") }
        if held != holders.count { found.append("\(holders.count) nicknames are held, by members \(held)") }
        let accounts = members.values.compactMap(\.account?.id)
        if Set(accounts).count != accounts.count { found.append("an account is logged in twice") }
        if orphanedChanges.keys.contains(where: { members[$0] != nil }) {
            found.append("somebody who is here is taken for gone")
        }
        return found
    }

    private func queueViolations() -> [String] {
        var found: [String] = []
        if let first = queue.items.first, case .step = first { found.append("a step waits for nothing") }
        let records = records()
        let ids = records.map(\.id)
        if zip(ids, ids.dropFirst()).contains(where: { $0 >= $1 }) { found.append("ids do not rise") }
        if let last = ids.last, last >= nextID { found.append("an id was given too early") }
        if records.count != queue.recordCount { found.append("the queue miscounts its records") }
        if records.reduce(0, { $0 + $1.bytes }) != queue.bytes { found.append("the queue miscounts its bytes") }
        if !Set(repeats.keys).isSubset(of: ids) { found.append("a repeat waits for what is not in the queue") }
        return found
    }

    /// Checks that the published roster plus the queued changes equals the members.
    private func rosterViolations() -> [String] {
        var told = roster
        for item in queue.items {
            switch item {
            case .record(.info(_, let change)): told.apply(change)
            case .step(.forget(let connection)): told.apply(.leave(connection))
            default: break
            }
        }
        var found: [String] = []
        for (connection, member) in members {
            let entry = UserList.Entry(nickname: member.nickname.text, color: member.color)
            if told[connection] != entry { found.append("\(member.nickname.text) is told to be otherwise") }
        }
        if told.count != members.count { found.append("\(told.count) are told of, there are \(members.count)") }
        if told.all().count != told.count { found.append("the roster miscounts") }
        return found
    }

    private func boundViolations() -> [String] {
        var found: [String] = []
        if members.values.contains(where: { $0.refreshesInFlight > RoomLimits.refreshesInFlight }) {
            found.append("too many refreshes")
        }
        if members.values.contains(where: { $0.deferredRequests > RoomLimits.deferredRequests }) {
            found.append("too many deferred requests")
        }
        if recentRecords.count > RoomLimits.recentRecords || unframedRefreshes == 0 && !recentRecords.isEmpty {
            found.append("too many recent records")
        }
        if banAnswers.count(where: { $0 != nil }) > RoomLimits.banChanges { found.append("too many changes of bans") }
        if bans.count > RoomLimits.bans { found.append("too many bans") }
        if greetings.values.contains(where: { $0.refusals >= RoomLimits.refusals }) {
            found.append("too many refusals")
        }
        if repeats.values.contains(where: { $0.count > RoomLimits.repeats }) { found.append("too many repeats") }
        let (count, isConsistent) = nonces.audit
        if !isConsistent || count > 2 * RoomLimits.nonces + 4 * RoomLimits.noncesPerOwner {
            found.append("the nonces are out of bounds")
        }
        return found
    }

    private func records() -> [PublicationQueue.Record] {
        queue.items.compactMap { if case .record(let record) = $0 { record } else { nil } }
    }

    private func steps() -> [PublicationQueue.Step] {
        queue.items.compactMap { if case .step(let step) = $0 { step } else { nil } }
    }
}
