internal import ChatProtocol
internal import DequeModule

/// What waits for the store, in the order in which everybody will see it.
///
/// A record waits until it is safe. Whatever may not overtake one waits behind
/// it. So the front, if there is one, is always a record.
struct PublicationQueue: Sendable {
    /// A CHATR that is being stored.
    struct Chat: Sendable {
        /// What is stored, and goes out.
        var record: HistoryRecord
        /// Who gets the copy with the tag, or the error.
        var sender: ConnectionID
        /// Whom it is for; nil for everyone.
        var recipient: ConnectionID?
        /// The sender's tag.
        var tag: String?
        /// Where the tag is remembered.
        var ledger: NonceTable.LedgerID?
        /// How many bytes of text it holds.
        var bytes: Int
    }

    /// Something that came in before its sender's CONVER was out.
    enum Early: Sendable {
        /// A request.
        case request(Request)
        /// Something that is no request.
        case undecodable(String)
    }

    /// What is stored first.
    indirect enum Record: Sendable {
        /// A CHATR.
        case chat(Chat)
        /// An INFO, and what it changes.
        case info(HistoryRecord, PublishedRoster.Change)

        var id: MessageID {
            switch self {
            case .chat(let chat): chat.record.id
            case .info(let record, _): record.id
            }
        }

        /// How many bytes of text it holds.
        var bytes: Int {
            switch self {
            case .chat(let chat): chat.bytes
            case .info: 0
            }
        }
    }

    /// What is done when its turn comes.
    indirect enum Step: Sendable {
        /// A login's CONVER.
        case admit(ConnectionID, Response, Framing)
        /// An answer that must not overtake.
        case send(Response, ConnectionID)
        /// Somebody left without an INFO.
        case forget(ConnectionID)
        /// A USER list for who asked, made when its turn comes: it says how
        /// things are at that place among the INFOs.
        case answerUsers(ConnectionID)
        /// The list of admins changed.
        case adminsChanged
        /// The end of a connection.
        case close(ConnectionID)
        /// A request that was early.
        case early(ConnectionID, Early)
    }

    /// One place in the queue.
    enum Item: Sendable {
        case record(Record)
        case step(Step)
    }

    private(set) var items: Deque<Item> = []
    /// How many of the items are records.
    private(set) var recordCount = 0
    /// How many bytes of text they hold.
    private(set) var bytes = 0

    var isEmpty: Bool { items.isEmpty }
    var count: Int { items.count }

    /// The number of the oldest record that nobody has seen yet.
    var oldestID: MessageID? {
        guard case .record(let record)? = items.first else { return nil }
        return record.id
    }

    mutating func append(_ record: Record) {
        items.append(.record(record))
        recordCount += 1
        bytes += record.bytes
    }

    mutating func append(_ step: Step) {
        items.append(.step(step))
    }

    /// Removes the record at the front.
    mutating func popRecord() -> Record? {
        guard case .record(let record)? = items.first else { return nil }
        items.removeFirst()
        recordCount -= 1
        bytes -= record.bytes
        return record
    }

    /// Removes the step at the front, if a step is there: it waits for nothing.
    mutating func popStep() -> Step? {
        guard case .step(let step)? = items.first else { return nil }
        items.removeFirst()
        return step
    }
}
