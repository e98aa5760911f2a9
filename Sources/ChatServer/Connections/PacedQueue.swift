internal import ChatProtocol
internal import DequeModule
internal import NIOCore

/// Messages that are written one by one, with some time between them.
///
/// An unframed peer treats what one `recv` returns as one message, so two writes must not meet in its socket. In a busy
/// room more is said than such a peer can be told that way. The longer messages have waited, the more of them go into
/// one (`PacedQueue+Joining`), and those that would come too late are left out with a note. So a peer that reads is
/// never far behind, whatever the others do, and its own requests are answered.
///
/// The queue has no clock: times come in as arguments.
struct PacedQueue: Sendable {
    /// How fast messages are written, and how much may wait.
    struct Bounds: Hashable, Sendable {
        /// The least time between two messages.
        var interval: TimeAmount
        /// The most messages that may wait.
        var messages: Int
        /// The most bytes that may wait.
        var bytes: Int
    }

    /// What to do next.
    enum Step: Hashable, Sendable {
        /// Write this now, then report it with ``PacedQueue/didWrite(at:)``.
        case write(ByteBuffer)
        /// Ask again at this time.
        case wait(until: NIODeadline)
        /// A write is in progress; ask again when it is done.
        case busy
        /// Nothing waits.
        case idle
    }

    /// A message that waits, or a note about some that were left out.
    struct Entry: Sendable {
        let message: PacedMessage
        /// Since when it waits.
        var since: NIODeadline
        /// How many of its parts are written.
        var writtenParts = 0
        /// How many messages were left out, from this one on; 0 if this one was not.
        var leftOut = 0

        /// How many bytes it keeps in memory for this peer alone.
        var ownBytes: Int {
            let isOwn = leftOut == 0 && (message.kind == .answer || message.kind == .direct)
            return MemoryLayout<Entry>.stride + (isOwn ? message.byteCount : 0)
        }
    }

    /// After this time a message is left out, if it may be.
    static let leavingOut = TimeAmount.milliseconds(4500)
    /// If messages are left out, those that have waited less than this stay.
    static let kept = TimeAmount.milliseconds(2500)

    /// The least time between two messages.
    private(set) var interval: TimeAmount
    /// How many answers wait: messages that the peer itself caused.
    private(set) var waitingAnswers = 0
    /// How many bytes are kept for this peer alone.
    ///
    /// What everybody gets is kept once for all.
    private(set) var bytes = 0
    /// Since when a write is in progress.
    private(set) var writingSince: NIODeadline?

    private let bounds: Bounds
    private(set) var entries: Deque<Entry> = []
    private(set) var waitingBytes = 0
    private var earliest = NIODeadline.uptimeNanoseconds(0)

    /// Creates an empty queue.
    init(_ bounds: Bounds) {
        self.bounds = bounds
        interval = bounds.interval
    }

    /// How many messages wait.
    var count: Int { entries.count }

    /// Whether everything is written.
    var isEmpty: Bool { entries.isEmpty && writingSince == nil }

    /// Adds a message.
    ///
    /// A message that the peer asks for again is not added if it still waits.
    mutating func append(_ message: PacedMessage, at now: NIODeadline) {
        switch message.kind {
        case .answer:
            if let record = message.record, holds(record) { return }
        case .userList:
            if let index = listIndex {
                let before = remove(at: index)
                return insert(Entry(message: message, since: before.since), at: index)
            }
        case .requestedList:
            // The new list comes after the answers before it, and an older list adds nothing.
            if let index = listIndex { remove(at: index) }
        case .broadcast, .direct: break
        }
        insert(Entry(message: message, since: now), at: entries.count)
        if entries.count > bounds.messages || waitingBytes > bounds.bytes { leaveOut(before: entries.count / 2) }
    }

    private var listIndex: Int? {
        entries.lastIndex { $0.message.kind == .userList || $0.message.kind == .requestedList }
    }

    private func holds(_ record: MessageID) -> Bool {
        entries.contains { $0.leftOut == 0 && $0.message.record == record }
    }

    private mutating func insert(_ entry: Entry, at index: Int) {
        entries.insert(entry, at: index)
        tally(entry, sign: 1)
    }

    /// Removes an entry that is written, or not needed any more.
    @discardableResult
    mutating func remove(at index: Int) -> Entry {
        let entry = entries.remove(at: index)
        tally(entry, sign: -1)
        return entry
    }

    private mutating func tally(_ entry: Entry, sign: Int) {
        bytes += sign * entry.ownBytes
        guard entry.leftOut == 0 else { return }
        waitingBytes += sign * entry.message.byteCount
        if entry.message.kind == .answer { waitingAnswers += sign }
    }

    /// Leaves out the messages before an index that may be left out, and puts one note in their place.
    private mutating func leaveOut(before end: Int) {
        var note: Int?
        var index = 0
        for _ in 0..<end {
            guard entries[index].message.mayBeLeftOut else {
                index += 1
                continue
            }
            var entry = remove(at: index)
            entry.leftOut = max(1, entry.leftOut)
            entry.writtenParts = 0
            if let note {
                entries[note].leftOut += entry.leftOut
                entries[note].since = entry.since
            } else {
                note = index
                insert(entry, at: index)
                index += 1
            }
        }
    }

    /// Says what to do now.
    mutating func next(at now: NIODeadline) -> Step {
        guard writingSince == nil else { return .busy }
        if let oldest = entries.first(where: { $0.message.mayBeLeftOut }), now - oldest.since > Self.leavingOut {
            leaveOut(before: entries.firstIndex { now - $0.since <= Self.kept } ?? entries.count)
        }
        guard !entries.isEmpty else { return .idle }
        guard now >= earliest else { return .wait(until: earliest) }
        writingSince = now
        return .write(takeJoined(at: now) ?? takePart())
    }

    /// Removes and returns the next part of the oldest message.
    private mutating func takePart() -> ByteBuffer {
        let parts = entries[0].message.parts
        let part = parts[entries[0].writtenParts]
        entries[0].writtenParts += 1
        if entries[0].writtenParts == parts.count { remove(at: 0) }
        return part
    }

    /// Records that the message is written; the next one waits for the interval.
    mutating func didWrite(at now: NIODeadline) {
        writingSince = nil
        earliest = now + interval
    }

    /// Drops the waiting messages.
    mutating func removeAll() {
        entries = []
        bytes = 0
        waitingBytes = 0
        waitingAnswers = 0
    }

    /// Shortens the interval so that everything is written by a deadline.
    ///
    /// This is for a closing server: messages that may arrive together are better than messages that do not arrive.
    mutating func hurry(at now: NIODeadline, until deadline: NIODeadline) {
        let writes = entries.reduce(1) { $0 + $1.message.parts.count - $1.writtenParts }
        let share = max(.zero, deadline - now) / writes
        guard share < interval else { return }
        interval = share
        earliest = min(earliest, now + share)
    }
}

extension TimeAmount {
    fileprivate static func / (left: TimeAmount, right: Int) -> TimeAmount {
        .nanoseconds(left.nanoseconds / Int64(right))
    }
}
