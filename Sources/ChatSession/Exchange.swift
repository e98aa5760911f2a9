internal import ChatProtocol
internal import DequeModule

/// The dialogue with an original server: one request at a time.
///
/// Such a server treats everything that one `recv` returns as one request. Between the messages of a longer answer it
/// pauses for 50 ms or more and reads nothing. Two requests that meet in its socket become one, or are lost. So the
/// next request is sent only after the last one was answered. Answers then come in the order of requests, which tells
/// what an ERR is about.
struct Exchange: Sendable {
    /// How long an answer may take before the user is told, in milliseconds.
    static let answerMilliseconds = 10_000
    /// When a request has certainly reached the server, in milliseconds after it was sent: by then the system gives up
    /// a connection on which nothing is acknowledged.
    static let arrivalMilliseconds = 120_000
    /// How long to wait for an answer at all, in milliseconds.
    ///
    /// The server's machine may only be suspended. If we hang up on it, the server is left with a dead connection that
    /// breaks it when the machine wakes.
    static let patienceMilliseconds = 180_000
    /// How long the server may still be busy after a login or a change, until it has sent its user list, in
    /// milliseconds.
    static let settlingMilliseconds = 1500
    /// The most requests that may wait.
    static let queueLimit = 64

    enum Purpose: Hashable, Sendable {
        /// Waiting for the server's greeting after a login.
        case login
        case chat(TimelineEntry.ID, ChatRequest)
        case update
        /// Waiting for the user list that follows an UPDATE or KICK.
        case settling
        case refresh(isWanted: Bool)
        case users
        case kick(String)
        case farewell

        /// Whether this waits for an answer, and not only for the server to become quiet.
        var needsAnswer: Bool {
            switch self {
            case .login, .settling: false
            case .chat, .update, .refresh, .users, .kick, .farewell: true
            }
        }

        /// Whether nothing is lost if the server never answers this: it may not know the request, or its answer may be
        /// unreadable.
        var mayGoUnanswered: Bool {
            switch self {
            case .users, .refresh: true
            case .login, .settling, .chat, .update, .kick, .farewell: false
            }
        }
    }

    /// How long the current answer has taken.
    enum Delay: Hashable, Sendable {
        /// Not long enough to speak of.
        case short
        /// The user has been told.
        case told
        /// The request has certainly arrived: whatever the server says now, it said with the request in its socket.
        case long
    }

    struct Turn: Hashable, Sendable {
        var purpose: Purpose
        var request: Request
    }

    var current: Purpose? {
        // However the question ended, the connection is still there.
        didSet { if oldValue == .users, current != .users { isKickSuspected = false } }
    }
    var queue: Deque<Turn> = []
    /// Whether the server has sent anything since the last request, or since the delay became long.
    var hasHeard = false
    var delay = Delay.short
    /// Whether what is handled now may be part of somebody's text.
    var isSuspect = false
    /// Whether something came that answers the request, if it was not part of somebody's text.
    var hasSuspectAnswer = false
    /// What has come back so far of our message in progress.
    var arrived = ""
    /// How many INFOs came without the user list that the server sends with each; such a list is no answer to USER.
    var owedLists = 0
    /// Whether a line said that we were kicked; anybody can write such a line.
    var isKickSuspected = false
    /// The text of a private message to oneself, which comes back twice; used to recognize the second copy.
    var echo: ChatRequest?
    var replay: Replay?
    var log = ReplayLog()
    /// The user lists received on this connection, the newest last.
    private var lists: Deque<DatedList> = []

    private struct DatedList: Hashable, Sendable {
        var list: UserList
        var time: WireTime
    }

    /// The most lists kept; an original server keeps fewer messages than this.
    private static let listCapacity = 32

    /// Records a user list.
    ///
    /// - Returns: Whether the list is new. A replay repeats earlier lists, which show who was in the chat, not who is.
    mutating func note(_ list: UserList, at time: WireTime) -> Bool {
        let dated = DatedList(list: list, time: time)
        if let replay, time <= replay.confirmedAt, lists.dropLast().contains(dated) { return false }
        lists.append(dated)
        if lists.count > Self.listCapacity { lists.removeFirst() }
        return true
    }

    /// Whether a message of this time is no part of a replay.
    func isNews(from time: WireTime) -> Bool {
        guard let replay else { return true }
        return time > replay.confirmedAt || time == replay.confirmedAt && !replay.isOpen
    }

    /// Whether a message belongs to a replay that has ended but did not bring it yet.
    func isLeftOver(_ fingerprint: ReplayLog.Fingerprint) -> Bool {
        guard let replay, fingerprint.time < replay.confirmedAt else { return false }
        return (replay.known[fingerprint] ?? 0) > 0
    }
}

/// A replay of the history by a server that doesn't number its messages.
struct Replay: Sendable {
    /// How long a replay may pause before it counts as finished, in milliseconds; an original server sends a message
    /// every 50 ms.
    static let quietMilliseconds = 600
    /// How long a replay may last in total, in milliseconds, even if others keep talking.
    static let longestMilliseconds: Int64 = 5000

    /// When the server confirmed the REF, by the server's clock: older messages belong to the replay, whenever they
    /// arrive.
    var confirmedAt: WireTime
    var startedAt: Int64
    /// Whether it is certain that the server replays, and nobody made it up.
    var isCertain: Bool
    /// How many messages with each fingerprint are already in the timeline and may be repeated.
    var known: [ReplayLog.Fingerprint: Int]
    var isOpen = true
    var isWanted: Bool
    var news = 0
}

/// The messages in the timeline that a server without message numbers could replay.
struct ReplayLog: Sendable {
    /// The most messages kept; an original server keeps fewer.
    static let capacity = 128

    /// The values by which two messages are told apart when they have no numbers.
    struct Fingerprint: Hashable, Sendable {
        var time: WireTime
        var sender: String
        /// The recipient; nil for an INFO.
        var recipient: Recipient?
        var text: String
    }

    struct Entry: Sendable {
        var fingerprint: Fingerprint
        var place: TimelineEntry.Place
    }

    private(set) var entries: Deque<Entry> = []

    mutating func append(_ fingerprint: Fingerprint, at place: TimelineEntry.Place) {
        // Keep the order of the timeline: late history is inserted between other entries.
        let index = (entries.lastIndex { $0.place <= place }).map { $0 + 1 } ?? 0
        entries.insert(Entry(fingerprint: fingerprint, place: place), at: index)
        if entries.count > Self.capacity { entries.removeFirst() }
    }

    /// How many messages there are of each fingerprint.
    var counts: [Fingerprint: Int] {
        entries.reduce(into: [:]) { counts, entry in counts[entry.fingerprint, default: 0] += 1 }
    }

    /// The place for late history according to its time; nil if it belongs at the end.
    func place(for time: WireTime) -> TimelineEntry.Place? {
        guard let first = entries.first, let last = entries.last, time < last.fingerprint.time else { return nil }
        guard let before = entries.last(where: { $0.fingerprint.time <= time }) else {
            return first.place.before
        }
        return before.place.behind
    }
}
