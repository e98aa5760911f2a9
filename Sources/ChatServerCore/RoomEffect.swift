public import ChatProtocol

/// What the room wants done, in order.
///
/// Indirect, like what it carries: effects are handed around many times a
/// message, and a copy is then one pointer.
public indirect enum RoomEffect: Sendable {
    /// Send one response to one connection.
    case send(Response, to: ConnectionID)
    /// Send the same response to several framed connections: one that is long,
    /// and so worth writing down only once.
    case sendAlike(Response, to: [ConnectionID])
    /// The login is accepted: send this CONVER, and from then on deliver
    /// every broadcast to this connection. Where the framing is netstrings,
    /// they start after this CONVER, in both directions.
    case admit(ConnectionID, Response, framing: Framing)
    /// Send one response to every admitted connection.
    case broadcast(Broadcast)
    /// Keep a record; answered by ``RoomEvent/stored(count:)`` or
    /// ``RoomEvent/storeFailed(count:)``, in order.
    case store(HistoryRecord)
    /// Compare a password with an account's, elsewhere and in its own time;
    /// answered by ``RoomEvent/verified(_:_:isCorrect:)`` or
    /// ``RoomEvent/verifyFailed(_:_:)``.
    case verify(ConnectionID, AccountID, password: String)
    /// Change an account's nickname, password or both: all or nothing; nil
    /// leaves one as it is. Nothing is changed where the account has another
    /// password by now than who asks logged in with. Answered by
    /// ``RoomEvent/accountChanged(_:_:)``.
    case changeAccount(ConnectionID, Account, nickname: Nickname?, password: String?)
    /// Make a guest a member. Answered by ``RoomEvent/accountChanged(_:_:)``.
    case register(ConnectionID, Nickname, password: String)
    /// Keep what is new about the bans; answered by ``RoomEvent/bansStored(_:)``,
    /// in order.
    case changeBans(BanChange)
    /// Ask a framed connection for a sign of life, and end it as
    /// ``LossReason/silent`` where none comes within seconds.
    case probe(ConnectionID)
    /// Look up the history as far as `viewer` may see it; the query's limit is
    /// set and within bounds. Answered by ``RoomEvent/history(_:_:more:)`` or
    /// ``RoomEvent/historyFailed(_:)``, for one connection in the order asked.
    case fetchHistory(ConnectionID, HistoryQuery, viewer: Identity)
    /// Deliver what was sent so far and nothing after it, no broadcast either,
    /// then close; answered by ``RoomEvent/closed(_:_:)``.
    case close(ConnectionID)
    /// Something an operator wants to find in the log; never message text.
    case audit(AuditEntry)
}

/// A response for many.
public struct Broadcast: Sendable {
    /// Which of the admitted connections it is for.
    public enum Audience: Hashable, Sendable {
        /// All of them.
        case everyone
        /// Those with netstrings.
        case framed
        /// Those of original clients.
        case unframed
    }

    /// What to send.
    public var response: Response
    /// To whom.
    public var audience: Audience
    /// One connection that gets something else at the same place in the order.
    ///
    /// A sender's copy carries the nonce.
    public var variation: Variation?

    /// What one connection gets in place of the common response.
    public struct Variation: Sendable {
        /// Which connection.
        public var connection: ConnectionID
        /// What it gets; nil for nothing at all.
        public var response: Response?

        /// Creates a variation.
        public init(connection: ConnectionID, response: Response?) {
            self.connection = connection
            self.response = response
        }
    }

    /// Creates a broadcast.
    public init(_ response: Response, to audience: Audience = .everyone, variation: Variation? = nil) {
        self.response = response
        self.audience = audience
        self.variation = variation
    }
}

/// A line for the operator's log.
///
/// Nicknames are as users typed them: the log passes them through `SafeText`.
public struct AuditEntry: Hashable, Sendable {
    /// What happened.
    public enum Action: String, Hashable, Sendable {
        /// A login was accepted.
        case login
        /// A login was refused.
        case refusal
        /// A user left or was lost.
        case leave
        /// An admin kicked a user.
        case kick
        /// An admin banned a user.
        case ban
        /// An admin let a user come back.
        case unban
        /// A nickname, color or password was changed.
        case update
        /// A guest became a member.
        case registration
    }

    /// What happened.
    public var action: Action
    /// On which connection.
    public var connection: ConnectionID
    /// To whom, by nickname; empty where nobody gave a valid one.
    public var nickname: String
    /// Why or by whom; never message text, never a secret.
    public var detail: String
    /// Of a refusal: why.
    public var refusal: Refusal?

    /// Creates an entry.
    public init(
        _ action: Action,
        connection: ConnectionID,
        nickname: String,
        detail: String = "",
        refusal: Refusal? = nil
    ) {
        self.action = action
        self.connection = connection
        self.nickname = nickname
        self.detail = detail
        self.refusal = refusal
    }
}
