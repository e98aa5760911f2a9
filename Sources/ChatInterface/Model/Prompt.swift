internal import ChatProtocol

/// The input line, with what is being typed or asked.
struct Prompt: Sendable {
    /// What the input line is for at the moment.
    enum Mode: Hashable, Sendable {
        /// A message or a command.
        case message
        /// A question to answer with yes or no.
        case question(Question)
        /// A new password, which is typed twice; `first` is set after the first time.
        case password(first: String?)
    }

    /// A question that is asked before something is done.
    enum Question: Hashable, Sendable {
        case kick(Interface.Target, ban: BanTerm?, reason: String, isHere: Bool)
        case longMessage(text: String, target: Interface.Target?)
        /// Whether a member's account may be renamed, too.
        case rename(nickname: String)
        /// Whether a password may be sent where others can read it.
        case plainPassword
        /// Whether to join a server that may have no encryption.
        case plainText

        /// The question about a password in plain text, on the login screen and in the input line.
        static let plainPasswordText =
            "Send your password? The connection is not encrypted: others on the way could read it."
    }

    var mode = Mode.message
    var answer = AnswerReader()
    var composer = Composer(kind: .message, maximumBytes: Self.maximumBytes)
    var secret = Composer(kind: .secret, maximumBytes: Limits.passwordBytes)
    /// The candidates of Tab, while it is pressed again and again.
    var completion: CompletionCycle?
    /// Whether anything was ever typed; until then the line shows a hint.
    var isTouched = false

    /// The most bytes in the input line, far more than a message may have.
    ///
    /// Text that is too long for a message is marked, not lost. Above this bound it can only be a mistake.
    static let maximumBytes = 1_048_576

    /// A message with more lines or bytes than this is asked about before it is sent.
    static let longMessageLines = 20
    static let longMessageBytes = 4096

    /// By how many bytes the text is too long, counted as Enter would send it.
    var excess: Excess? {
        // Reading the line costs more than adding up the bytes, and most lines are too short for it.
        guard composer.characters.reduce(0, { $0 + $1.utf8.count }) > Limits.chatTextBytes else { return nil }
        return switch CommandLine(composer.text) {
        case .message(let text): Excess(of: text)
        case .command(.msg, let arguments): arguments.last.flatMap(\.self).flatMap { Excess(of: $0) }
        // Other commands never send a text.
        case .command, .mistake: nil
        }
    }

    /// By how much a text is too long for one message.
    struct Excess: Hashable, CustomStringConvertible {
        /// The number of bytes, always above 0.
        let bytes: Int

        /// Creates the excess of a text.
        ///
        /// - Returns: Nil for a text that fits.
        init?(of text: String) {
            bytes = Prompt.sent(text).utf8.count - Limits.chatTextBytes
            guard bytes > 0 else { return nil }
        }

        var description: String { "\(bytes) byte\(bytes == 1 ? "" : "s") too long" }
    }

    /// A text as it is sent, without spaces and line breaks at its end.
    static func sent(_ text: String) -> String {
        var text = text[...]
        while text.last?.isWhitespace == true { text.removeLast() }
        return String(text)
    }

    static func isLong(_ text: String) -> Bool {
        text.utf8.count > longMessageBytes || text.utf8.count { $0 == 0x0A } >= longMessageLines
    }
}
