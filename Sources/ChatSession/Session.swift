public import ChatProtocol
internal import DequeModule

/// The client's side of the protocol: connects, logs in, keeps the timeline
/// and the roster, and comes back after a loss.
///
///     idle ──start──▶ connecting ──opened──▶ connected ──CON──▶ loggingIn
///                       ▲    │                  ▲ ▲                │  │
///              reconnect│    │openFailed        │ └──── refused ───┘  │accepted
///                       │    ▼                  │                     ▼
///                      waiting ◀── closed ──────┼───────────────── online
///                                               │                  │    │
///                    offline ◀─ closed while ───┘           kicked │    │ quit
///                       │       asking for a login                 ▼    ▼
///                       └── login ──▶ connecting                ended  finished
public struct Session: Sendable {
    enum Phase: Hashable, Sendable {
        /// Not started.
        case idle
        /// A socket is being opened.
        case connecting
        /// The socket is open; a login is awaited, from the user or from the
        /// timer of a repeated attempt.
        case connected(SessionEvent.Channel)
        /// CON is sent.
        case loggingIn(SessionEvent.Channel)
        /// In the chat.
        case online(Online)
        /// Lost; the reconnect timer runs.
        case waiting
        /// No socket, because the user is being asked for a login.
        case offline
        /// Over, unless the user wants to come back.
        case ended
        /// Over.
        case finished
    }

    /// A request whose failure is an ERR, which doesn't say what it is about.
    enum Unanswered: Hashable, Sendable {
        case chat(TimelineEntry.ID)
        case kick(String)
    }

    struct Online: Hashable, Sendable {
        var channel: SessionEvent.Channel
        var framing: Framing
        var since: Timestamp
        var roundTripMilliseconds: Int?
    }

    var phase = Phase.idle
    var now = Timestamp(unixMilliseconds: 0)
    var random: RandomSource
    var backoff = Backoff()

    /// Who to be at the next login, and who we are when online.
    var credentials: Credentials?
    /// A password that waits for its user's word.
    var heldPassword: HeldPassword?
    /// Whether the user said that passwords may be sent in plain text.
    var allowsPlainPassword = false
    /// How often in a row nothing showed whether the server can encrypt.
    var encryptionDoubts = 0
    /// Whether the user said that this server may be spoken to in plain text.
    var allowsPlainText = false
    /// Who we were on the connection before this one.
    var lastNickname: String?
    var isLeaving = false
    /// Whether the user knows that the login takes long.
    var isLoginOverdue = false
    /// What to do about the server's lack of trust, as the user was told since
    /// a connection was last trusted.
    var toldAdvice: String?
    /// How often in a row the server said that we are still there.
    var ghostAttempts = 0
    /// What the server warned of last, on this connection.
    var lastWarning: String?
    /// What the server said as the last thing before it ended the connection
    /// before this one.
    var lastWords: String?
    /// When the server wants us back that is closing, in seconds from the end
    /// of the connection.
    var returnSeconds: Int?
    var unreadableCount = 0
    var ping = Ping()

    var outbox = Outbox()
    var timeline: TimelineKeeper
    var book = RosterBook()
    var rosterDelivery = RosterDelivery()
    var history = History()
    var exchange = Exchange()
    /// UPDATEs that are not answered, oldest first.
    var updates: Deque<UpdateRequest> = []
    /// What may yet be answered with an ERR on a framed connection, in the
    /// order in which it is answered.
    var unanswered: Deque<Unanswered> = []

    /// How many requests about bans are not answered.
    var unansweredBans = 0

    /// What makes us an admin of the server in this process, where there is one.
    let operatorSecret: OperatorSecret?

    private var effects: [SessionEffect] = []

    /// Creates a session that has not started.
    ///
    /// - Parameters:
    ///   - credentials: Who to log in as; nil where the user has to be asked.
    ///   - operatorSecret: What makes the user of a server in this process its admin.
    ///   - seed: Randomness for nonces and the jitter of reconnects.
    public init(credentials: Credentials?, operatorSecret: OperatorSecret? = nil, seed: UInt64) {
        self.credentials = credentials
        self.operatorSecret = operatorSecret
        self.random = RandomSource(seed: seed)
        self.timeline = TimelineKeeper()
    }

