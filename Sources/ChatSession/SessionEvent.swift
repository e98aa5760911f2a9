public import ChatProtocol

/// What can happen to a session: network events, timers and commands of its user.
public enum SessionEvent: Sendable {
    /// Start: connect with the known credentials, if any.
    case start
    /// The socket is open.
    case opened(Channel)
    /// The socket could not be opened; the text explains why, in words for the user.
    case openFailed(reason: String)
    /// The server is not the expected one, or may not be used with the requested encryption; trying again would not
    /// help.
    case distrusted(reason: String, advice: String)
    /// The server was reached, but it is not clear whether it speaks TLS; the text says so in words for the user.
    case encryptionInDoubt(reason: String)
    /// The socket is closed; the text explains why, in words for the user.
    case closed(reason: String)
    /// The server said something.
    case received(Response)
    /// What reads like a response came, but it may be part of somebody's text: an original server does not mark where
    /// that ends.
    case suspect(Response)
    /// The server sent something unreadable; the stream can still be read.
    case unreadable(reason: String)
    /// A timer that was set has fired.
    case timer(SessionTimer)
    /// The user gave a command.
    case command(SessionCommand)

    /// What is known about a new connection.
    public struct Channel: Hashable, Sendable {
        /// The address that was reached, for display.
        public var address: String
        /// Whether the connection is encrypted.
        public var isEncrypted: Bool
        /// Whether the connection stays on this machine.
        public var isLocal: Bool

        /// Creates a description.
        public init(address: String, isEncrypted: Bool, isLocal: Bool = false) {
            self.address = address
            self.isEncrypted = isEncrypted
            self.isLocal = isLocal
        }

        /// Whether nobody else can read the connection.
        public var isPrivate: Bool { isEncrypted || isLocal }
    }
}

/// The timers of a session; each is set at most once at a time.
public enum SessionTimer: Hashable, Sendable, CaseIterable {
    /// The next attempt to connect.
    case reconnect
    /// The answer to CON is overdue.
    case login
    /// It is time to check whether the server is still there.
    case ping
    /// The answer to a PING is overdue.
    case pong
    /// A replay has ended: the server does not mark its end, so it shows only by silence.
    case replay
    /// The answer to a request is overdue (only with original servers, which get one request at a time).
    case answer
    /// The answer to DISCON is overdue.
    case farewell
    /// It is time to show the user list, which may change faster than anyone can read.
    case roster
}

/// A command of the user to the session.
public enum SessionCommand: Hashable, Sendable {
    /// Log in with these credentials; they are remembered for reconnects.
    case login(Credentials)
    /// Send a message.
    case say(String, to: Recipient)
    /// Change the nickname, color or password; nil leaves a value as it is.
    case update(UpdateRequest)
    /// Ask for the history again.
    case refresh
    /// Ask for messages older than the oldest one shown.
    case loadOlder
    /// Ask for the user list again.
    case users
    /// Kick a user.
    case kick(user: String, reason: String)
    /// Kick a user, who need not be in the chat, and keep them out.
    case ban(user: String, BanTerm, reason: String)
    /// Lift a user's ban.
    case unban(user: String)
    /// Ask for the list of bans.
    case bans
    /// Try to connect now instead of waiting.
    case reconnectNow
    /// The answer to `SessionUpdate.plainPasswordQuestion`.
    case allowPlainPassword(Bool)
    /// The answer to `SessionUpdate.plainTextQuestion`.
    case allowPlainText(Bool)
    /// Leave: send DISCON, then close.
    case quit
}

/// Who to log in as.
public struct Credentials: Hashable, Sendable {
    /// The nickname.
    public var nickname: String
    /// The password; empty for a guest.
    ///
    /// It is never shown, logged or stored on disk.
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
