internal import ChatProtocol
internal import DequeModule

/// The dialogue with an original server.
///
/// Such a server passes on texts without marking where they end, so anybody can write a line that reads like an answer.
/// If we believed it and sent the next request, the server could read two requests as one, and publish a private text.
/// So only what certainly is the server's ends the exchange, or a message of our own that came back whole. In doubt we
/// wait.
extension Session {
    mutating func beginExchange() {
        begin(.login, patience: Exchange.settlingMilliseconds)
        request(.refresh(HistoryQuery()), for: .refresh(isWanted: false))
    }

    /// Queues a request.
    mutating func request(_ request: Request, for purpose: Exchange.Purpose) {
        guard exchange.queue.count < Exchange.queueLimit else {
            return notice("The server is slow: too much is waiting for it already.", isFailure: true)
        }
        exchange.queue.append(Exchange.Turn(purpose: purpose, request: request))
        advanceExchange()
    }

    /// Sends the next request, if it may be sent now.
    mutating func advanceExchange() {
        guard online != nil, !isFramed, exchange.current == nil else { return }
        // Waiting messages are sent before a goodbye.
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
        exchange.hasHeard = false
        exchange.hasSuspectAnswer = false
        exchange.arrived = ""
        emit(.setTimer(.answer, milliseconds: patience))
    }

    /// Whether an answer that was just received is certainly the server's; if not, that there was one is remembered.
    private mutating func isCertain() -> Bool {
        if exchange.isSuspect { exchange.hasSuspectAnswer = true }
        return !exchange.isSuspect
    }

    private mutating func exchangeEnded() {
        // Such a server sends all of its history at once.
        if exchange.current == .refresh(isWanted: false) { update(.olderHistory(available: false)) }
        exchange.current = nil
        emit(.cancelTimer(.answer))
        answerCame()
        advanceExchange()
    }

    /// Ends the exchange after the connection was lost.
    ///
    /// We can't know whether the message in progress has arrived, and sending it twice would be worse than asking the
    /// user.
    mutating func abandonExchange() {
        leaveUnanswered("The connection was lost before the server answered.")
        let log = exchange.log
        exchange = Exchange()
        exchange.log = log
    }

    /// Ends the wait for the answer to a message of ours.
    private mutating func leaveUnanswered(_ reason: String) {
        guard case .chat(let id, _)? = exchange.current, let message = outbox.take(where: { $0.entry.id == id }) else {
            return
        }
        end(message, .uncertain(SafeText(line: reason + " Say it again if nobody has seen it.")))
    }

    // MARK: Answers

    mutating func answerIsOverdue() {
        switch exchange.current {
        case .login?, .settling?: exchangeEnded()
        case .farewell?: finish()
        case .chat?, .update?, .kick?, .users?, .refresh?: waitLonger()
        case nil: break
        }
    }

    /// Waits on for an answer that takes long.
    ///
    /// What the server said since the request may have been written before the request was read. So that proves nothing
    /// before ``Exchange/arrivalMilliseconds``.
    private mutating func waitLonger() {
        switch exchange.delay {
        case .short:
            exchange.delay = .told
            // A list that goes with an INFO would be here by now.
            exchange.owedLists = 0
            notice(Self.slowness("has not answered", for: Exchange.answerMilliseconds), isFailure: true)
            emit(.setTimer(.answer, milliseconds: Exchange.arrivalMilliseconds - Exchange.answerMilliseconds))
        case .told:
            exchange.delay = .long
            exchange.hasHeard = false
            emit(.setTimer(.answer, milliseconds: Exchange.patienceMilliseconds - Exchange.arrivalMilliseconds))
        case .long:
            let isQuestion = exchange.current?.mayGoUnanswered == true
            guard exchange.hasHeard, isQuestion || exchange.hasSuspectAnswer else {
                return giveUp("The server has not answered for \(Self.patienceWords).")
            }
            notice("The server did not answer, but it is there: going on without.", isFailure: true)
            exchange.delay = .short
            // The same question would wait as long again.
            let question = exchange.current
            if isQuestion { exchange.queue.removeAll { $0.purpose == question } }
            if case .update? = question { _ = updates.popFirst() }
            leaveUnanswered("The server did not answer clearly.")
            begin(.settling, patience: Exchange.settlingMilliseconds)
        }
    }

    /// How long we wait for a silent server, in words for the user.
    private static var patienceWords: String { "\(Exchange.patienceMilliseconds / 60_000) minutes" }