    /// Says what to do about an event.
    ///
    /// - Parameters:
    ///   - event: What happened.
    ///   - now: When.
    /// - Returns: What to do, in order.
    public mutating func handle(_ event: SessionEvent, at now: Timestamp) -> [SessionEffect] {
        guard phase != .finished else { return [] }
        self.now = now
        switch event {
        case .start: start()
        case .opened(let channel): opened(channel)
        case .openFailed(let reason): lost(reason)
        case .distrusted(let reason, let advice): distrusted(reason, advice: advice)
        case .encryptionInDoubt(let reason): encryptionInDoubt(reason)
        case .closed(let reason): closed(reason)
        case .received(let response): received(response.bounded)
        case .unreadable(let reason): unreadable(reason)
        case .timer(let timer): fired(timer)
        case .command(let command): carryOut(command)
        }
        let wanted = effects
        effects = []
        return wanted
    }

    mutating func emit(_ effect: SessionEffect) {
        effects.append(effect)
    }

    mutating func update(_ update: SessionUpdate) {
        effects.append(.update(update))
    }

    /// Tells the user how something went, in our words or the server's.
    mutating func notice(_ text: String, isFailure: Bool = false) {
        update(.notice(SafeText(block: text), isFailure: isFailure))
    }

    // MARK: Who and how

    /// The connection of the moment, while in the chat.
    var online: Online? {
        guard case .online(let online) = phase else { return nil }
        return online
    }

    var isFramed: Bool { online?.framing == .netstring }

    var ownNickname: String { credentials?.nickname ?? "" }

    func isOwn(_ nickname: String) -> Bool {
        credentials.map { book.isSame($0.nickname, nickname) } ?? false
    }

    private mutating func received(_ response: Response) {
        heard()
        switch response.body {
        case .login(let verdict): received(verdict)
        case .ping(let content): answer(content)
        case .pong(let content): receivedPong(content)
        case .chat, .info, .users, .confirm, .error, .warning, .closing:
            // Whatever comes before the login is accepted is not for us.
            guard online != nil else {
                if case .warning(let text, let refusal, _) = response.body {
                    received(warning: text, refusal, response)
                }
                if case .error(let text, let refusal) = response.body { received(error: text, refusal, response) }
                return
            }
            receivedOnline(response)
        }
    }

    private mutating func receivedOnline(_ response: Response) {
        exchange.hasHeard = true
        switch response.body {
        case .chat(let message): isFramed ? received(message, response) : receivedUnframed(message, response)
        case .info(let info): isFramed ? received(info, response) : receivedUnframed(info, response)
        case .users(let list): received(list, response)
        case .confirm(let confirmation): received(confirmation, response)
        case .error(let text, let refusal): received(error: text, refusal, response)
        case .warning(let text, let refusal, _): received(warning: text, refusal, response)
        case .closing(let text, let seconds):
            // Unframed anybody can write such a line, and keep us away with it.
            if isFramed { returnSeconds = seconds }
            received(warning: text, nil, response)
        case .login, .ping, .pong: break
        }
        endFullBatch()
    }

    private mutating func fired(_ timer: SessionTimer) {
        switch timer {
        case .reconnect: reconnect()
        case .login: loginTimedOut()
        case .ping: sendPing()
        case .pong: serverWentSilent()
        case .replay: isFramed ? batchEnded() : replayEnded()
        case .answer: answerIsOverdue()
        case .farewell: finish()
        case .roster: deliverRoster()
        }
    }

    private mutating func carryOut(_ command: SessionCommand) {
        switch command {
        case .login(let credentials): login(as: credentials)
        case .say(let text, let recipient): say(text, to: recipient)
        case .update(let request): change(request)
        case .refresh: refresh()
        case .loadOlder: loadOlder()
        case .users: listUsers()
        case .kick(let user, let reason): kick(user, reason: reason)
        case .ban(let user, let term, let reason): ban(user, for: term, reason: reason)
        case .unban(let user): unban(user)
        case .bans: listBans()
        case .reconnectNow: reconnectNow()
        case .allowPlainPassword(let isAllowed): allowPlainPassword(isAllowed)
        case .allowPlainText(let isAllowed): allowPlainText(isAllowed)
        case .quit: quit()
        }
    }
}
