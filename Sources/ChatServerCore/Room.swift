public import ChatProtocol
internal import DequeModule

/// The one room of a server: who is in it and what they may do.
///
/// An event goes in, effects come out. The room itself does nothing else and waits for nothing. The answer to whatever
/// takes time comes back as an event of its own.
///
///               opened          CON accepted         DISCON, kick
///     (nothing) ------> greeting ---------> member ---------------> departing
///         ^                |                  |                        |
///         +----------------+------------------+------------------------+
///                                  closed
///
/// Numbers are given when a request is handled, so their order is the order of events. Everything that others see goes
/// through one queue and is sent once it is stored. So every receiver and the history see the same order.
public struct Room: Sendable {
    private(set) var configuration: RoomConfiguration

    /// The time of the event that is being handled.
    private(set) var now = Timestamp(unixMilliseconds: 0)
    /// The effects so far of the event that is being handled, in order.
    var effects: [RoomEffect] = []

    /// Connections before login.
    var greetings: [ConnectionID: Greeting] = [:]
    /// The users who are logged in; the CONVER of some may still be in the queue.
    var members: [ConnectionID: Member] = [:]
    /// Connections that only wait to be closed.
    var departing: Set<ConnectionID> = []
    /// The members who are the server's own users.
    var operators: Set<ConnectionID> = []
    /// The connection that has or has reserved each nickname.
    var holders = HeldNicknames()
    var directory = AccountDirectory()
    /// The changes of users who are gone that the account store has yet to answer.
    var orphanedChanges: [ConnectionID: OrphanedChange] = [:]
    /// The bans.
    var bans = BanTable()
    /// The answers to send once the ban store has answered, one for each change in progress; nil if nobody waits for
    /// it.
    var banAnswers: Deque<BanAnswer?> = []
    /// Bounds how many passwords are tried.
    var guesses: GuessThrottle
    /// The passwords that are being compared, even if the connection is gone.
    var comparisons: [ConnectionID: GuessThrottle.Attempt] = [:]
    /// Bounds how many passwords are set.
    var newPasswords: PasswordBudget

    var nextID: MessageID
    var queue = PublicationQueue()
    /// The connections that sent a message again while it is still in the queue.
    var repeats: [MessageID: [ConnectionID]] = [:]
    var nonces = NonceTable()

    var roster = PublishedRoster()
    /// Whether unframed clients have yet to be told about a change of the roster.
    var isRosterStale = false
    /// How many admitted members are unframed.
    var unframedCount = 0
    /// Framed members who have yet to get their first USER list.
    var listsDue: [ConnectionID] = []

    /// How many REFs of unframed members are under way.
    var unframedRefreshes = 0
    /// The records that were published while such REFs were under way.
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
    ///   - now: The time of the event.
    ///   - effects: The list to append to, in the order in which to carry them out.
    public mutating func handle(_ event: RoomEvent, at now: Timestamp, effects: inout [RoomEffect]) {
        self.now = now
        // Swapped, not copied, so that the caller's array keeps its memory for the next event.
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

    /// The account with an id, as the room knows it.
    public func account(_ id: AccountID) -> Account? { directory[id] }

    /// Whether a connection can still be sent something.
    func isOpen(_ connection: ConnectionID) -> Bool {
        members[connection] != nil || departing.contains(connection) || greetings[connection] != nil
    }
}
