/// Every bound of the protocol, in one place, each with its reason.
public enum Limits {
    /// The TCP port that both sides use by default (the original's).
    public static let defaultPort = 6666

    /// The longest unframed message in bytes, in both directions.
    ///
    /// The original reads with `recv(2048)` and treats what one call returns as one message.
    public static let unframedMessageBytes = 2048

    /// The longest text in bytes that the client puts in one CHAT to an original server.
    ///
    /// The server passes it on after a longer header, and it should always travel in one packet: the server crashes on
    /// half a request.
    public static let unframedTextBytes = 1100

    /// The longest unframed CON in bytes.
    ///
    /// The original server reads the first message with `recv(1024)`.
    public static let unframedConnectBytes = 1024

    /// The least time in milliseconds between two unframed messages to the same peer, so that each arrives in a
    /// separate `recv`.
    public static let unframedPacingMilliseconds = 50

    /// How long in milliseconds half an unframed request may wait for its rest.
    public static let unframedCompletionMilliseconds = 2000

    /// The longest unframed request in bytes that the server puts together: a CHAT of ``chatTextBytes`` and its header.
    public static let unframedRequestBytes = 17_408

    /// How long in milliseconds the client waits for more of an unframed response that could be complete.
    ///
    /// A server writes a response at once, so its bytes arrive together, and only silence shows that it is over.
    public static let unframedQuietMilliseconds = 40

    /// An unframed chunk of fewer bytes ends where the server ended a message.
    ///
    /// Networks carry packets of this size whole.
    public static let unframedWholeBytes = 500

    /// The longest unframed response in bytes that the client puts together.
    ///
    /// It is a user list of an original server, which has no bound.
    public static let unframedResponseBytes = 262_144

    /// The longest framed request in bytes that the server accepts.
    public static let framedRequestBytes = 65_536

    /// The longest framed response in bytes that the client accepts.
    ///
    /// A list of 10,000 users with colors has to fit.
    public static let framedResponseBytes = 4_194_304

    /// The most digits in the length of a netstring.
    public static let netstringLengthDigits = 7

    /// The longest chat text in bytes that the server accepts in one CHAT.
    ///
    /// It is well under ``framedRequestBytes``, so that the header always fits, too.
    public static let chatTextBytes = 16_384

    /// The fewest and the most characters of a nickname.
    public static let nicknameCharacters = 2...16

    /// The most Unicode scalars of a nickname.
    ///
    /// A character can have any number of combining marks, and a nickname is stored and shown everywhere.
    public static let nicknameScalars = 48

    /// The fewest characters of a new password.
    ///
    /// Older passwords, and those in an imported list of users, may be shorter.
    public static let passwordMinimumCharacters = 8

    /// The longest password in bytes, because longer ones take more time to hash.
    public static let passwordBytes = 256

    /// The longest client tag (`nonce`) of a CHAT in bytes.
    public static let nonceBytes = 64

    /// The longest ban in seconds, except for one that never ends: ten years.
    ///
    /// A larger number is a typing mistake.
    public static let banSeconds = 315_360_000

    /// The most letters of a reason; all known ones have at most 7.
    public static let reasonLetters = 16

    /// The most parameters of a header; a message with more is malformed.
    ///
    /// A USER list has two for each of its users and one for each admin.
    public static let parameters = 100_000

    /// How many messages an unframed REF returns, as with the original.
    public static let unframedHistoryCount = 21

    /// How many messages a framed REF without keys returns.
    public static let framedHistoryCount = 100

    /// The most messages that one framed REF may ask for.
    public static let framedHistoryMaximum = 1000

    /// How long in milliseconds a framed peer may stay silent after a PING.
    public static let pingAnswerMilliseconds = 90_000

    /// How many combining marks text keeps on one base character when it is shown.
    public static let shownCombiningMarks = 4
}
