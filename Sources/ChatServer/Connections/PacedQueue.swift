internal import ChatProtocol
internal import DequeModule
internal import NIOCore

/// Messages that are written one by one, with some time between them.
///
/// An unframed peer treats what one `recv` returns as one message, so two writes must not meet in its socket. In a busy
/// room more is said than such a peer can be told that way. Then texts of one sender are joined in one message, and if
/// even that is not enough, long ones are cut.
///
/// The queue has no clock: times come in as arguments.
struct PacedQueue: Sendable {
    /// How much may wait, and when messages are joined or cut.
    struct Bounds: Hashable, Sendable {
        /// The least time between two messages.
        var interval: TimeAmount
        /// The most messages that may wait.
        var capacity: Int
        /// With this many waiting messages, texts are joined.
        var joining: Int
        /// With this many waiting messages, long texts are cut.
        var cutting: Int
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

    /// How far apart, in milliseconds, the texts in one message may have been said: it shows only one time.
    static let joinedMilliseconds: Int64 = 5000
    /// How many bytes of a long text are kept when it is cut.
    static let cutTextBytes = 160

    /// The least time between two messages.
    private(set) var interval: TimeAmount
    /// How many answers wait: messages that the peer itself caused.
    private(set) var waitingAnswers = 0

    /// How many bytes wait.
    private(set) var bytes = 0

    private let bounds: Bounds
    private var messages: Deque<PacedMessage> = []
    private var isWriting = false
    private var earliest = NIODeadline.uptimeNanoseconds(0)

    /// Creates an empty queue.
    init(_ bounds: Bounds) {
        self.bounds = bounds
        interval = bounds.interval
    }

    /// How many messages wait.
    var count: Int { messages.count }

    /// Whether everything is written.
    var isEmpty: Bool { messages.isEmpty && !isWriting }

    /// Adds a response, which is one message or several.
    ///
    /// A message that the peer asks for again is left out if it still waits.
    ///
    /// - Returns: Whether there was room. If not, the peer is too far behind to go on.
    mutating func append(_ parts: [PacedMessage]) -> Bool {
        guard let first = parts.first else { return true }
        if first.kind == .answer, let record = first.records.first, holds(record) { return true }
        if messages.count >= bounds.cutting, first.chat != nil {
            var short = first
            // If there are several parts, the first is as long as a message can be.
            short.shorten(toTextBytes: Self.cutTextBytes)
            return append(short)
        }
        for part in parts {
            guard append(part) else { return false }
        }
        return true
    }

    private func holds(_ record: MessageID) -> Bool {
        messages.contains { $0.records.contains(record) }
    }

    private mutating func append(_ message: PacedMessage) -> Bool {
        switch message.kind {
        case .userList:
            if let index = messages.lastIndex(where: { $0.kind == .userList || $0.kind == .requestedList }) {
                replace(at: index, with: message)
                return true
            }
        case .requestedList:
            // The new list comes after the answers before it, and an older list adds nothing.
            if let index = messages.lastIndex(where: { $0.kind == .userList || $0.kind == .requestedList }) {
                bytes -= messages.remove(at: index).bytes.readableBytes
            }
        case .broadcast, .answer:
            if messages.count >= bounds.joining, join(message) { return true }
        }
        guard messages.count < bounds.capacity else { return false }
        messages.append(message)
        bytes += message.bytes.readableBytes
        if message.kind == .answer { waitingAnswers += 1 }
        return true
    }

    private mutating func replace(at index: Int, with message: PacedMessage) {
        bytes += message.bytes.readableBytes - messages[index].bytes.readableBytes
        messages[index] = message
    }

    /// Joins a text with the last waiting one of the same thread.
    ///
    /// It must not overtake news about its sender: the nickname may have been somebody else's before.
    private mutating func join(_ message: PacedMessage) -> Bool {
        guard let chat = message.chat else { return false }
        for index in messages.indices.reversed() {
            if messages[index].chat?.thread == chat.thread, messages[index].kind == message.kind {
                let before = messages[index].bytes.readableBytes
                guard messages[index].append(message, within: Self.joinedMilliseconds) else { return false }
                bytes += messages[index].bytes.readableBytes - before
                return true
            }
            if messages[index].subjects.contains(chat.thread.sender) { return false }
        }
        return false
    }

    /// Says what to do now.
    mutating func next(at now: NIODeadline) -> Step {
        guard !isWriting else { return .busy }
        guard !messages.isEmpty else { return .idle }
        guard now >= earliest else { return .wait(until: earliest) }
        let message = messages.removeFirst()
        bytes -= message.bytes.readableBytes
        if message.kind == .answer { waitingAnswers -= 1 }
        isWriting = true
        return .write(message.bytes)
    }

    /// Records that the message is written; the next one waits for the interval.
    mutating func didWrite(at now: NIODeadline) {
        isWriting = false
        earliest = now + interval
    }

    /// Drops the waiting messages.
    mutating func removeAll() {
        messages = []
        bytes = 0
        waitingAnswers = 0
    }

    /// Shortens the interval so that everything is written by a deadline.
    ///
    /// This is for a closing server: messages that may arrive together are better than messages that do not arrive.
    mutating func hurry(at now: NIODeadline, until deadline: NIODeadline) {
        let share = max(.zero, deadline - now) / (messages.count + 1)
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
