internal import ChatProtocol
internal import DequeModule

/// The talk with an original server.
extension Session {
    mutating func beginExchange() {
        begin(.login, patience: Exchange.settlingMilliseconds)
        request(.refresh(HistoryQuery()), for: .refresh(isWanted: false))
    }

    /// Has a request wait for its turn.
    mutating func request(_ request: Request, for purpose: Exchange.Purpose) {
        guard exchange.queue.count < Exchange.queueLimit else {
            return notice("The server is slow: too much is waiting for it already.", isFailure: true)
        }
        exchange.queue.append(Exchange.Turn(purpose: purpose, request: request))
        advanceExchange()
    }

    /// Sends the next request, if it is time for one.
    mutating func advanceExchange() {
        guard online != nil, !isFramed, exchange.current == nil else { return }
        // What was said goes out before a goodbye.
        let isLast = exchange.queue.first?.purpose == .farewell && outbox.firstUnsent != nil
        if !isLast, let turn = exchange.queue.popFirst() {
            emit(.send(turn.request))
            begin(turn.purpose, patience: Exchange.answerMilliseconds)
        } else if let message = nextToSend(maximumBytes: Limits.unframedTextBytes) {
            let chat = ChatRequest(recipient: message.recipient, text: message.text)
            outbox.markSent(message.entry.id)
            emit(.send(.chat(chat)))
            begin(.chat(message.entry.id, chat), patience: Exchange.answerMilliseconds)
        }
    }

    private mutating func begin(_ purpose: Exchange.Purpose, patience: Int) {
        exchange.current = purpose
        emit(.setTimer(.answer, milliseconds: patience))
    }

    private mutating func exchangeEnded() {
        exchange.current = nil
        exchange.unanswered = 0
        emit(.cancelTimer(.answer))
        advanceExchange()
    }

    /// The connection is gone; whether the message that was on its way arrived
    /// is anybody's guess, and saying it twice is worse than asking.
    mutating func abandonExchange() {
        if case .chat(let id, _)? = exchange.current, let message = outbox.take(where: { $0.entry.id == id }) {
            fail(message, "The connection was lost before the server answered. Say it again if nobody has seen it.")
        }
        let log = exchange.log
        exchange = Exchange()
        exchange.log = log
    }

    // MARK: Answers

    mutating func answerIsOverdue() {
        guard let current = exchange.current else { return }
        switch current {
        case .login, .settling:
            return exchangeEnded()
        case .chat(let id, _):
            if let message = outbox.take(where: { $0.entry.id == id }) {
                fail(message, "The server did not answer. Say it again if nobody has seen it.")
                exchange.rememberOverdue(message)
            }
        case .update:
            _ = updates.popFirst()
            notice("The server did not answer the change.", isFailure: true)
        case .refresh(let isWanted):
            // Kinds of servers are imaginable that know no REF.
            if isWanted { notice("The server did not answer.", isFailure: true) }
        case .users, .kick:
            notice("The server did not answer.", isFailure: true)
        case .farewell:
            return finish()
        }
        exchange.unanswered += 1
        guard exchange.unanswered < Exchange.silenceLimit else {
            exchange.current = nil
            return giveUp("The server does not answer any more.")
        }
        exchange.current = nil
        advanceExchange()
    }

    mutating func confirmationEndsExchange(_ purpose: Exchange.Purpose, isFailure: Bool) {
        guard exchange.current == purpose else { return }
        if isFailure {
            exchangeEnded()
        } else {
            exchange.unanswered = 0
            begin(.settling, patience: Exchange.settlingMilliseconds)
        }
    }

    mutating func listEndsExchange() {
        switch exchange.current {
        case .users?, .login?, .settling?, .kick?:
            exchangeEnded()
        case .chat?, .update?, .refresh?, .farewell?, nil:
            break
        }
    }

    /// - Returns: Whether the ERR was about a message, which now says so itself.
    mutating func errorEndsExchange(_ words: String) -> Bool {
        switch exchange.current {
        case .chat(let id, _)?:
            guard let message = outbox.take(where: { $0.entry.id == id }) else { return false }
            fail(message, words)
            exchangeEnded()
            return true
        case .update?:
            _ = updates.popFirst()
            exchangeEnded()
        case .kick(let user)?:
            notice("\(SafeText(line: user)) was not kicked: \(words)", isFailure: true)
            exchangeEnded()
            return true
        case .users?, .refresh?:
            exchangeEnded()
        case .login?, .settling?, .farewell?, nil:
            break
        }
        return false
    }

    // MARK: What is said (unframed)

