public import ChatProtocol

/// Something that a session wants done; effects have to be carried out in order.
public enum SessionEffect: Hashable, Sendable {
    /// Open a socket to the server; answered by `opened`, `openFailed`, `distrusted` or `encryptionInDoubt`.
    ///
    /// If nothing shows whether the server speaks TLS, plain text is used only with `allowsPlainText`, that is, only
    /// after the user allowed it.
    case open(allowsPlainText: Bool)
    /// Send a request.
    ///
    /// For an original server the transport paces and splits it. It switches to netstrings by itself when a CONVER
    /// agrees to them.
    case send(Request)
    /// Close the socket once everything is sent.
    case close
    /// Send DISCON to an original server, and close the socket once the server has closed its end; whatever it still
    /// sends is ignored.
    ///
    /// If a request has no answer yet, the DISCON waits until the server sends something, because the server treats two
    /// requests that it reads together as one.
    case hangUp(afterAnswer: Bool)
    /// Set a timer that fires ``SessionEvent/timer(_:)`` after this many milliseconds; replaces one that is already
    /// set.
    case setTimer(SessionTimer, milliseconds: Int)
    /// Cancel a timer.
    case cancelTimer(SessionTimer)
    /// Tell the user interface.
    case update(SessionUpdate)
    /// The session has ended; nothing follows.
    case finished
}

/// What a session tells the user interface.
public enum SessionUpdate: Hashable, Sendable {
    /// The connection's state changed.
    case status(ConnectionStatus)
    /// A login is needed or was refused; the reason is in words for the user, the refusal for programs.
    case loginNeeded(reason: SafeText?, refusal: Refusal? = nil)
    /// The server has confirmed our nickname and color, so they can be stored, and whether the nickname is registered.
    case identity(nickname: String, color: ChatColor, isRegistered: Bool = false)
    /// New entries at the end, in order.
    ///
    /// Our own pending messages stay below them, as ``TimelineEntry/place`` says.
    case appended([TimelineEntry])
    /// Older entries that arrived late, in order, to be placed by ``TimelineEntry/place`` before or between others.
    ///
    /// They don't count as new for the reader.
    case inserted([TimelineEntry])
    /// An entry has changed but kept its ``TimelineEntry/id`` (a pending message was accepted, or failed); its
    /// ``TimelineEntry/place`` may have changed, too.
    case changed(TimelineEntry)
    /// The user list changed.
    case roster(Roster)
    /// Whether the server has history older than the oldest entry.
    case olderHistory(available: Bool)
    /// A password is to be sent on a connection that others can read; it waits for
    /// `SessionCommand.allowPlainPassword(_:)`.
    case plainPasswordQuestion
    /// It is not clear whether the server speaks TLS; connecting waits for `SessionCommand.allowPlainText(_:)`.
    case plainTextQuestion(reason: SafeText)
    /// A message in words: a command has succeeded or failed, or the user should know something about the connection.
    case notice(SafeText, isFailure: Bool)
}

/// The state of the connection.
public enum ConnectionStatus: Hashable, Sendable {
    /// A socket is being opened.
    case connecting
    /// Connected; CON was sent, or the user has to give a login.
    case loggingIn(SessionEvent.Channel)
    /// In the chat.
    case online(SessionEvent.Channel, framing: Framing, roundTripMilliseconds: Int?)
    /// The connection was lost; the next attempt starts in this many milliseconds.
    case waiting(reason: String, milliseconds: Int, attempt: Int)
    /// The session has ended; no further attempt is made.
    case ended(reason: String)
    /// The session has ended because the server can't be trusted; a notice has explained why.
    case distrusted(reason: String)
}
