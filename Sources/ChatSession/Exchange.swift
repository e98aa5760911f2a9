internal import ChatProtocol
internal import DequeModule

/// The talk with an original server: one request at a time.
///
/// Such a server takes whatever one `recv` brings for one request, and rests
/// 50 ms or more between the messages of a longer answer, not reading. Two
/// requests that meet in its socket become one, or nothing. So the next request
/// goes out when the last one is answered, and answers come in the order of
/// requests, which tells what an ERR is about.
struct Exchange: Sendable {
    /// How long in milliseconds an answer may take before the user is told.
    static let answerMilliseconds = 10_000
    /// How long in milliseconds to wait for an answer at all: the server's
    /// machine may have been stopped, and hanging up on a server that only
    /// sleeps leaves it with a connection that breaks it when it wakes.
    static let patienceMilliseconds = 180_000
    /// How long in milliseconds the server may still be busy after a login or
    /// a change, until its user list is out.
    static let settlingMilliseconds = 1500
    /// The most requests that wait.
    static let queueLimit = 64

    enum Purpose: Hashable, Sendable {
        /// The server says hello.
        case login
        case chat(TimelineEntry.ID, ChatRequest)
        case update
        /// An UPDATE or KICK is done; the user list is to follow.
        case settling
        case refresh(isWanted: Bool)
        case users
        case kick(String)
        case farewell

        /// Whether a request waits for its answer, and not only for quiet.
        var needsAnswer: Bool {
            switch self {
            case .login, .settling: false
            case .chat, .update, .refresh, .users, .kick, .farewell: true
            }
        }
    }

    struct Turn: Hashable, Sendable {
        var purpose: Purpose
        var request: Request
    }

    var current: Purpose?
    var queue: Deque<Turn> = []
    /// Whether the server has said anything since the last request.
    var hasHeard = false
    /// Whether the user knows that the answer takes long.
    var isOverdue = false
    /// Whether a line said that we were thrown out, which anybody can write.
    var isKickSuspected = false
    /// A private message to oneself comes back twice: what the second looks like.
    var echo: ChatRequest?
    var replay: Replay?
    var log = ReplayLog()
    /// The user lists of this connection, the newest last.
    private var lists: Deque<DatedList> = []

    private struct DatedList: Hashable, Sendable {
        var list: UserList
        var time: WireTime
    }

    /// More lists than the original keeps messages.
    private static let listCapacity = 32

    /// Notes a user list.
    ///
    /// - Returns: Whether it is news. A replay brings lists that were here
    ///   before; they say who was in the chat, not who is.
    mutating func note(_ list: UserList, at time: WireTime) -> Bool {
        let dated = DatedList(list: list, time: time)
        if let replay, time <= replay.confirmedAt, lists.dropLast().contains(dated) { return false }
        lists.append(dated)
        if lists.count > Self.listCapacity { lists.removeFirst() }
        return true
    }

    /// Whether a replay that is over still has this message to bring.
    func isLeftOver(_ fingerprint: ReplayLog.Fingerprint) -> Bool {
        guard let replay, fingerprint.time < replay.confirmedAt else { return false }
        return (replay.known[fingerprint] ?? 0) > 0
    }
}

/// A replay of the history by a server that doesn't number its messages.
struct Replay: Sendable {
    /// How long in milliseconds it may pause before it counts as over: the
    /// original sends a message every 50 ms.
    static let quietMilliseconds = 600
    /// How long in milliseconds it may last, whatever others say meanwhile.
    static let longestMilliseconds: Int64 = 5000

    /// When REF was confirmed, on the server's clock: what is older is a replay
    /// whenever it comes.
    var confirmedAt: WireTime
    var startedAt: Int64
    /// How many messages of each kind are in the timeline and may come again.
    var known: [ReplayLog.Fingerprint: Int]
    var isOpen = true
    var isWanted: Bool
    var news = 0
}

/// What of the timeline a server without numbers could replay.
struct ReplayLog: Sendable {
    /// More than the original keeps.
    static let capacity = 128

    /// What tells two messages apart where nothing else does.
    struct Fingerprint: Hashable, Sendable {
        var time: WireTime
        var sender: String
        /// Nil for an INFO.
        var recipient: Recipient?
        var text: String
    }

    struct Entry: Sendable {
        var fingerprint: Fingerprint
        var place: TimelineEntry.Place
    }

    private(set) var entries: Deque<Entry> = []

    mutating func append(_ fingerprint: Fingerprint, at place: TimelineEntry.Place) {
        // Kept in the order of the timeline: late history goes between.
        let index = (entries.lastIndex { $0.place <= place }).map { $0 + 1 } ?? 0
        entries.insert(Entry(fingerprint: fingerprint, place: place), at: index)
        if entries.count > Self.capacity { entries.removeFirst() }
    }

    /// How many there are of each.
    var counts: [Fingerprint: Int] {
        entries.reduce(into: [:]) { counts, entry in counts[entry.fingerprint, default: 0] += 1 }
    }

    /// The place of late history by its time, or nil where it belongs at the end.
    func place(for time: WireTime) -> TimelineEntry.Place? {
        guard let first = entries.first, let last = entries.last, time < last.fingerprint.time else { return nil }
        guard let before = entries.last(where: { $0.fingerprint.time <= time }) else {
            return first.place.before
        }
        return before.place.behind
    }
}
