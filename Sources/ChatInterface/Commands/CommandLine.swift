internal import ChatProtocol

/// The meaning of a line after Enter.
enum CommandLine: Hashable, Sendable {
    /// Send this message.
    case message(String)
    /// Run a command.
    ///
    /// There is one argument for each in the table; nil if an optional one is missing.
    case command(SlashCommand, [String?])
    /// Neither; the sentence says what to do about it.
    case mistake(String)

    /// Reads a line.
    ///
    /// A line that starts with a slash is a command, as the eye sees it: invisible characters before the slash don't
    /// count, and other slashes do. A line that only looks like a command is a mistake and never a message: a private
    /// text after a mistyped command must not be sent to everyone.
    init(_ line: String) {
        let visible = line.unicodeScalars.drop(while: \.isInvisible)
        let start = visible.drop { $0.isInvisible || $0.isBlank }
        let isLate = visible.first?.isBlank == true
        guard start.first?.isSlash == true else {
            self = .message(line)
            return
        }
        let rest = start.dropFirst().drop(while: \.isInvisible)
        if rest.first?.isSlash == true {
            self = .message(isLate ? line : String(rest))
            return
        }
        let body = String(rest)
        let name = body.prefix { !$0.isWhitespace }
        guard let command = SlashCommand(named: name) else {
            self = isLate ? .message(line) : .mistake(Self.unknown(String(name)))
            return
        }
        if isLate {
            self = .mistake(
                "There is a space before /\(name): take it away to run the command, or write // to send it."
            )
            return
        }
        self = Self.read(command, body.dropFirst(name.count))
    }

    /// Whether a text looks as if it started with a slash.
    static func startsWithSlash(_ text: String) -> Bool {
        text.unicodeScalars.first { !$0.isInvisible }?.isSlash == true
    }

    /// Whether nothing is seen of a text.
    static func isInvisible(_ text: String) -> Bool {
        text.unicodeScalars.allSatisfy(\.isInvisible)
    }

    private static func read(_ command: SlashCommand, _ text: Substring) -> CommandLine {
        var reader = ArgumentReader(text)
        var arguments: [String?] = []
        for argument in command.specification.arguments {
            if argument.takesRest {
                let rest = reader.takeRest()
                arguments.append(rest.isEmpty ? nil : rest)
            } else if argument.kind == .term {
                var ahead = reader
                let word = ahead.next() ?? ""
                let term = BanTerm(typed: word)
                if term == nil, BanTerm.isMeant(by: word) { return .mistake(noTerm(word)) }
                if term != nil { reader = ahead }
                arguments.append(term == nil ? nil : word)
            } else {
                arguments.append(reader.next())
            }
            if !argument.isOptional, arguments.last.flatMap(\.self)?.isEmpty != false {
                return .mistake("\(argument.label) is missing: \(command.usage)")
            }
        }
        guard reader.isAtEnd else {
            return .mistake(surplus(after: command))
        }
        return .command(command, arguments)
    }

    /// The error for more arguments than a command has.
    static func surplus(after command: SlashCommand) -> String {
        let isNicknameLast = command.specification.arguments.last?.kind == .nickname
        let advice = isNicknameLast ? ". A nickname with spaces stands in quotes." : ""
        return "That is more than \(command.name) takes: \(command.usage)\(advice)"
    }

    private static func noTerm(_ word: String) -> String {
        "\(Interface.quoted(word)) is no time for a ban. Write 30m, 2h, 7d and so on, for 10 years at most, or "
            + "forever. The reason comes after it."
    }

    private static func unknown(_ name: String) -> String {
        let all = SlashCommand.allCases.map(\.rawValue)
        if name.isEmpty {
            return "A command follows the slash: /help lists them, // sends a line that starts with a slash."
        }
        // A long line without spaces would be useless here as a whole.
        let shown = name.count > 20 ? name.prefix(20) + "…" : name[...]
        if let closest = ClosestName.find(name, among: all) {
            return "There is no command /\(shown). Did you mean /\(closest)?"
        }
        return "There is no command /\(shown); /help lists them, // sends a line that starts with a slash."
    }
}

extension Unicode.Scalar {
    /// Whether it is a slash to the eye.
    fileprivate var isSlash: Bool {
        switch value {
        // Fraction slash, division slash, big solidus, full-width solidus.
        case 0x2F, 0x2044, 0x2215, 0x29F8, 0xFF0F: true
        default: false
        }
    }

    /// Whether nothing at all is seen of it.
    fileprivate var isInvisible: Bool {
        properties.isDefaultIgnorableCodePoint || properties.generalCategory == .format
    }

    /// Whether it leaves an empty place, or stands for something that can't be shown.
    fileprivate var isBlank: Bool {
        // The Braille pattern without dots, and the replacement character.
        properties.isWhitespace || value == 0x2800 || value == 0xFFFD
    }
}
