public import ChatProtocol

/// Something that happens to the room.
///
/// Events come one at a time, in one order.
public enum RoomEvent: Sendable {
    /// A connection was accepted; `address` is the peer's, for limits and bans.
    case opened(ConnectionID, address: NetworkAddress)
    /// A connection sent a request.
    case received(ConnectionID, Request)
    /// A connection sent something that is no request.
    ///
    /// The reason, safe to send back, says what was wrong. The stream is still in step.
    case undecodable(ConnectionID, reason: String)
    /// A connection is gone (whoever closed it).
    case closed(ConnectionID, LossReason)
    /// The answer to ``RoomEffect/verify(_:_:password:)``.
    case verified(ConnectionID, AccountID, isCorrect: Bool)
    /// The answer to ``RoomEffect/verify(_:_:password:)`` if the password could not be compared.
    ///
    /// Either too many wait, or the store can't be read.
    case verifyFailed(ConnectionID, AccountID)
    /// The answer to ``RoomEffect/changeAccount(_:_:nickname:password:)`` or ``RoomEffect/register(_:_:password:)``.
    ///
    /// It holds the account as it is now, or nil if nothing was changed.
    case accountChanged(ConnectionID, Account?)
    /// The oldest `count` unanswered records of ``RoomEffect/store(_:)`` are stored.
    case stored(count: Int)
    /// The oldest `count` unanswered records could not be stored.
    case storeFailed(count: Int)
    /// The answer to ``RoomEffect/fetchHistory(_:_:viewer:)``, oldest first.
    case history(ConnectionID, [HistoryRecord], more: Bool)
    /// The answer to ``RoomEffect/fetchHistory(_:_:viewer:)`` if the store failed.
    case historyFailed(ConnectionID)
    /// Whether the oldest unanswered change of ``RoomEffect/changeBans(_:)`` is stored.
    case bansStored(Bool)
    /// The registered users have changed: all of them at start, before anyone connects, then each change.
    ///
    /// This and ``accountChanged(_:_:)`` come in the order in which the store made the changes.
    case accounts(AccountChanges)
    /// The server is about to close, in this many seconds.
    case closing(inSeconds: Int)
}

/// How a connection ended.
public enum LossReason: String, Hashable, Sendable, CaseIterable {
    /// The peer closed it, after DISCON or without a word.
    case peerClosed = "peer_closed"
    /// The connection failed.
    case failed
    /// The peer read too slowly.
    case tooSlow = "too_slow"
    /// The peer did not answer a PING in time.
    case silent
    /// The peer broke the framing, so the next message can't be found.
    case outOfStep = "out_of_step"
    /// The server closed it because it is stopping.
    case serverClosed = "server_closed"
    /// The room asked for it (kick, leave).
    case requested
}