    /// A sentence about a server that is silent but may only be slow.
    static func slowness(_ what: String, for milliseconds: Int) -> String {
        """
        The server \(what) for \(milliseconds / 1000) s. It may only be slow: what you write waits, \
        up to \(patienceWords). /reconnect hangs up at once.
        """
    }

    private mutating func answerCame() {
        guard exchange.delay != .short else { return }
        exchange.delay = .short
        notice("The server answers again.")
    }

    mutating func confirmationEndsExchange(_ purpose: Exchange.Purpose, isFailure: Bool) {
        guard exchange.current == purpose, isCertain() else { return }
        if isFailure {
            exchangeEnded()
        } else {
            answerCame()
            begin(.settling, patience: Exchange.settlingMilliseconds)
        }
    }

    mutating func listEndsExchange() {
        guard !exchange.isSuspect else {
            if exchange.current == .users { exchange.hasSuspectAnswer = true }
            return
        }
        // The server sends a list with each INFO; such a list is no answer.
        let goesWithInfo = exchange.owedLists > 0
        exchange.owedLists = max(0, exchange.owedLists - 1)
        switch exchange.current {
        case .login?, .settling?:
            exchangeEnded()
        case .users? where !goesWithInfo:
            if exchange.isKickSuspected {
                notice("You are still in the chat: on a server of this kind anybody can write such a line.")
            }
            exchangeEnded()
        case .users?, .kick?, .chat?, .update?, .refresh?, .farewell?, nil:
            break
        }
    }

    /// Handles a list like one that was there before.
    ///
    /// A list from the second in which a replay began may be part of it, or an answer. So the next request waits for
    /// the rest of the replay.
    mutating func staleListEndsExchange(at time: WireTime) {
        guard let replay = exchange.replay, !replay.isOpen, time == replay.confirmedAt else { return }
        guard exchange.current != .users || isCertain() else { return }
        exchange.owedLists = max(0, exchange.owedLists - 1)
        guard exchange.current == .users else { return }
        answerCame()
        begin(.settling, patience: Exchange.settlingMilliseconds)
    }

    /// - Returns: Whether the ERR was about a request that now reports the failure itself.
    mutating func errorEndsExchange(_ words: String, _ refusal: Refusal?) -> Bool {
        switch exchange.current {
        case .chat(let id, let chat)?:
            // This is the only fault that an original server finds in a message.
            guard chat.recipient != .everyone, refusal == .recipientAbsent, isCertain(),
                let message = outbox.take(where: { $0.entry.id == id })
            else { return false }
            fail(message, words, refusal)
            exchangeEnded()
            return true
        case .kick(let user)? where isCertain():
            kickFailed(user, words, refusal)
            exchangeEnded()
            return true
        case .update? where isCertain():
            _ = updates.popFirst()
            exchangeEnded()
        case .users? where isCertain(), .refresh? where isCertain():
            exchangeEnded()
        case .kick?, .update?, .users?, .refresh?, .login?, .settling?, .farewell?, nil:
            break
        }
        return false
    }

    // MARK: Being kicked

    /// Checks whether a line that says we were kicked is true.
    ///
    /// Anybody can write such a line. An original server leaves the connection of a kicked user open until it reads
    /// something from it. So we send a request: it either answers or closes.
    mutating func suspectKick() {
        guard !exchange.isKickSuspected else { return }
        exchange.isKickSuspected = true
        request(.users, for: .users)
    }

    // MARK: Received messages (unframed)

    mutating func receivedUnframed(_ chat: ChatMessage, _ response: Response) {
        var fingerprint = ReplayLog.Fingerprint(
            time: response.time,
            sender: chat.sender,
            recipient: chat.recipient,
            text: chat.text
        )
        if isOwn(chat.sender), !exchange.isLeftOver(fingerprint) {
            if let message = takeAnswered(by: chat) {
                let place = timeline.placeAtEnd()
                var chat = chat
                if exchange.arrived == message.text { chat.text = message.text }
                fingerprint.text = chat.text
                learnColor(from: chat, at: response.time)
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
                // A replay repeats both copies, too.
                exchange.log.append(fingerprint, at: timeline.last)
                return
            }
        }
        guard let place = placeOfNews(fingerprint) else { return }
        if !isOwn(chat.sender) { learnColor(from: chat, at: response.time) }
        add(entry(chat, response, at: place))
        exchange.log.append(fingerprint, at: place)
    }

