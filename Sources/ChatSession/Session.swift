public import ChatProtocol
internal import DequeModule

/// The client's side of the protocol: connects, logs in, keeps the timeline and the roster, and reconnects after a
/// loss.
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
        /// The socket is open; a login has to come from the user, or from the timer of a repeated attempt.
        case connected(SessionEvent.Channel)
        /// CON was sent.
        case loggingIn(SessionEvent.Channel)
        /// In the chat.
        case online(Online)
        /// The connection was lost; the reconnect timer is running.
        case waiting
        /// There is no socket, because the user is being asked for a login.
        case offline
        /// The session has ended, but the user may reconnect.
        case ended
        /// The session has ended for good.
        case finished
    }

    /// A request that may fail with an ERR; the ERR does not say which request it answers.
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

    /// The credentials for the next login; while online, the ones in use.
    var credentials: Credentials?
    /// A password that waits for the user's permission to be sent.
    var heldPassword: HeldPassword?
    /// Whether the user has allowed sending passwords in plain text.
    var allowsPlainPassword = false
    /// How many attempts in a row could not show whether the server speaks TLS.
    var encryptionDoubts = 0
    /// Whether the user has allowed plain text with this server.
    var allowsPlainText = false
    /// Our nickname on the previous connection.
    var lastNickname: String?
    var isLeaving = false
    /// Whether the user has been told that the login takes long.
    var isLoginOverdue = false
    /// The last advice about an untrusted server that the user was given; cleared when a connection is trusted.
    var toldAdvice: String?
    /// How many times in a row the server said that we are still logged in.
    var ghostAttempts = 0
    /// The server's last warning on this connection.
    var lastWarning: String?
    /// Why the user has to log in again, although the nickname is known.
    var loginReason: String?
    /// When a server that is closing wants us back, in seconds from the end of the connection.
    var returnSeconds: Int?
    var unreadableCount = 0
    var ping = Ping()

    var outbox = Outbox()
    var timeline: TimelineKeeper
    var book = RosterBook()
    var rosterDelivery = RosterDelivery()
    var history = History()
    var exchange = Exchange()
    /// The UPDATEs without an answer yet, oldest first.
    var updates: Deque<UpdateRequest> = []
    /// The requests on a framed connection that an ERR may still answer, in the order of their answers.
    var unanswered: Deque<Unanswered> = []

    /// The number of ban requests without an answer yet.
    var unansweredBans = 0

    /// The secret that makes us an admin of a server in this process, if there is one.
    let operatorSecret: OperatorSecret?

    private var effects: [SessionEffect] = []

    /// Creates a session that has not started.
    ///
    /// - Parameters:
    ///   - credentials: The login; nil to ask the user.
    ///   - operatorSecret: The secret that makes the user of a server in this process its admin.
    ///   - seed: The seed for random nonces and reconnect delays.
    public init(credentials: Credentials?, operatorSecret: OperatorSecret? = nil, seed: UInt64) {
        self.credentials = credentials
        self.operatorSecret = operatorSecret
        self.random = RandomSource(seed: seed)
        self.timeline = TimelineKeeper()
    }

    /// Handles an event and returns what to do about it.
    ///
    /// - Parameters:
    ///   - event: What happened.
    ///   - now: When it happened.
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
        case .received(let response):
            exchange.isSuspect = false
            received(response.bounded)
        case .suspect(let response):
            exchange.isSuspect = true
            received(response.bounded)
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

    /// Tells the user the result of something, in our words or the server's.
    mutating func notice(_ text: String, isFailure: Bool = false) {
        update(.notice(SafeText(block: text), isFailure: isFailure))
    }

    // MARK: Our identity and connection

    /// The current connection, while in the chat.
    var online: Online? {
        guard case .online(let online) = phase else { return nil }
        return online
    }

    var isFramed: Bool { online?.framing == .netstring }

    var ownNickname: String { credentials?.nickname ?? "" }

    /// Whether our nickname is registered: the server has accepted our password.
    var isRegistered: Bool { isFramed && credentials?.password.isEmpty == false }

    /// Tells the user interface who we are now.
    mutating func updateIdentity() {
        guard let credentials else { return }
        update(.identity(nickname: credentials.nickname, color: credentials.color, isRegistered: isRegistered))
    }

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
            guard online != nil else { return receivedBeforeLogin(response) }
            receivedOnline(response)
        }
    }

    /// Handles what comes before a login is accepted: nothing is meant for us but the reason why the server closes.
    ///
    /// It is not shown here, or a server that is full would be in the timeline with every attempt.
    private mutating func receivedBeforeLogin(_ response: Response) {
        switch response.body {
        case .warning(let text, _, let until): lastWarning = SafeText(line: withLocalEnd(text, until)).text
        case .error(let text, _), .closing(let text, _): lastWarning = SafeText(line: Self.withoutErrorMark(text)).text
        case .login, .chat, .info, .users, .confirm, .ping, .pong: break
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
        case .warning(let text, let refusal, let until):
            received(warning: withLocalEnd(text, until), refusal, until: until, response)
        case .closing(let text, let seconds):
            // On an unframed connection anybody could write such a line and so keep us away.
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
