public import ChatProtocol

/// One line of the chat as the user sees it.
///
/// All texts in it are safe to show.
public struct TimelineEntry: Hashable, Sendable, Identifiable {
    /// A number given by the session, unique while the session exists.
    public struct ID: Hashable, Sendable {
        /// The number itself.
        public let number: Int

        /// Creates an id.
        public init(_ number: Int) {
            self.number = number
        }
    }

    /// A position in the order of all entries, chosen by the session.
    ///
    /// Order entries only by place: times can repeat or go backwards, and message numbers start again if a server has
    /// lost its history.
    public struct Place: Hashable, Comparable, Sendable {
        /// How many times the server's numbering has started again.
        let epoch: Int
        /// The message number, or the session's own count if the server gives none.
        let number: Int64
        /// Orders entries without a number of their own that came after a numbered one.
        let minor: Int

        /// Creates a place.
        ///
        /// - Parameters:
        ///   - epoch: How many times the server's numbering has started again, from 0.
        ///   - number: The message number.
        ///   - minor: Orders entries with the same number.
        public init(epoch: Int, number: Int64, minor: Int = 0) {
            self.epoch = epoch
            self.number = number
            self.minor = minor
        }

        /// The place of our own message that the server has not answered yet: below all answered ones.
        ///
        /// - Parameters:
        ///   - number: Orders the messages as they were typed.
        ///   - part: Orders the parts of a message that is sent in several.
        static func pending(_ number: Int, part: Int = 0) -> Place {
            Place(epoch: .max, number: Int64(number), minor: part)
        }

        /// The place directly after this one; another entry may have it already.
        var behind: Place { Place(epoch: epoch, number: number, minor: minor &+ 1) }

        /// A place before this one.
        var before: Place { Place(epoch: epoch, number: number &- 1) }

        /// Orders places from old to new.
        public static func < (left: Place, right: Place) -> Bool {
            if left.epoch != right.epoch { return left.epoch < right.epoch }
            if left.number != right.number { return left.number < right.number }
            return left.minor < right.minor
        }
    }

    /// The delivery state of a message.
    public enum Delivery: Hashable, Sendable {
        /// The server has accepted it, or it is not our message.
        case accepted
        /// It was sent or waits to be sent; the server has not answered yet.
        case pending
        /// The server refused it.
        case failed(SafeText)
        /// It was sent, but whether it arrived will not be known.
        case uncertain(SafeText)
    }

    /// The kind of an entry.
    public enum Kind: Hashable, Sendable {
        /// A message.
        case chat(sender: SafeText, recipient: SafeRecipient, color: ChatColor?, isOwn: Bool)
        /// An event about a user; its texts are safe to show.
        case info(sender: SafeText, event: Info.Event?)
        /// A WARN from the server.
        case warning
        /// An ERR from the server.
        case error
    }

    /// Identifies the entry.
    public var id: ID
    /// The position of the entry: entries are shown in the order of their places.
    ///
    /// A pending message of our own stands below everything else, and gets its final place with the server's answer.
    public var place: Place
    /// The message number, if the server numbers its messages.
    public var messageID: MessageID?
    /// The server's local time.
    public var time: WireTime
    /// Milliseconds since the Unix epoch, if the server tells.
    public var at: Int64?
    /// What kind of line it is.
    public var kind: Kind
    /// The text of the entry.
    public var text: SafeText
    /// The delivery state.
    public var delivery: Delivery

    /// Creates an entry.
    public init(
        id: ID,
        place: Place? = nil,
        messageID: MessageID? = nil,
        time: WireTime,
        at: Int64? = nil,
        kind: Kind,
        text: SafeText,
        delivery: Delivery = .accepted
    ) {
        self.id = id
        self.place = place ?? Place(epoch: 0, number: Int64(id.number))
        self.messageID = messageID
        self.time = time
        self.at = at
        self.kind = kind
        self.text = text
        self.delivery = delivery
    }
}

/// A recipient whose nickname is safe to show.
public enum SafeRecipient: Hashable, Sendable {
    /// Everyone in the chat.
    case everyone
    /// One user.
    case user(SafeText)
}
