public import ChatProtocol

/// One line of the chat as a reader sees it.
///
/// All text is safe to show.
public struct TimelineEntry: Hashable, Sendable, Identifiable {
    /// The session's own number; lasts while the session does.
    public struct ID: Hashable, Sendable {
        /// The running number.
        public let number: Int

        /// Creates an id.
        public init(_ number: Int) {
            self.number = number
        }
    }

    /// A position in the order of all entries, chosen by the session.
    ///
    /// Compare places and nothing else: times can repeat or run backwards, and
    /// message numbers start again where a server forgot its history.
    public struct Place: Hashable, Comparable, Sendable {
        /// Counts how often the server's numbering began anew.
        let epoch: Int
        /// The message number, or the session's own count where there is none.
        let number: Int64
        /// Orders what came after a number and has none of its own.
        let minor: Int

        /// Creates a place.
        ///
        /// - Parameters:
        ///   - epoch: Which numbering of the server's, counted from 0.
        ///   - number: The message number.
        ///   - minor: Orders entries of one number.
        public init(epoch: Int, number: Int64, minor: Int = 0) {
            self.epoch = epoch
            self.number = number
            self.minor = minor
        }

        /// The place of an own message that the server has not yet answered:
        /// below everything that it has.
        ///
        /// - Parameters:
        ///   - number: Orders the messages as they were typed.
        ///   - part: Orders the parts of a message that is sent in several.
        static func pending(_ number: Int, part: Int = 0) -> Place {
            Place(epoch: .max, number: Int64(number), minor: part)
        }

        /// A place right behind this one, as far as no other has taken it.
        var behind: Place { Place(epoch: epoch, number: number, minor: minor &+ 1) }

        /// A place before this one.
        var before: Place { Place(epoch: epoch, number: number &- 1) }

        /// Orders from old to new.
        public static func < (left: Place, right: Place) -> Bool {
            if left.epoch != right.epoch { return left.epoch < right.epoch }
            if left.number != right.number { return left.number < right.number }
            return left.minor < right.minor
        }
    }

    /// How far an own message has come.
    public enum Delivery: Hashable, Sendable {
        /// The server has it (or it is not ours).
        case accepted
        /// Sent or waiting to be sent; the server has not answered yet.
        case pending
        /// The server refused it.
        case failed(SafeText)
    }

    /// What kind of line it is.
    public enum Kind: Hashable, Sendable {
        /// Somebody said something.
        case chat(sender: SafeText, recipient: SafeRecipient, color: ChatColor?, isOwn: Bool)
        /// Something happened to a user; the event's texts are safe to show.
        case info(sender: SafeText, event: Info.Event?)
        /// A WARN of the server's.
        case warning
        /// An ERR of the server's.
        case error
    }

    /// Names the entry.
    public var id: ID
    /// Where the entry stands: entries are shown in the order of their places.
    ///
    /// An own message that waits for the server stands below everything else,
    /// and gets its lasting place with the server's answer.
    public var place: Place
    /// The server's number, where the server gives numbers.
    public var messageID: MessageID?
    /// The server's local time.
    public var time: WireTime
    /// Milliseconds since the Unix epoch, where the server says.
    public var at: Int64?
    /// What kind of line it is.
    public var kind: Kind
    /// What it says.
    public var text: SafeText
    /// How far it has come.
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
