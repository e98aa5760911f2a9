internal import DequeModule
internal import NIOCore

/// One message to a peer that takes one read for one message.
struct PacedMessage: Hashable, Sendable {
    /// What a message is, as far as the queue cares.
    enum Kind: Hashable, Sendable {
        /// Something that everybody gets.
        case broadcast
        /// Something that this peer alone asked for or brought about.
        case answer
        /// A user list: only the newest matters.
        case userList
    }

    /// The message's bytes.
    var bytes: ByteBuffer
    /// What it is.
    var kind: Kind

    /// Creates a message.
    init(_ bytes: ByteBuffer, kind: Kind) {
        self.bytes = bytes
        self.kind = kind
    }
}

/// Messages that wait to be written one by one, some time apart.
///
/// An unframed peer takes what one `recv` returns for one message, so two
/// writes in a row must not meet in its socket. Knows no clock: moments come in
/// as arguments.
struct PacedQueue: Sendable {
    /// What to do next.
    enum Step: Hashable, Sendable {
        /// Write this now; then say so with ``PacedQueue/didWrite(at:)``.
        case write(ByteBuffer)
        /// Ask again at this moment.
        case wait(until: NIODeadline)
        /// A write is under way; ask again when it is done.
        case busy
        /// Nothing waits.
        case idle
    }

    /// The least time between two messages.
    private(set) var interval: TimeAmount
    /// How many answers wait: what the peer itself brought about.
    private(set) var waitingAnswers = 0

    /// How many bytes wait.
    private(set) var bytes = 0

    private let capacity: Int
    private var messages: Deque<PacedMessage> = []
    private var isWriting = false
    private var earliest = NIODeadline.uptimeNanoseconds(0)

    /// Creates an empty queue.
    ///
    /// - Parameters:
    ///   - interval: The least time between two messages.
    ///   - capacity: The most messages that may wait.
    init(interval: TimeAmount, capacity: Int) {
        self.interval = interval
        self.capacity = capacity
    }

    /// How many messages wait.
    var count: Int { messages.count }

    /// Whether everything is written.
    var isEmpty: Bool { messages.isEmpty && !isWriting }

    /// Adds a message; a user list takes the place of one that waits.
    ///
    /// - Returns: Whether there was room. Where there was not, the peer has
    ///   fallen behind too far to go on.
    mutating func append(_ message: PacedMessage) -> Bool {
        if message.kind == .userList, let index = messages.lastIndex(where: { $0.kind == .userList }) {
            bytes += message.bytes.readableBytes - messages[index].bytes.readableBytes
            messages[index] = message
            return true
        }
        guard messages.count < capacity else { return false }
        messages.append(message)
        bytes += message.bytes.readableBytes
        if message.kind == .answer { waitingAnswers += 1 }
        return true
    }

    /// Says what to do at a moment.
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

    /// Takes note that the message is on its way: the next one keeps its distance.
    mutating func didWrite(at now: NIODeadline) {
        isWriting = false
        earliest = now + interval
    }

    /// Shortens the distances so that everything is written by a deadline.
    ///
    /// Used when the server closes: messages that may arrive together are
    /// better than messages that do not arrive.
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
