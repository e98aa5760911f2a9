internal import ChatProtocol
internal import DequeModule

/// What a session knows of the history on a server that numbers its messages.
struct History: Sendable {
    /// How many messages the steps of scrolling back ask for.
    static let pageLimit = 100
    /// How many messages each step of catching up asks for, and how many steps
    /// there are before the rest is left out.
    static let catchUpLimit = Limits.framedHistoryMaximum
    static let catchUpPages = 3
    /// How long in milliseconds a replay may pause before it counts as over;
    /// the server doesn't mark its end.
    static let quietMilliseconds = 400
    /// How often in milliseconds the timer for that is wound up again.
    static let quietStepMilliseconds: Int64 = 100
    /// How long in milliseconds the server has to begin.
    static let answerMilliseconds = 20_000

    enum Purpose: Hashable, Sendable {
        /// The first look at the chat.
        case latest
        /// The user wants to be sure.
        case refresh
        /// What was said while we were away; how often this was asked.
        case missed(page: Int)
        /// Too much was said while we were away: only the end of it.
        case jump
        /// Further back.
        case older
        /// Further back, towards what was known before a jump.
        case gap
        /// The server forgot its history meanwhile: what comes is as it is.
        case abandoned
    }

    struct Query: Hashable, Sendable {
        var purpose: Purpose
        var request: HistoryQuery
        /// Whether CONFIRM came; what comes next is the answer.
        var isConfirmed = false
        var more = false
        var count = 0
        var news = 0
        var lowest: MessageID?
        var highest: MessageID?
        /// When the quiet timer was set.
        var timedAt: Int64 = 0
    }

    /// What lies between two messages and was not fetched.
    struct Gap: Hashable, Sendable {
        var after: MessageID
        var before: MessageID
        var entry: TimelineEntry
    }

    private(set) var seen = RecentIDs()
    /// The highest and the lowest number in the timeline.
    private(set) var newest: MessageID?
    private(set) var oldest: MessageID?
    /// Up to here the timeline has everything: where catching up goes on.
    var contiguous: MessageID?
    var isCatchingUp = false
    /// The highest number that was known when this connection began.
    private(set) var newestBefore: MessageID?
    /// Our own arrival: what has a higher number comes as it happens, what has
    /// a lower one is history.
    var joined: MessageID?
    /// Whether our own arrival was seen on this connection.
    var hasArrived = false
    var isOlderAvailable = false
    var gap: Gap?
    /// The REF that is under way, and those that wait for it.
    var query: Query?
    var waiting: Deque<Purpose> = []

    /// Whether a number stands for something that is in the timeline already.
    func isDuplicate(_ id: MessageID) -> Bool {
        if seen.contains(id) { return true }
        // What goes further back than memory is new where it was asked for.
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

    /// The numbering begins anew: nothing of before can be asked for.
    mutating func beginEpoch() {
        let query = query
        self = History()
        self.query = query
        self.query?.purpose = .abandoned
    }
}
