internal import ChatProtocol
internal import DequeModule

extension Session {
    /// Durations in milliseconds.
    enum Timing {
        /// How long the server's CONVER may take before the user is told; checking a password takes the server a while.
        static let login = 20_000
        /// The time between two PINGs.
        static let ping = 30_000
        /// How long the server may take to say goodbye.
        static let farewell = 2000
        /// How long a connection must last before it counts as stable, and the waits start again from the shortest; a
        /// server that kicks everybody at once must not be flooded with attempts.
        static let stable = 30_000
    }

    mutating func start() {
        guard phase == .idle else { return }
        open()
    }

    mutating func open() {
        phase = .connecting
        update(.status(.connecting))
        emit(.open(allowsPlainText: allowsPlainText))
    }

    mutating func opened(_ channel: SessionEvent.Channel) {
        guard phase == .connecting else { return }
        returnSeconds = nil
        toldAdvice = nil
        encryptionDoubts = 0
        phase = .connected(channel)
        if credentials == nil || loginReason != nil {
            update(.status(.loggingIn(channel)))
            update(
                .loginNeeded(
                    reason: loginReason.map { SafeText(line: $0) },
                    refusal: loginReason == nil ? nil : .passwordMissing
                )
            )
        } else {
            sendLogin()
        }
    }

    mutating func closed(_ reason: String) {
        if isLeaving { return finish(isCutOff: true) }
        switch phase {
        case .online where exchange.isKickSuspected:
            thrownOut()
        case .connected where ghostAttempts == 0:
            // While the user is asked for a login, don't reconnect.
            phase = .offline
            endConnection()
        case .connected, .connecting, .loggingIn, .online:
            lost(lastWarning.map { "The server closed the connection: \($0)" } ?? (isNoChat ? Self.noChat : reason))
        case .idle, .waiting, .offline, .ended, .finished:
            break
        }
    }

    /// Handles a connection that was lost or could not be opened: tries again, after longer and longer waits.
    mutating func lost(_ reason: String) {
        if let online, now.unixMilliseconds - online.since.unixMilliseconds >= Int64(Timing.stable) {
            backoff.reset()
        }
        endConnection()
        waitToReconnect(reason)
        phase = .waiting
    }

    /// Closes a connection that is no longer usable, and tries again.
    mutating func giveUp(_ reason: String) {
        hangUp()
        lost(reason)
    }

    /// Closes the connection, with a DISCON if the server may be an original one: it keeps users who leave without one,
    /// and breaks when it sends something to them.
    private mutating func hangUp() {
        switch phase {
        case .loggingIn: emit(.hangUp(afterAnswer: true))
        case .online where isFramed || exchange.current == .farewell: emit(.close)
        case .online: emit(.hangUp(afterAnswer: exchange.current?.needsAnswer ?? false))
        case .connecting, .connected: emit(.close)
        case .idle, .waiting, .offline, .ended, .finished: break
        }
    }

    mutating func waitToReconnect(_ reason: String) {
        let milliseconds =
            if let returnSeconds {
                backoff.next(afterSeconds: returnSeconds, using: &random)
            } else {
                backoff.next(using: &random)
            }
        returnSeconds = nil
        let words = SafeText(line: reason).text
        update(.status(.waiting(reason: words, milliseconds: milliseconds, attempt: backoff.attempt)))
        emit(.setTimer(.reconnect, milliseconds: milliseconds))
    }

    mutating func reconnect() {
        switch phase {
        case .waiting: open()
        case .connected: sendLogin()
        case .idle, .connecting, .loggingIn, .online, .offline, .ended, .finished: break
        }
    }

    mutating func reconnectNow() {
        switch phase {
        case .waiting:
            emit(.cancelTimer(.reconnect))
            open()
        case .connected where ghostAttempts > 0:
            emit(.cancelTimer(.reconnect))
            sendLogin()
        case .idle, .offline, .ended:
            open()
        case .online where exchange.delay != .short, .loggingIn where isLoginOverdue:
            hangUp()
            endConnection()
            open()
        case .online:
            notice("You are connected already.")
        case .connected, .connecting, .loggingIn, .finished:
            break
        }
    }

    /// Clears everything that belonged to the connection.
    mutating func endConnection() {
        if online != nil { lastNickname = ownNickname }
        if isFramed, !isLeaving, updates.contains(where: { $0.password != nil }) {
            notice(
                "The connection ended before the server answered: your password is the new one or still the old one.",
                isFailure: true
            )
        }
        for timer in [SessionTimer.login, .ping, .pong, .replay, .answer] { emit(.cancelTimer(timer)) }
        ping = Ping()
        isLoginOverdue = false
        lastWarning = nil
        unreadableCount = 0
        updates = []
        unanswered = []
        unansweredBans = 0
        abandonExchange()
        outbox.markAllUnsent()
        history.connectionLost()
    }

