/// A request of a client to the server.
///
/// Values are as they arrived. The server decides whether a nickname or a color is acceptable, because it can answer
/// with the reason.
public enum Request: Hashable, Sendable {
    /// `CON`: log in.
    case connect(ConnectRequest)
    /// `CHAT`: say something to everyone or to one user.
    case chat(ChatRequest)
    /// `UPDATE`: change nickname, password or color.
    case update(UpdateRequest)
    /// `DISCON`: leave.
    case disconnect
    /// `REF`: send the history again.
    case refresh(HistoryQuery)
    /// `USER`: send the user list.
    case users
    /// `KICK`: throw a user out.
    case kick(KickRequest)
    /// `UNBAN`: let a user come back; nil if the key is missing.
    case unban(user: String?)
    /// `BANS`: send the list of bans.
    case bans
    /// `PING`: are you there? The content comes back in a PONG.
    case ping(String)
    /// `PONG`: the answer to a PING of the server.
    case pong(String)
}

/// The request to log in.
///
/// `CON,nickname=…;password=…;color=…[;framing=netstring][;operator=…],`
public struct ConnectRequest: Hashable, Sendable {
    /// The nickname to use; nil if the key is missing.
    public var nickname: String?
    /// The password, empty for a guest; nil if the key is missing.
    public var password: String?
    /// The color; nil if the key is missing.
    public var color: String?
    /// The framing that the client asks for.
    public var framing: Framing
    /// The secret that proves that the server's own user logs in; nil for everyone else.
    ///
    /// It is never sent to a server other than the one in the same process.
    public var operatorSecret: OperatorSecret?

    /// Creates a login.
    public init(
        nickname: String?,
        password: String?,
        color: String?,
        framing: Framing = .none,
        operatorSecret: OperatorSecret? = nil
    ) {
        self.nickname = nickname
        self.password = password
        self.color = color
        self.framing = framing
        self.operatorSecret = operatorSecret
    }
}

/// The request to say something.
///
/// `CHAT,rec=…[;nonce=…],text`
public struct ChatRequest: Hashable, Sendable {
    /// The recipient; nil if the key is missing.
    public var recipient: Recipient?
    /// The client's own tag, at most ``Limits/nonceBytes`` long (framed only).
    public var nonce: String?
    /// The text of the message.
    public var text: String

    /// Creates a chat request.
    public init(recipient: Recipient?, nonce: String? = nil, text: String) {
        self.recipient = recipient
        self.nonce = nonce
        self.text = text
    }
}

/// The request to change nickname, password or color.
///
/// `UPDATE,nickname=…;password=…;color=…,` with any of the three.
public struct UpdateRequest: Hashable, Sendable {
    /// The new nickname; nil for no change.
    public var nickname: String?
    /// The new password; nil for no change.
    public var password: String?
    /// The new color; nil for no change.
    public var color: String?

    /// Creates a change.
    public init(nickname: String? = nil, password: String? = nil, color: String? = nil) {
        self.nickname = nickname
        self.password = password
        self.color = color
    }
}

/// The part of the history that a REF asks for.
///
/// `REF,[since=…;before=…;limit=…],`
public struct HistoryQuery: Hashable, Sendable {
    /// Only messages after this one.
    public var since: MessageID?
    /// Only messages before this one.
    public var before: MessageID?
    /// The most messages to return; nil for the default.
    public var limit: Int?

    /// Creates a query; without arguments it asks for the latest messages.
    public init(since: MessageID? = nil, before: MessageID? = nil, limit: Int? = nil) {
        self.since = since
        self.before = before
        self.limit = limit
    }
}

/// The request to throw a user out.
///
/// `KICK,user=…[;ban=…],why`
public struct KickRequest: Hashable, Sendable {
    /// The nickname; nil if the key is missing.
    public var user: String?
    /// The admin's reason.
    public var reason: String
    /// How long the user may not come back (framed only); nil for a kick without a ban.
    public var ban: BanTerm?

    /// Creates a kick.
    public init(user: String?, reason: String, ban: BanTerm? = nil) {
        self.user = user
        self.reason = reason
        self.ban = ban
    }
}
