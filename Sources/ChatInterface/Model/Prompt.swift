internal import ChatProtocol

/// The input line: what is being typed, or asked.
struct Prompt: Sendable {
    /// What the input line is for at the moment.
    enum Mode: Hashable, Sendable {
        /// A message or a command.
        case message
        /// Something to be said yes or no to.
        case question(Question)
        /// A new password; the first of both times it is typed, once it has been.
        case password(first: String?)
    }

    /// Something that is asked before it is done.
    enum Question: Hashable, Sendable {
        case kick(nickname: String, name: SafeText, ban: BanTerm?, reason: String, isHere: Bool)
        case longMessage(text: String, recipient: Recipient, name: SafeText?)
        /// Whether a password may be sent where others can read it.
        case plainPassword

        /// The question about a password, wherever it is asked.
        static let plainPasswordText =
            "Send your password? The connection is not encrypted: others on the way could read it."
    }

    var mode = Mode.message
    var composer = Composer(kind: .message, maximumBytes: Self.maximumBytes)
    var secret = Composer(kind: .secret, maximumBytes: Limits.passwordBytes)
    /// Tab pressed again and again.
    var completion: CompletionCycle?
    /// Whether anything was ever typed: until then a hint stands in the line.
    var isTouched = false

    /// More than a message may have: text that is too long is marked, not lost.
    ///
    /// Beyond this it can only be a mistake.
    static let maximumBytes = 1_048_576

    /// Above so many lines, or bytes, a message is asked about before it is sent.
    static let longMessageLines = 20
    static let longMessageBytes = 4096

    /// How many bytes there are too many for one message.
    var excessBytes: Int {
        // The text is made for counting; most are too short for that to be needed.
        guard composer.characters.count > Limits.chatTextBytes / 32 else { return 0 }
        return max(0, composer.text.utf8.count - Limits.chatTextBytes)
    }

    static func isLong(_ text: String) -> Bool {
        text.utf8.count > longMessageBytes || text.utf8.count { $0 == 0x0A } >= longMessageLines
    }
}
