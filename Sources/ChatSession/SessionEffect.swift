public import ChatProtocol

/// What a session wants done, in order.
public enum SessionEffect: Hashable, Sendable {
    /// Open a socket to the server, in plain text if need be only where the user
    /// allowed it; answered by `opened`, `openFailed`, `distrusted` or
    /// `encryptionInDoubt`.
    case open(allowsPlainText: Bool)
    /// Send a request. The transport paces and splits for an original server,
    /// and switches to netstrings by itself where a CONVER agrees to them.
    case send(Request)
    /// Close the socket once everything is sent.
    case close
    /// Say DISCON to an original server, and close the socket once it has closed
    /// its end; nothing that comes from there matters any more.
    ///
    /// Where a request has no answer yet, the DISCON waits until the server says
    /// something: two requests that it reads at once are one to it.
    case hangUp(afterAnswer: Bool)
    /// Fire ``SessionEvent/timer(_:)`` after so many milliseconds; replaces
    /// one that is already set.
    case setTimer(SessionTimer, milliseconds: Int)
    /// Forget a timer.
    case cancelTimer(SessionTimer)
    /// Tell the user interface.
    case update(SessionUpdate)
    /// The session is over; nothing follows.
    case finished
}

/// What a session tells the user interface.
public enum SessionUpdate: Hashable, Sendable {
    /// The connection's state changed.
    case status(ConnectionStatus)
    /// A login is needed or was refused; the reason is the server's, if any.
    case loginNeeded(reason: SafeText?)
    /// The server has confirmed who we are: worth remembering.
    case identity(nickname: String, color: ChatColor)
    /// New entries at the end, in order. Own messages that are pending stay
    /// below them (``TimelineEntry/place`` says so).
    case appended([TimelineEntry])
    /// Entries that go before or between others by ``TimelineEntry/place``,
    /// in order: history that came late. Not new to the reader's eye.
    case inserted([TimelineEntry])
    /// An entry took a new form under the same ``TimelineEntry/id`` (a pending
    /// one was accepted, or failed); its ``TimelineEntry/place`` may be another.
    case changed(TimelineEntry)
    /// The user list changed.
    case roster(Roster)
    /// Whether the server has history older than the oldest entry.
    case olderHistory(available: Bool)
    /// A password is wanted on a connection that others can read; it waits for
    /// `SessionCommand.allowPlainPassword(_:)`.
    case plainPasswordQuestion
    /// Nothing shows whether the server can encrypt; it waits for
    /// `SessionCommand.allowPlainText(_:)`.
    case plainTextQuestion(reason: SafeText)
    /// A command was carried out or failed, or there is something to know about
    /// the connection, in words.
    case notice(SafeText, isFailure: Bool)
}

/// Where a connection stands.
public enum ConnectionStatus: Hashable, Sendable {
    /// A socket is being opened.
    case connecting
    /// Connected, CON is sent or a login is awaited from the user.
    case loggingIn(SessionEvent.Channel)
    /// In the chat.
    case online(SessionEvent.Channel, framing: Framing, roundTripMilliseconds: Int?)
    /// Lost; the next attempt starts in so many milliseconds.
    case waiting(reason: String, milliseconds: Int, attempt: Int)
    /// Over; no further attempt is made.
    case ended(reason: String)
    /// Over: the server can't be trusted, as a notice has explained.
    case distrusted(reason: String)
}