    mutating func receivedUnframed(_ chat: ChatMessage, _ response: Response) {
        let fingerprint = ReplayLog.Fingerprint(
            time: response.time,
            sender: chat.sender,
            recipient: chat.recipient,
            text: chat.text
        )
        if let color = ChatColor(chat.color), book.learn(color, of: chat.sender) { rosterChanged() }
        if isOwn(chat.sender) {
            if let message = exchange.takeOverdue(chat) {
                let place = timeline.placeAtEnd()
                accept(message, chat, response, at: place)
                exchange.log.append(fingerprint, at: place)
                return
            }
            if let message = takeAnswered(by: chat) {
                let place = timeline.placeAtEnd()
                accept(message, chat, response, at: place)
                exchange.log.append(fingerprint, at: place)
                exchange.echo =
                    chat.recipient == .user(chat.sender)
                    ? ChatRequest(recipient: chat.recipient, text: chat.text) : nil
                exchangeEnded()
                return
            }
            if exchange.echo == ChatRequest(recipient: chat.recipient, text: chat.text) {
                exchange.echo = nil
                // A replay brings it twice, too.
                exchange.log.append(fingerprint, at: timeline.last)
                return
            }
        }
        guard let place = placeOfNews(fingerprint) else { return }
        add(entry(chat, response, at: place))
        exchange.log.append(fingerprint, at: place)
    }

    mutating func receivedUnframed(_ info: Info, _ response: Response) {
        let fingerprint = ReplayLog.Fingerprint(
            time: response.time,
            sender: info.sender,
            recipient: nil,
            text: info.text
        )
        guard let place = placeOfNews(fingerprint) else { return }
        add(entry(info, response, at: place))
        exchange.log.append(fingerprint, at: place)
    }

    /// The message under way, if a CHATR is its answer.
    ///
    /// A text that looks like the start of a response is cut there by whoever
    /// reads the unframed stream: then its beginning is the answer.
    private mutating func takeAnswered(by chat: ChatMessage) -> Outbox.Message? {
        guard case .chat(let id, let request)? = exchange.current, request.recipient == chat.recipient,
            request.text == chat.text || !chat.text.isEmpty && request.text.hasPrefix(chat.text)
        else { return nil }
        return outbox.take { $0.entry.id == id }
    }

    // MARK: Replays

    mutating func beginReplay(_ confirmation: Confirmation, at time: WireTime) {
        guard case .refresh(let isWanted)? = exchange.current else { return }
        if confirmation.isFailure {
            if isWanted { notice(Self.withoutErrorMark(confirmation.text), isFailure: true) }
            return exchangeEnded()
        }
        emit(.cancelTimer(.answer))
        exchange.replay = Replay(
            confirmedAt: time,
            startedAt: now.unixMilliseconds,
            known: exchange.log.counts,
            isWanted: isWanted
        )
        awaitEndOfReplay()
    }

    private mutating func awaitEndOfReplay() {
        guard let replay = exchange.replay, replay.isOpen else { return }
        let left = Replay.longestMilliseconds - abs(now.unixMilliseconds &- replay.startedAt)
        emit(.setTimer(.replay, milliseconds: max(1, min(Replay.quietMilliseconds, Int(clamping: left)))))
    }

    mutating func replayEnded() {
        guard let replay = exchange.replay, replay.isOpen else { return }
        exchange.replay?.isOpen = false
        if replay.isWanted {
            notice(Self.report(fetched: replay.news))
        }
        if case .refresh? = exchange.current { exchangeEnded() }
    }

    /// Where something goes that was said, or nil if it is there already.
    private mutating func placeOfNews(_ fingerprint: ReplayLog.Fingerprint) -> TimelineEntry.Place? {
        guard var replay = exchange.replay, replay.isOpen || fingerprint.time < replay.confirmedAt else {
            return timeline.placeAtEnd()
        }
        defer { awaitEndOfReplay() }
        if let count = replay.known[fingerprint], count > 0 {
            replay.known[fingerprint] = count - 1
            exchange.replay = replay
            return nil
        }
        if replay.isOpen {
            // What is said during a replay is replayed at its end once more.
            replay.known[fingerprint, default: 0] += 1
            if fingerprint.time < replay.confirmedAt { replay.news += 1 }
            exchange.replay = replay
        }
        return exchange.log.place(for: fingerprint.time) ?? timeline.placeAtEnd()
    }

    /// Whether a user list is part of a replay: it says who was here, not who is.
    func isStale(_ list: UserList, _ time: WireTime) -> Bool {
        guard let replay = exchange.replay, replay.isOpen else { return false }
        return time < replay.confirmedAt && !book.roster.members.isEmpty
    }
}
