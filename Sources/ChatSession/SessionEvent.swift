public import ChatProtocol

/// What happens to a session: on the wire, on the clock, and from its user.
public enum SessionEvent: Sendable {
    /// Begin: connect with what is known of the login.
    case start
    /// The socket is open.
    case opened(Channel)
    /// The socket could not be opened; the text says why in the user's words.
    case openFailed(reason: String)
    /// The server is not the one it should be, or not to be spoken to as was
    /// asked: trying again would not help.
    case distrusted(reason: String, advice: String)
    /// The server was reached, and nothing shows whether it can encrypt; the text
    /// says so in the user's words.
    case encryptionInDoubt(reason: String)
    /// The socket is closed; the text says why in the user's words.
    case closed(reason: String)
    /// The server said something.
    case received(Response)
    /// The server sent something unreadable; the stream is still in step.
    case unreadable(reason: String)
    /// A timer that was set has fired.
    case timer(SessionTimer)
    /// The user wants something.
    case command(SessionCommand)

    /// What is known of a fresh connection.
    public struct Channel: Hashable, Sendable {
        /// The server's address as it was reached, for display.
        public var address: String
        /// Whether it is encrypted.
        public var isEncrypted: Bool
        /// Whether it does not leave this machine.
        public var isLocal: Bool

        /// Creates a description.
        public init(address: String, isEncrypted: Bool, isLocal: Bool = false) {
            self.address = address
            self.isEncrypted = isEncrypted
            self.isLocal = isLocal
        }

        /// Whether nobody on the way can read along.
        public var isPrivate: Bool { isEncrypted || isLocal }
    }
}

/// The clocks that a session keeps; each is set at most once at a time.
public enum SessionTimer: Hashable, Sendable, CaseIterable {
    /// The next attempt to connect.
    case reconnect
    /// The answer to CON is overdue.
    case login
    /// Time to see whether the server is still there.
    case ping
    /// The answer to a PING is overdue.
    case pong
    /// The end of a replay: the server doesn't mark it, so it is silence.
    case replay
    /// The answer to a request is overdue (original servers only, which get
    /// one request at a time).
    case answer
    /// The answer to DISCON is overdue.
    case farewell
    /// Time to show a user list that changes faster than it can be read.
    case roster
}

/// What a user can ask of a session.
public enum SessionCommand: Hashable, Sendable {
    /// Log in with this (again); remembered for reconnects.
    case login(Credentials)
    /// Say something.
    case say(String, to: Recipient)
    /// Change nickname or color or password; nil leaves each.
    case update(UpdateRequest)
    /// Ask for the history again.
    case refresh
    /// Ask for messages older than the oldest one shown.
    case loadOlder
    /// Ask for the user list again.
    case users
    /// Kick a user.
    case kick(user: String, reason: String)
    /// Kick a user, who need not be there, and keep them out.
    case ban(user: String, BanTerm, reason: String)
    /// Let a user come back.
    case unban(user: String)
    /// Ask who is banned.
    case bans
    /// Try to connect now instead of waiting.
    case reconnectNow
    /// The answer to `SessionUpdate.plainPasswordQuestion`.
    case allowPlainPassword(Bool)
    /// The answer to `SessionUpdate.plainTextQuestion`.
    case allowPlainText(Bool)
    /// Leave: DISCON, then close.
    case quit
}

/// Who to log in as.
public struct Credentials: Hashable, Sendable {
    /// The nickname.
    public var nickname: String
    /// The password; empty for a guest.
    ///
    /// Never shown, logged or kept on disk.
    public var password: String
    /// The color.
    public var color: ChatColor

    /// Creates credentials.
    public init(nickname: String, password: String = "", color: ChatColor) {
        self.nickname = nickname
        self.password = password
        self.color = color
    }
}
