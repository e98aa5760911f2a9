/// A response of the server, with the time that every response has.
public struct Response: Hashable, Sendable {
    /// The `time` key: the server's local time.
    public var time: WireTime
    /// The `at` key in milliseconds since the Unix epoch, UTC; nil from an unframed server.
    public var at: Int64?
    /// The response itself.
    public var body: Body

    /// Creates a response.
    public init(time: WireTime, at: Int64? = nil, body: Body) {
        self.time = time
        self.at = at
        self.body = body
    }

    /// Creates a response with the time of a moment on the server's clock.
    public init(at moment: Timestamp, _ body: Body) {
        self.init(time: moment.wireTime, at: moment.unixMilliseconds, body: body)
    }

    /// The kinds of responses.
    public indirect enum Body: Hashable, Sendable {
        /// `CONVER`: login accepted or refused.
        case login(LoginVerdict)
        /// `CHATR`: a chat message.
        case chat(ChatMessage)
        /// `CONFIRM`: a request was done, or why not.
        case confirm(Confirmation)
        /// `INFO`: something public happened to a user.
        case info(Info)
        /// `ERR`: a request failed; the content says why.
        case error(String, Refusal? = nil)
        /// `WARN`: the server did something to you.
        ///
        /// With a refusal it ends the connection. `until` is when a ban ends, as in
        /// ``LoginVerdict/refused(_:_:until:)``.
        case warning(String, Refusal? = nil, until: Int64? = nil)
        /// `WARN` with `reconnect`: the server closes this connection.
        ///
        /// Come back after that many seconds, or up to as many more.
        case closing(String, reconnectSeconds: Int)
        /// `USER`: who is logged in, and all admins.
        case users(UserList)
        /// `PING`: are you there? The content comes back in a PONG.
        case ping(String)
        /// `PONG`: the answer to a PING of the client.
        case pong(String)
    }
}

/// The outcome of a CON.
public enum LoginVerdict: Hashable, Sendable {
    /// `OK`: the login is accepted.
    ///
    /// If netstrings are agreed, they start with the very next byte. If a password was ignored, the nickname is not
    /// registered.
    case accepted(Framing, ignoresPassword: Bool = false)
    /// `Error: …`: the login is refused, and the connection stays open for another try.
    ///
    /// `until` is when a ban ends, in milliseconds since the Unix epoch; nil for never.
    case refused(String, Refusal? = nil, until: Int64? = nil)
}

/// A chat message as the server sends it to its readers.
public struct ChatMessage: Hashable, Sendable {
    /// The server's number; nil from an unframed server.
    public var id: MessageID?
    /// The nickname of the sender.
    public var sender: String
    /// The recipient.
    public var recipient: Recipient
    /// The sender's color in the form in which it was sent.
    public var color: String
    /// The client's own tag; only the sender's copy has it.
    public var nonce: String?
    /// The text of the message.
    public var text: String

    /// Creates a chat message.
    public init(
        id: MessageID? = nil,
        sender: String,
        recipient: Recipient,
        color: String,
        nonce: String? = nil,
        text: String
    ) {
        self.id = id
        self.sender = sender
        self.recipient = recipient
        self.color = color
        self.nonce = nonce
        self.text = text
    }
}

/// The answer to an UPDATE, REF, DISCON, UNBAN or BANS, and to a KICK that bans.
///
/// `CONFIRM,time=…;reason=…[;more=0|1],text`
public struct Confirmation: Hashable, Sendable {
    /// The requests that are confirmed.
    public enum Subject: String, Hashable, Sendable {
        /// UPDATE
        case update = "UPDATE"
        /// REF
        case refresh = "REF"
        /// DISCON
        case disconnect = "DISCON"
        /// KICK with a ban
        case kick = "KICK"
        /// UNBAN
        case unban = "UNBAN"
        /// BANS
        case bans = "BANS"
    }

    /// The request that is answered.
    public var subject: Subject
    /// REF only: whether the history holds more in the direction asked for.
    public var more: Bool?
    /// BANS only: the bans, oldest first.
    public var bans: [BanEntry]
    /// KICK with a ban only: when the ban ends, in milliseconds since the Unix epoch; nil for never.
    public var until: Int64?
    /// Why the request was refused; nil if it was not, or if the server does not say.
    public var refusal: Refusal?
    /// `OK` or similar, or `Error: …`.
    public var text: String

    /// Creates a confirmation.
    public init(
        subject: Subject,
        more: Bool? = nil,
        bans: [BanEntry] = [],
        until: Int64? = nil,
        refusal: Refusal? = nil,
        text: String
    ) {
        self.subject = subject
        self.more = more
        self.bans = bans
        self.until = until
        self.refusal = refusal
        self.text = text
    }

    /// Whether the text reports a failure.
    public var isFailure: Bool { text.hasPrefix("Error") }
}

/// Something public that happened to a user.
///
/// `INFO,time=…;sender=…[;id=…;event=…;…],text`
public struct Info: Hashable, Sendable {
    /// What happened, for clients that keep their own user list (framed only).
    public enum Event: Hashable, Sendable {
        /// Somebody joined.
        case join(color: String, isAdmin: Bool)
        /// Somebody left, or their connection was lost.
        case leave
        /// Somebody was kicked.
        ///
        /// `user` is who was kicked; the sender of the INFO is the admin who did it.
        case kick(user: String)
        /// Somebody changed nickname or color, or is now or no longer an admin.
        case update(previous: String, color: String, isAdmin: Bool)
    }

    /// The server's number; nil from an unframed server.
    public var id: MessageID?
    /// The user it is about; for a kick, the admin.
    public var sender: String
    /// What happened; nil from an unframed server.
    public var event: Event?
    /// The sentence to show.
    public var text: String

    /// Creates an INFO.
    public init(id: MessageID? = nil, sender: String, event: Event? = nil, text: String) {
        self.id = id
        self.sender = sender
        self.event = event
        self.text = text
    }
}

/// The content of a USER response.
public struct UserList: Hashable, Sendable {
    /// One user who is logged in.
    public struct Entry: Hashable, Sendable {
        /// The nickname.
        public var nickname: String
        /// The color; nil from an unframed server.
        public var color: String?

        /// Creates an entry.
        public init(nickname: String, color: String? = nil) {
            self.nickname = nickname
            self.color = color
        }
    }

    /// The users who are logged in, in the server's order.
    public var users: [Entry]
    /// The nicknames of all admins, logged in or not.
    public var admins: [String]

    /// Creates a list.
    public init(users: [Entry], admins: [String]) {
        self.users = users
        self.admins = admins
    }
}
