public import ChatProtocol
internal import DequeModule

/// The one room of a server: who is in it and what they may do.
///
/// An event goes in, effects come out; the room itself does nothing and waits
/// for nothing. What takes time comes back as an event of its own.
///
///               opened          CON accepted         DISCON, kick
///     (nothing) ------> greeting ---------> member ---------------> departing
///         ^                |                  |                        |
///         +----------------+------------------+------------------------+
///                                  closed
///
/// Numbers are given when a request is handled, so their order is the order of
/// events. Everything that others see goes through one queue and comes out of it
/// once it is stored, so every receiver and the history see that same order.
public struct Room: Sendable {
    private(set) var configuration: RoomConfiguration

    /// When the event happened that is being handled.
    private(set) var now = Timestamp(unixMilliseconds: 0)
    /// What is to be done about it, in order.
    var effects: [RoomEffect] = []

    /// Connections before login.
    var greetings: [ConnectionID: Greeting] = [:]
    /// Who is logged in, their CONVER perhaps still in the queue.
    var members: [ConnectionID: Member] = [:]
    /// Connections that have nothing more to say and wait to be closed.
    var departing: Set<ConnectionID> = []
    /// The members who are the server's own users.
    var operators: Set<ConnectionID> = []
    /// Who has which nickname, or has it reserved.
    var holders: [NicknameKey: ConnectionID] = [:]
    var directory = AccountDirectory()
    /// What the accounts' store has yet to answer to who is gone.
    var orphanedChanges: [ConnectionID: OrphanedChange] = [:]
    /// Who may not come in.
    var bans = BanTable()
    /// What is said when the store has answered, one for each change that it
    /// was asked for; nil where nobody waits for it.
    var banAnswers: Deque<BanAnswer?> = []
    /// Who tries too many passwords.
    var guesses: GuessThrottle
    /// Whose password is being compared, also where the connection is gone.
    var comparisons: [ConnectionID: GuessThrottle.Attempt] = [:]
    /// Who sets too many.
    var newPasswords: PasswordBudget

    var nextID: MessageID
    var queue = PublicationQueue()
    /// Who asked again for a message that is still in the queue.
    var repeats: [MessageID: [ConnectionID]] = [:]
    var nonces = NonceTable()

    var roster = PublishedRoster()
    /// Whether unframed clients have yet to be told.
    var isRosterStale = false
    /// How many admitted members are unframed.
    var unframedCount = 0
    /// Framed members who have yet to get their first USER list.
    var listsDue: [ConnectionID] = []

    /// How many REFs of unframed members are under way.
    var unframedRefreshes = 0
    /// What was published while there were any.
    var recentRecords: Deque<HistoryRecord> = []

    var isClosing = false

    /// Creates an empty room.
    public init(configuration: RoomConfiguration = RoomConfiguration()) {
        self.configuration = configuration
        nextID = configuration.nextMessageID
        guesses = GuessThrottle(bounds: configuration.guesses)
        newPasswords = PasswordBudget(bounds: configuration.newPasswords)
    }

    /// Handles one event and says what to do about it.
    ///
    /// - Parameters:
    ///   - event: What happened.
    ///   - now: When.
    ///   - effects: Appended to, in the order in which to carry them out.
    public mutating func handle(_ event: RoomEvent, at now: Timestamp, effects: inout [RoomEffect]) {
        self.now = now
        // Swapped, not copied: the caller's array keeps its room for the next event.
        swap(&self.effects, &effects)
        handle(event)
        sendLists()
        swap(&self.effects, &effects)
    }

    private mutating func handle(_ event: RoomEvent) {
        switch event {
        case .opened(let connection, let address):
            guard !isOpen(connection) else { return }
            greetings[connection] = Greeting(address: address)
        case .received(let connection, let request):
            receive(request, from: connection)
        case .undecodable(let connection, let reason):
            receiveUndecodable(reason, from: connection)
        case .closed(let connection, let reason):
            lose(connection, because: reason)
        case .verified(let connection, let account, let isCorrect):
            finishLogin(connection, account, isCorrect: isCorrect)
        case .verifyFailed(let connection, let account):
            postponeLogin(connection, account)
        case .accountChanged(let connection, let account):
            finishChange(connection, account)
        case .stored(let count):
            publish(count, areStored: true)
        case .storeFailed(let count):
            publish(count, areStored: false)
        case .history(let connection, let records, let more):
            resend(records, more: more, to: connection)
        case .historyFailed(let connection):
            refuseHistory(to: connection)
        case .bansStored(let isStored):
            finishBanChange(isStored: isStored)
        case .accounts(let changes):
            reconcile(with: changes)
        case .closing(let seconds):
            announceClosing(inSeconds: seconds)
        }
    }

    /// Changes the settings that can change while people are in the room.
    public mutating func change(
        allowsRegistration: Bool,
        maximumTextBytes: Int,
        guesses: GuessThrottle.Bounds?,
        newPasswords: PasswordBudget.Bounds?
    ) {
        configuration.allowsRegistration = allowsRegistration
        configuration.maximumTextBytes = min(maximumTextBytes, Limits.chatTextBytes)
        self.guesses.bounds = guesses
        self.newPasswords.bounds = newPasswords
    }

    /// The account with an id as the room knows it.
    public func account(_ id: AccountID) -> Account? { directory[id] }

    /// Whether a connection can still be sent something.
    func isOpen(_ connection: ConnectionID) -> Bool {
        members[connection] != nil || departing.contains(connection) || greetings[connection] != nil
    }
}
