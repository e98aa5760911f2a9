internal import ChatProtocol
internal import DequeModule

/// What waits for the store, in the order in which everybody will see it.
///
/// A record waits until it is stored. Whatever must not overtake a record waits behind it. So the front of the queue,
/// if there is one, is always a record.
struct PublicationQueue: Sendable {
    /// A CHATR that is being stored.
    struct Chat: Sendable {
        /// The record that is stored and then sent.
        var record: HistoryRecord
        /// The connection that gets the copy with the tag, or the error.
        var sender: ConnectionID
        /// The recipient; nil for everyone.
        var recipient: ConnectionID?
        /// The sender's tag.
        var tag: String?
        /// Where the tag is remembered.
        var ledger: NonceTable.LedgerID?
        /// How many bytes of text it holds.
        var bytes: Int
    }

    /// Something that arrived before its sender's CONVER was sent.
    enum Early: Sendable {
        /// A request.
        case request(Request)
        /// Something that is no request.
        case undecodable(String)
    }

    /// An item that has to be stored first.
    indirect enum Record: Sendable {
        /// A CHATR.
        case chat(Chat)
        /// An INFO, and the change of the roster that it announces.
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

    /// An item that needs no storing, and is carried out when its turn comes.
    indirect enum Step: Sendable {
        /// Send a login's CONVER.
        case admit(ConnectionID, Response, Framing)
        /// Send an answer, in order.
        case send(Response, ConnectionID)
        /// Forget a member who left without an INFO.
        case forget(ConnectionID)
        /// Answer a USER with a list made when its turn comes.
        ///
        /// It then fits its place among the INFOs.
        case answerUsers(ConnectionID)
        /// Note that the list of admins changed.
        case adminsChanged
        /// End a connection.
        case close(ConnectionID)
        /// Handle a request that came early.
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

    /// Removes the step at the front, if there is one: no record is before it.
    mutating func popStep() -> Step? {
        guard case .step(let step)? = items.first else { return nil }
        items.removeFirst()
        return step
    }
}
