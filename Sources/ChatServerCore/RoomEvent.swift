public import ChatProtocol

/// What happens to the room.
///
/// Events come one at a time, in one order.
public enum RoomEvent: Sendable {
    /// A connection was accepted; `address` is the peer's, for limits and bans.
    case opened(ConnectionID, address: NetworkAddress)
    /// A connection sent a request.
    case received(ConnectionID, Request)
    /// A connection sent something that is no request; the text, safe to send
    /// back, says what was wrong. The connection is still in step.
    case undecodable(ConnectionID, reason: String)
    /// A connection is gone (whoever closed it).
    case closed(ConnectionID, LossReason)
    /// The answer to ``RoomEffect/verify(_:_:password:)``.
    case verified(ConnectionID, AccountID, isCorrect: Bool)
    /// The answer to ``RoomEffect/verify(_:_:password:)`` where the password
    /// could not be compared: too many wait, or the store can't be read.
    case verifyFailed(ConnectionID, AccountID)
    /// The answer to ``RoomEffect/changeAccount(_:_:nickname:password:)`` or
    /// ``RoomEffect/register(_:_:password:)``: the account as it is now, nil
    /// where nothing was changed.
    case accountChanged(ConnectionID, Account?)
    /// The oldest `count` records handed out with ``RoomEffect/store(_:)`` and
    /// not yet answered are safe.
    case stored(count: Int)
    /// The oldest `count` records could not be stored.
    case storeFailed(count: Int)
    /// The answer to ``RoomEffect/fetchHistory(_:_:viewer:)``, oldest first.
    case history(ConnectionID, [HistoryRecord], more: Bool)
    /// The answer to ``RoomEffect/fetchHistory(_:_:viewer:)`` where the store failed.
    case historyFailed(ConnectionID)
    /// Whether the oldest change handed out with ``RoomEffect/changeBans(_:)``
    /// and not yet answered is safe.
    case bansStored(Bool)
    /// What is new about the registered users: all of them at start, before
    /// anyone connects, and then whenever some change. This and
    /// ``accountChanged(_:_:)`` come in the order in which the store made the
    /// changes.
    case accounts(AccountChanges)
    /// The server is about to close, in so many seconds.
    case closing(inSeconds: Int)
}

/// How a connection came to an end.
public enum LossReason: String, Hashable, Sendable, CaseIterable {
    /// The peer closed it, after DISCON or without a word.
    case peerClosed = "peer_closed"
    /// It failed.
    case failed
    /// The peer read too slowly for what was to be sent.
    case tooSlow = "too_slow"
    /// The peer answered no PING in time.
    case silent
    /// The peer broke the framing, so that the stream is out of step.
    case outOfStep = "out_of_step"
    /// The server closes.
    case serverClosed = "server_closed"
    /// The room asked for it (kick, leave).
    case requested
}