    /// Records the color that somebody writes in, unless it is known from a newer message.
    private mutating func learnColor(from chat: ChatMessage, at time: WireTime) {
        guard let color = ChatColor(chat.color) else { return }
        // A line that somebody may have made up must not outlast true ones.
        if exchange.isSuspect, book.member(chat.sender)?.color != nil { return }
        if book.learn(color, of: chat.sender, at: exchange.isSuspect ? nil : time) { rosterChanged() }
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
        // If made-up lines counted, they could hold up the answer to USER for minutes.
        if !exchange.isSuspect, exchange.isNews(from: response.time) { exchange.owedLists += 1 }
        if case .kick? = exchange.current, isOwn(info.sender), isCertain() {
            answerCame()
            begin(.settling, patience: Exchange.settlingMilliseconds)
        }
    }

    /// The message in progress, if a CHATR is its answer; it is removed from the outbox.
    ///
    /// Nobody else can know a text before the server has passed it on.
    private mutating func takeAnswered(by chat: ChatMessage) -> Outbox.Message? {
        guard case .chat(let id, let request)? = exchange.current, request.recipient == chat.recipient else {
            return nil
        }
        // A network that pauses within a packet hands the text over in parts.
        exchange.arrived =
            request.text.hasPrefix(exchange.arrived + chat.text) ? exchange.arrived + chat.text : chat.text
        guard [chat.text, exchange.arrived].contains(request.text) || Self.isCut(request.text, to: chat.text) else {
            return nil
        }
        return outbox.take { $0.entry.id == id }
    }

    /// Whether reading the unframed stream cuts a text to a part of it, because what follows reads like a response.
    private static func isCut(_ text: String, to part: String) -> Bool {
        guard text.hasPrefix(part) else { return false }
        let chat = ChatMessage(sender: "a", recipient: .everyone, color: "#FFF", text: text)
        var bytes: [UInt8] = []
        for body in [Response.Body.login(.accepted(.none)), .chat(chat)] {
            Response(time: WireTime(localMilliseconds: 0), body: body).encode(into: &bytes, framing: .none)
        }
        var decoder = UnframedResponseDecoder()
        let results = decoder.receive(bytes.span)
        guard results.count > 1, case .success(let response) = results[1], case .chat(let first) = response.body else {
            return false
        }
        return first.text == part
    }

    // MARK: Replays

    mutating func beginReplay(_ confirmation: Confirmation, at time: WireTime) {
        guard case .refresh(let isWanted)? = exchange.current else { return }
        let isCertain = isCertain()
        // The answer is there already, so this one is made up.
        if !isCertain, let replay = exchange.replay, replay.isOpen, replay.isCertain { return }
        if confirmation.isFailure {
            guard isCertain else { return }
            if isWanted { notice(Self.withoutErrorMark(confirmation.text), isFailure: true) }
            return exchangeEnded()
        }
        if isCertain {
            emit(.cancelTimer(.answer))
            answerCame()
        }
        exchange.replay = Replay(
            confirmedAt: time,
            startedAt: now.unixMilliseconds,
            isCertain: isCertain,
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
        if replay.isCertain, case .refresh? = exchange.current { exchangeEnded() }
    }

    /// Where a message belongs in the timeline; nil if it is there already.
    private mutating func placeOfNews(_ fingerprint: ReplayLog.Fingerprint) -> TimelineEntry.Place? {
        guard var replay = exchange.replay, replay.isOpen || fingerprint.time < replay.confirmedAt else {
            return timeline.placeAtEnd()
        }
        defer { awaitEndOfReplay() }
        if let count = replay.known[fingerprint], count > 0 {
            replay.known[fingerprint] = count - 1
            // Nobody else can make the server repeat a line about us.
            if !exchange.isSuspect, isOwn(fingerprint.sender) { replay.isCertain = true }
            exchange.replay = replay
            return nil
        }
        if replay.isOpen {
            // A message sent during a replay is repeated at the end of it.
            replay.known[fingerprint, default: 0] += 1
            if fingerprint.time < replay.confirmedAt { replay.news += 1 }
            exchange.replay = replay
        }
        return exchange.log.place(for: fingerprint.time) ?? timeline.placeAtEnd()
    }

    /// Whether a user list is part of a replay: it then shows who was in the chat, not who is.
    mutating func isStale(_ list: UserList, _ time: WireTime) -> Bool {
        guard exchange.note(list, at: time) else { return true }
        guard let replay = exchange.replay, replay.isOpen else { return false }
        return time < replay.confirmedAt && !book.roster.members.isEmpty
    }
}
