public import ChatProtocol

/// What the room wants done, in order.
///
/// It is indirect, like what it carries: effects are passed on many times for each message, and this makes a copy just
/// one pointer.
public indirect enum RoomEffect: Sendable {
    /// Send one response to one connection.
    case send(Response, to: ConnectionID)
    /// Send what somebody says to one connection.
    ///
    /// It differs from an answer in that the receiver can't help how many there are.
    case deliver(Response, to: ConnectionID)
    /// Send the same response to several framed connections.
    ///
    /// It is a long response, which should be encoded only once.
    case sendAlike(Response, to: [ConnectionID])
    /// The login is accepted: send this CONVER, and from then on deliver every broadcast to this connection.
    ///
    /// If the framing is netstrings, they start after this CONVER, in both directions.
    case admit(ConnectionID, Response, framing: Framing)
    /// Send one response to every admitted connection.
    case broadcast(Broadcast)
    /// Store a record; answered by ``RoomEvent/stored(count:)`` or ``RoomEvent/storeFailed(count:)``, in order.
    case store(HistoryRecord)
    /// Compare a password with an account's, outside of the room.
    ///
    /// Answered by ``RoomEvent/verified(_:_:isCorrect:)`` or ``RoomEvent/verifyFailed(_:_:)``.
    case verify(ConnectionID, AccountID, password: String)
    /// Change an account's nickname, password or both: all or nothing.
    ///
    /// Nil leaves a value as it is. Nothing is changed if the account's password is no longer the one with which the
    /// requester logged in. Answered by ``RoomEvent/accountChanged(_:_:)``.
    case changeAccount(ConnectionID, Account, nickname: Nickname?, password: String?)
    /// Register a guest's nickname.
    ///
    /// Answered by ``RoomEvent/accountChanged(_:_:)``.
    case register(ConnectionID, Nickname, password: String)
    /// Store a change of the bans; answered by ``RoomEvent/bansStored(_:)``, in order.
    case changeBans(BanChange)
    /// Ask a framed connection for a sign of life.
    ///
    /// If none comes within seconds, end the connection as ``LossReason/silent``.
    case probe(ConnectionID)
    /// Look up the history as far as `viewer` may see it.
    ///
    /// The query's limit is set and within bounds. Answered by ``RoomEvent/history(_:_:more:)`` or
    /// ``RoomEvent/historyFailed(_:)``, for one connection in the order asked.
    case fetchHistory(ConnectionID, HistoryQuery, viewer: Identity)
    /// Deliver what was sent so far and nothing after it, not even a broadcast, then close the connection.
    ///
    /// Answered by ``RoomEvent/closed(_:_:)``.
    case close(ConnectionID)
    /// Write an entry to the operator's log; it never holds message text.
    case audit(AuditEntry)
}

/// A response for many connections.
public struct Broadcast: Sendable {
    /// Which of the admitted connections get the response.
    public enum Receivers: Hashable, Sendable {
        /// All of them.
        case everyone
        /// Connections with netstrings.
        case framed
        /// Connections of original clients.
        case unframed
    }

    /// The response to send.
    public var response: Response
    /// Who gets it.
    public var receivers: Receivers
    /// One connection that gets something else at the same place in the order.
    ///
    /// For example, a sender's copy carries the nonce.
    public var variation: Variation?

    /// What one connection gets instead of the common response.
    public struct Variation: Sendable {
        /// The connection.
        public var connection: ConnectionID
        /// The response it gets; nil for nothing at all.
        public var response: Response?

        /// Creates a variation.
        public init(connection: ConnectionID, response: Response?) {
            self.connection = connection
            self.response = response
        }
    }

    /// Creates a broadcast.
    public init(_ response: Response, to receivers: Receivers = .everyone, variation: Variation? = nil) {
        self.response = response
        self.receivers = receivers
        self.variation = variation
    }
}

/// An entry for the operator's log.
///
/// Nicknames are as users typed them: the log passes them through `SafeText`.
public struct AuditEntry: Hashable, Sendable {
    /// What happened.
    public enum Action: String, Hashable, Sendable {
        /// A login was accepted.
        case login
        /// A login was refused.
        case refusal
        /// A user left, or their connection was lost.
        case leave
        /// An admin kicked a user.
        case kick
        /// An admin banned a user.
        case ban
        /// An admin let a user come back.
        case unban
        /// A nickname, color or password was changed.
        case update
        /// A guest registered their nickname.
        case registration
    }

    /// What happened.
    public var action: Action
    /// The connection that it is about.
    public var connection: ConnectionID
    /// The nickname that it is about; empty if nobody gave a valid one.
    public var nickname: String
    /// The reason, or who did it; never message text, never a secret.
    public var detail: String
    /// Why a login was refused; nil for everything else.
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