    // MARK: Warnings and unreadable input

    mutating func received(warning text: String, _ refusal: Refusal?, until: Int64? = nil, _ response: Response) {
        let refusal = refusal ?? Refusal(sentence: text)
        switch refusal {
        case .passwordChanged? where isFramed:
            return askAgain("The password of your account was changed: log in with the new one.")
        case .nicknameRegistered? where isFramed:
            return askAgain("Your nickname was registered, and needs its password now.")
        default: break
        }
        appendLocal(.warning, SafeText(block: text), response)
        lastWarning = SafeText(line: text).text
        switch refusal {
        case .kicked? where isFramed: thrownOut()
        case .banned? where isFramed: end("You are banned. \(Self.wayBack(from: until))")
        case .kicked?: suspectKick()
        default: break
        }
    }

    private mutating func thrownOut() {
        end("You have been thrown out: /reconnect tries to come back.")
    }

    /// What somebody can do who was banned; without an end of the ban, coming back is out of the question.
    static func wayBack(from until: Int64?) -> String {
        until == nil ? "/quit leaves the chat." : "When that is over, /reconnect joins again."
    }

    /// Asks for a new login, because the password is outdated: trying it again would only count as a wrong one.
    private mutating func askAgain(_ reason: String) {
        emit(.close)
        endConnection()
        credentials?.password = ""
        loginReason = reason
        open()
    }

    /// Whether something answers at this address that speaks no protocol that is known.
    var isNoChat: Bool { online == nil && unreadableCount > 0 }

    static var noChat: String {
        "This seems to be no chat server: what it sends can't be read. Check the address and the port."
    }

    mutating func unreadable(_ reason: String) {
        heard()
        unreadableCount += 1
        // Report only the first: a server that sends one may send thousands.
        guard online != nil, unreadableCount == 1 else { return }
        appendLocal(.error, SafeText(line: "The server sent something that can't be read: \(reason)"), nil)
    }

    /// Ends the session for a reason that trying again would only make worse.
    mutating func end(_ reason: String) {
        emit(.close)
        endConnection()
        phase = .ended
        update(.status(.ended(reason: reason)))
    }

    /// Ends the session because the server can't be trusted, which is no passing failure.
    mutating func distrusted(_ reason: String, advice: String) {
        if isLeaving { return finish() }
        guard phase == .connecting else { return }
        endConnection()
        phase = .ended
        let isNews = toldAdvice != advice
        toldAdvice = advice
        notice(isNews ? advice : "Still not trusted, for the reason above. Nothing was sent.", isFailure: true)
        update(.status(.distrusted(reason: SafeText(line: reason).text)))
    }

    /// Handles a connection attempt that could not show whether the server speaks TLS.
    ///
    /// The server may be busy or slow, so it is tried once more before the user is asked.
    mutating func encryptionInDoubt(_ reason: String) {
        guard phase == .connecting, !isLeaving else { return closed(reason) }
        encryptionDoubts += 1
        guard encryptionDoubts > 1 else { return lost(reason) }
        endConnection()
        phase = .ended
        let reason = SafeText(line: reason)
        update(.status(.ended(reason: reason.text)))
        update(.plainTextQuestion(reason: reason))
    }

    mutating func allowPlainText(_ isAllowed: Bool) {
        guard phase == .ended, encryptionDoubts > 1 else { return }
        guard isAllowed else { return notice("Nothing was sent. /reconnect tries again.") }
        allowsPlainText = true
        open()
    }

    // MARK: Leaving

    mutating func quit() {
        guard !isLeaving else { return }
        switch phase {
        case .online, .loggingIn: break
        case .idle, .connecting, .connected, .waiting, .offline, .ended, .finished: return finish()
        }
        isLeaving = true
        emit(.setTimer(.farewell, milliseconds: Timing.farewell))
        // During a login, the goodbye waits for the answer.
        if online != nil { sayGoodbye() }
    }

    mutating func sayGoodbye() {
        if isFramed {
            emit(.send(.disconnect))
        } else {
            request(.disconnect, for: .farewell)
        }
    }

    /// - Parameter isCutOff: Whether the connection is gone already, so that a goodbye would reach nobody.
    mutating func finish(isCutOff: Bool = false) {
        // While a request is unanswered, this sends nothing: the server may read the goodbye as the end of a text.
        if isCutOff { emit(.close) } else { hangUp() }
        endConnection()
        emit(.cancelTimer(.reconnect))
        emit(.cancelTimer(.farewell))
        phase = .finished
        update(.status(.ended(reason: "You left the chat.")))
        emit(.finished)
    }
}
