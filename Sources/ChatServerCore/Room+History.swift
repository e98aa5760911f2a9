internal import ChatProtocol
internal import DequeModule

extension Room {
    /// Handles a REF.
    mutating func refresh(_ query: HistoryQuery, from connection: ConnectionID, _ member: Member) {
        guard member.refreshesInFlight < RoomLimits.refreshesInFlight else {
            let refusal = Confirmation(subject: .refresh, faults: [Phrases.tooManyRefreshes])
            return reply(.confirm(refusal), to: connection)
        }
        members[connection]?.refreshesInFlight += 1
        var page = query
        if member.framing == .none {
            unframedRefreshes += 1
            // INFOs fill at most half of a page, unless there is nothing else. A page of twice the size holds the
            // latest of both kinds.
            page = HistoryQuery(limit: 2 * Limits.unframedHistoryCount)
        } else {
            page.limit = min(max(query.limit ?? Limits.framedHistoryCount, 1), Limits.framedHistoryMaximum)
        }
        effects.append(.fetchHistory(connection, page, viewer: member.identity(on: connection)))
    }

    /// Sends the stored records, as they were first sent.
    ///
    /// Records that are stored but not yet published are left out: each is sent once, when its turn comes. So a history
    /// never runs ahead of what its reader has been told.
    mutating func resend(_ records: [HistoryRecord], more: Bool, to connection: ConnectionID) {
        let recent = recentRecords
        guard let member = finishRefresh(on: connection) else { return }
        let viewer = member.identity(on: connection)
        let oldest = queue.oldestID
        func isDue(_ record: HistoryRecord) -> Bool {
            mayRead(record, viewer) && (oldest.map { record.id < $0 } ?? true)
        }
        var due = records.filter(isDue)
        if member.framing == .none {
            // An original client clears its screen for the history, so it also needs what others said while the store
            // was reading.
            let last = due.last?.id
            due += recent.filter { record in isDue(record) && (last.map { $0 < record.id } ?? true) }
            due = due.suffix(Limits.unframedHistoryCount)
        }
        let confirmation = Confirmation(subject: .refresh, more: more, text: Phrases.resending)
        effects.append(.send(Response(at: now, .confirm(confirmation)), to: connection))
        for record in due { effects.append(.send(record.response, to: connection)) }
    }

    /// Answers a REF that the store could not read.
    mutating func refuseHistory(to connection: ConnectionID) {
        guard finishRefresh(on: connection) != nil else { return }
        let refusal = Confirmation(subject: .refresh, faults: [Phrases.historyFailed])
        effects.append(.send(Response(at: now, .confirm(refusal)), to: connection))
    }

    /// Whether somebody may see a record.
    ///
    /// The store has checked this, but somebody's identity may have changed since.
    private func mayRead(_ record: HistoryRecord, _ viewer: Identity) -> Bool {
        if case .guest = viewer, case .between = record.visibility, record.id < configuration.nextMessageID {
            // The record is from an earlier run, whose connections had the same numbers.
            return false
        }
        return record.isVisible(to: viewer)
    }

    private mutating func finishRefresh(on connection: ConnectionID) -> Member? {
        guard let member = members[connection], member.refreshesInFlight > 0 else { return nil }
        members[connection]?.refreshesInFlight -= 1
        if member.framing == .none { endRefreshes(1) }
        return member
    }

    // MARK: What is published while the store reads

    /// Keeps a record that was just published, for unframed clients that wait for their history.
    mutating func keepRecent(_ record: HistoryRecord) {
        guard unframedRefreshes > 0 else { return }
        recentRecords.append(record)
        if recentRecords.count > RoomLimits.recentRecords { recentRecords.removeFirst() }
    }

    /// Ends a number of REFs of unframed clients.
    mutating func endRefreshes(_ count: Int) {
        unframedRefreshes -= count
        if unframedRefreshes == 0 { recentRecords = [] }
    }
}
