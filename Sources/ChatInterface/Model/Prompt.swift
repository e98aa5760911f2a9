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
        case longMessage(text: String, target: Interface.Target?)
        /// A member's account takes the new nickname.
        case rename(nickname: String)
        /// Whether a password may be sent where others can read it.
        case plainPassword
        /// Whether to join a server that may have no encryption.
        case plainText

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

    /// How many bytes too many are typed, counted as Enter would send it.
    var excess: Excess? {
        // Reading the line costs more than adding up; most are too short for it.
        guard composer.characters.reduce(0, { $0 + $1.utf8.count }) > Limits.chatTextBytes else { return nil }
        return switch CommandLine(composer.text) {
        case .message(let text): Excess(of: text)
        case .command(.msg, let arguments): arguments.last.flatMap(\.self).flatMap { Excess(of: $0) }
        // Other commands are never sent as a text.
        case .command, .mistake: nil
        }
    }

    /// By how much a text is too long for one message.
    struct Excess: Hashable, CustomStringConvertible {
        /// Always above 0.
        let bytes: Int

        /// - Returns: Nil for a text that fits.
        init?(of text: String) {
            bytes = Prompt.sent(text).utf8.count - Limits.chatTextBytes
            guard bytes > 0 else { return nil }
        }

        var description: String { "\(bytes) byte\(bytes == 1 ? "" : "s") too long" }
    }

    /// A text as it is sent: without the spaces and line breaks at its end.
    static func sent(_ text: String) -> String {
        var text = text[...]
        while text.last?.isWhitespace == true { text.removeLast() }
        return String(text)
    }

    static func isLong(_ text: String) -> Bool {
        text.utf8.count > longMessageBytes || text.utf8.count { $0 == 0x0A } >= longMessageLines
    }
}
