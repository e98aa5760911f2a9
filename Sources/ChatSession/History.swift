internal import ChatProtocol
internal import DequeModule

/// What a session knows of the history on a server that numbers its messages.
struct History: Sendable {
    /// How many messages to request per step when scrolling back.
    static let pageLimit = 100
    /// How many messages to request per step when catching up.
    ///
    /// After ``catchUpPages`` steps the rest is left out.
    static let catchUpLimit = Limits.framedHistoryMaximum
    static let catchUpPages = 3
    /// How long a replay may pause before it counts as finished, in milliseconds; the server does not mark its end.
    static let quietMilliseconds = 400
    /// How often the timer for that pause may be restarted, in milliseconds.
    static let quietStepMilliseconds: Int64 = 100
    /// How long the server may take to start its answer, in milliseconds.
    static let answerMilliseconds = 20_000

    enum Purpose: Hashable, Sendable {
        /// The first messages after joining.
        case latest
        /// A refresh that the user asked for.
        case refresh
        /// Messages sent while we were away; with the number of the request.
        case missed(page: Int)
        /// Only the latest messages, because there were too many while we were away.
        case jump
        /// Older messages.
        case older
        /// Older messages that fill the gap left by a jump.
        case gap
        /// An old request; the server has lost its history meanwhile, and what still arrives is shown as it comes.
        case abandoned
    }

    struct Query: Hashable, Sendable {
        var purpose: Purpose
        var request: HistoryQuery
        /// Whether CONFIRM has arrived; the answer follows it.
        var isConfirmed = false
        var more = false
        var count = 0
        var news = 0
        var lowest: MessageID?
        var highest: MessageID?
        /// When the quiet timer was last set.
        var timedAt: Int64 = 0
    }

    /// A range between two messages that was not fetched.
    struct Gap: Hashable, Sendable {
        var after: MessageID
        var before: MessageID
        var entry: TimelineEntry
    }

    private(set) var seen = RecentIDs()
    /// The highest and lowest message number in the timeline.
    private(set) var newest: MessageID?
    private(set) var oldest: MessageID?
    /// The highest number up to which the timeline is complete; catching up continues from here.
    var contiguous: MessageID?
    var isCatchingUp = false
    /// The highest number known when this connection began.
    private(set) var newestBefore: MessageID?
    /// The number of our own join: higher numbers are live messages, lower ones are history.
    var joined: MessageID?
    /// Whether our own join has been seen on this connection.
    var hasArrived = false
    var isOlderAvailable = false
    var gap: Gap?
    /// The REF in progress, and those that wait for it.
    var query: Query?
    var waiting: Deque<Purpose> = []

    /// Whether the message with this number is in the timeline already.
    func isDuplicate(_ id: MessageID) -> Bool {
        if seen.contains(id) { return true }
        // A message older than we remember counts as new if we asked for it.
        guard let floor = seen.floor, id <= floor else { return false }
        switch query?.purpose {
        case .older?, .gap?: return query?.request.before.map { id >= $0 } ?? false
        default: return true
        }
    }

    mutating func note(_ id: MessageID) {
        seen.insert(id)
        newest = max(newest ?? id, id)
        oldest = min(oldest ?? id, id)
    }

    mutating func connectionLost() {
        query = nil
        waiting = []
        joined = nil
        hasArrived = false
        newestBefore = newest
        isCatchingUp = false
    }

    /// Starts over after the server's numbering began again: nothing from before can be requested any more.
    mutating func beginEpoch() {
        let query = query
        self = History()
        self.query = query
        self.query?.purpose = .abandoned
    }
}
