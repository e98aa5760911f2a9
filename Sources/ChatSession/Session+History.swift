internal import ChatProtocol
internal import DequeModule

/// The history of a server that numbers its messages.
extension Session {
    mutating func beginHistory() {
        if let contiguous = history.contiguous {
            history.isCatchingUp = true
            ask(.missed(page: 1), HistoryQuery(since: contiguous, limit: History.catchUpLimit))
        } else {
            ask(.latest, HistoryQuery())
        }
    }

    mutating func refresh() {
        guard online != nil else { return notConnected() }
        guard isFramed else { return request(.refresh(HistoryQuery()), for: .refresh(isWanted: true)) }
        if history.query == nil {
            ask(.refresh, HistoryQuery())
        } else if !history.waiting.contains(.refresh), history.query?.purpose != .refresh {
            history.waiting.append(.refresh)
        }
    }

    mutating func loadOlder() {
        guard online != nil else { return }
        guard isFramed, history.gap != nil || history.isOlderAvailable else {
            return update(.olderHistory(available: false))
        }
        // One page at a time: a request while one is in progress is already answered by it.
        guard history.query == nil else { return }
        if let gap = history.gap {
            ask(.gap, HistoryQuery(before: gap.before, limit: History.pageLimit))
        } else if let oldest = history.oldest {
            ask(.older, HistoryQuery(before: oldest, limit: History.pageLimit))
        }
    }

    private mutating func ask(_ purpose: History.Purpose, _ request: HistoryQuery) {
        history.query = History.Query(purpose: purpose, request: request)
        emit(.send(.refresh(request)))
        emit(.setTimer(.replay, milliseconds: History.answerMilliseconds))
    }

    // MARK: Telling a replay from live messages

    /// Records that a numbered message has arrived.
    ///
    /// - Returns: Whether it is live, and not part of a replay.
    mutating func noteArrival(_ id: MessageID?) -> Bool {
        guard let id else { return true }
        let isLive = history.joined.map { id >= $0 } ?? false
        let isNews = !history.isDuplicate(id)
        guard var query = history.query, query.isConfirmed else { return isLive }
        if isLive, isNews {
            // A replay comes in one piece, so a live message means that it has ended.
            batchEnded()
            return true
        }
        query.count += 1
        if isNews { query.news += 1 }
        query.lowest = min(query.lowest ?? id, id)
        query.highest = max(query.highest ?? id, id)
        if case .missed = query.purpose { history.contiguous = max(history.contiguous ?? id, id) }
        history.query = query
        return isLive
    }

    func isDuplicate(_ id: MessageID) -> Bool {
        history.isDuplicate(id)
    }

    mutating func note(_ id: MessageID) {
        history.note(id)
        let isLive = history.joined.map { id >= $0 } ?? false
        if isLive, !history.isCatchingUp, history.contiguous != nil {
            history.contiguous = max(history.contiguous ?? id, id)
        }
        guard let query = history.query, query.isConfirmed else { return }
        if abs(now.unixMilliseconds &- query.timedAt) >= History.quietStepMilliseconds {
            awaitQuiet()
        }
    }

    /// Ends the current page if it is full.
    mutating func endFullBatch() {
        guard let query = history.query, query.isConfirmed, let limit = query.request.limit, query.count >= limit
        else { return }
        batchEnded()
    }

    private mutating func awaitQuiet() {
        history.query?.timedAt = now.unixMilliseconds
        emit(.setTimer(.replay, milliseconds: History.quietMilliseconds))
    }

    /// Records our own join, which separates history from live messages.
    mutating func noteOwnArrival(_ id: MessageID?) {
        guard !history.hasArrived, history.query?.isConfirmed != true, let id else { return }
        if let newest = history.newestBefore, id <= newest {
            // The server once had higher numbers than now, so it has started with an empty history and its numbers mean
            // other messages.
            history.beginEpoch()
            timeline.beginEpoch()
            if history.query == nil {
                ask(.latest, HistoryQuery())
            } else {
                history.waiting = [.latest]
            }
        }
        history.joined = id
        history.hasArrived = true
    }

    // MARK: Answers

    mutating func receivedRefresh(_ confirmation: Confirmation) {
        guard var query = history.query, !query.isConfirmed else { return }
        if confirmation.isFailure {
            notice("The history can't be fetched: \(Self.withoutErrorMark(confirmation.text))", isFailure: true)
            history.isCatchingUp = false
            reportOlder(history.isOlderAvailable)
            queryEnded()
            return
        }
        query.isConfirmed = true
        query.more = confirmation.more ?? false
        history.query = query
        awaitQuiet()
    }

    /// Ends the replay in progress; nothing more comes of it.
    mutating func batchEnded() {
        guard let query = history.query else { return }
        guard query.isConfirmed else {
            notice("The server does not answer the question for its history.", isFailure: true)
            reportOlder(history.isOlderAvailable)
            return queryEnded()
        }
        switch query.purpose {
        case .latest:
            history.contiguous = history.newest
            history.isCatchingUp = false
            reportOlder(query.more)
        case .refresh:
            notice(Self.report(fetched: query.news))
        case .missed(let page):
            caughtUp(query, page: page)
            return
        case .jump:
            jumped(query)
        case .older:
            reportOlder(query.more)
        case .gap:
            narrowGap(query)
        case .abandoned:
            break
        }
        queryEnded()
    }

    /// Says in words what a refresh has brought.
    static func report(fetched count: Int) -> String {
        switch count {
        case 0: "Nothing was missing."
        case 1: "One missing message was fetched."
        default: "\(count) missing messages were fetched."
        }
    }

    private mutating func queryEnded() {
        history.query = nil
        emit(.cancelTimer(.replay))
        guard let next = history.waiting.popFirst() else { return }
        ask(next, HistoryQuery())
    }

    private mutating func reportOlder(_ available: Bool) {
        history.isOlderAvailable = available
        update(.olderHistory(available: available || history.gap != nil))
    }

    // MARK: Catching up

    private mutating func caughtUp(_ query: History.Query, page: Int) {
        guard query.more, let contiguous = history.contiguous else {
            history.isCatchingUp = false
            reportOlder(history.isOlderAvailable)
            history.contiguous = max(history.newest ?? MessageID(0), history.contiguous ?? MessageID(0))
            return queryEnded()
        }
        if page < History.catchUpPages, query.count > 0 {
            ask(.missed(page: page + 1), HistoryQuery(since: contiguous, limit: History.catchUpLimit))
        } else {
            ask(.jump, HistoryQuery())
        }
    }

    private mutating func jumped(_ query: History.Query) {
        if let after = history.contiguous, let before = query.lowest, after < before {
            let entry = TimelineEntry(
                id: timeline.nextID(),
                place: timeline.place(behind: after),
                time: now.wireTime,
                at: now.unixMilliseconds,
                kind: .info(sender: SafeText(line: ""), event: nil),
                text: SafeText(line: "More was said here while you were away. Scroll back to the top to fetch it.")
            )
            history.gap = History.Gap(after: after, before: before, entry: entry)
            update(.inserted([entry]))
        }
        reportOlder(history.isOlderAvailable)
        history.isCatchingUp = false
        history.contiguous = history.newest
    }

    private mutating func narrowGap(_ query: History.Query) {
        guard var gap = history.gap else { return }
        if let lowest = query.lowest, lowest > gap.after, query.more {
            gap.before = lowest
            history.gap = gap
        } else {
            history.gap = nil
            gap.entry.text = SafeText(line: "What was said here while you were away is all here now.")
            update(.changed(gap.entry))
        }
        reportOlder(history.isOlderAvailable)
    }
}
