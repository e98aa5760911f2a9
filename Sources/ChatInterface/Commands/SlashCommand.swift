internal import ChatProtocol

/// The commands that can be typed into the input line.
///
/// ``specification`` has the arguments and the help of each: parsing, help and completion all use that one table.
enum SlashCommand: String, CaseIterable, Hashable, Sendable {
    case msg
    case nick
    case color
    case password
    case refresh
    case users
    case kick
    case ban
    case unban
    case bans
    case clear
    case reconnect
    case help
    case quit

    /// Finds a command by the word after the slash; case does not matter.
    init?(named name: some StringProtocol) {
        let name = name.lowercased()
        let match = Self.allCases.first { $0.rawValue == name || $0.specification.aliases.contains(name) }
        guard let match else { return nil }
        self = match
    }

    /// The name with its slash, as it is typed.
    var name: String { "/" + rawValue }
}

/// The arguments of a command, and its help.
struct CommandSpecification: Hashable, Sendable {
    /// What an argument means, which decides how it is completed.
    enum ArgumentKind: Hashable, Sendable {
        case nickname
        case color
        case command
        /// How long a ban lasts; a word that is not a term belongs to the next argument.
        case term
        case text
    }

    /// One argument.
    struct Argument: Hashable, Sendable {
        /// The name of the argument in the help.
        var label: String
        var kind: ArgumentKind
        var isOptional = false
        /// Whether it extends to the end of the line, including spaces.
        var takesRest = false
    }

    /// Other names that work but are not listed.
    var aliases: [String] = []
    var arguments: [Argument] = []
    /// One short sentence for the list of commands.
    var summary: String
    /// More about the command, one sentence or two each.
    var details: [String] = []
}

extension SlashCommand {
    /// The entry of a command in the table.
    var specification: CommandSpecification {
        switch self {
        case .msg:
            CommandSpecification(
                aliases: ["m", "query", "w"],
                arguments: [
                    .init(label: "NICK", kind: .nickname, isOptional: true),
                    .init(label: "text", kind: .text, isOptional: true, takesRest: true),
                ],
                summary: "Say something to one person only.",
                details: [
                    "Without text, everything typed from then on goes to that person; the prompt shows it.",
                    "/msg, or Esc on an empty line, goes back to everyone.",
                    "A nickname with spaces is written in quotes: /msg \"bob smith\" hello. Tab does that by itself.",
                ]
            )
        case .nick:
            CommandSpecification(
                arguments: [.init(label: "NAME", kind: .text, takesRest: true)],
                summary: "Change your nickname.",
                details: [
                    "2 to 16 characters, the first one a letter. Once the server agrees, it is remembered.",
                    "A registered nickname changes with its account: from then on you log in with the new one, and the "
                        + "old one is free. You are asked first.",
                    "If the old one is in the server's --users file, it is registered again at the next start: have it "
                        + "taken out there.",
                ]
            )
        case .color:
            CommandSpecification(
                aliases: ["colour"],
                arguments: [.init(label: "COLOR", kind: .color, isOptional: true)],
                summary: "Change the color of your name.",
                details: [
                    "#RRGGBB, #RGB or a name: \(NamedColor.allCases.map(\.rawValue).joined(separator: ", ")).",
                    "Without a color it says which one you have.",
                ]
            )
        case .password:
            CommandSpecification(
                aliases: ["passwd"],
                summary: "Change your password, or register.",
                details: [
                    "It is asked for twice and not shown. It has at least "
                        + "\(Limits.passwordMinimumCharacters) characters.",
                    "A guest registers the nickname with it, where the server allows that.",
                ]
            )
        case .refresh:
            CommandSpecification(
                aliases: ["ref"],
                summary: "Ask the server for the recent messages again."
            )
        case .users:
            CommandSpecification(
                aliases: ["names", "who"],
                summary: "List who is here.",
                details: ["F2 shows and hides the list at the side."]
            )
        case .kick:
            CommandSpecification(
                arguments: [
                    .init(label: "NICK", kind: .nickname),
                    .init(label: "reason", kind: .text, isOptional: true, takesRest: true),
                ],
                summary: "Throw somebody out (admins only).",
                details: ["You are asked first. The reason is shown to the one who is kicked."]
            )
        case .ban:
            CommandSpecification(
                arguments: [
                    .init(label: "NICK", kind: .nickname),
                    .init(label: "time", kind: .term, isOptional: true),
                    .init(label: "reason", kind: .text, isOptional: true, takesRest: true),
                ],
                summary: "Throw somebody out and keep them out (admins only).",
                details: [
                    "The time is written 30m, 2h, 7d or forever; without one it is a day. You are asked first.",
                    "It holds for the nickname, for its account if there is one, and for guests from the same address "
                        + "unless that is your own. Who is not here can be banned, too.",
                ]
            )
        case .unban:
            CommandSpecification(
                arguments: [.init(label: "NICK", kind: .nickname)],
                summary: "Let somebody come back (admins only)."
            )
        case .bans:
            CommandSpecification(summary: "List who is banned (admins only).")
        case .clear:
            CommandSpecification(
                summary: "Empty the message pane.",
                details: ["Nothing is lost: Page Up brings the messages back."]
            )
        case .reconnect:
            CommandSpecification(
                aliases: ["connect"],
                summary: "Connect again now instead of waiting."
            )
        case .help:
            CommandSpecification(
                aliases: ["h", "?"],
                arguments: [.init(label: "command", kind: .command, isOptional: true)],
                summary: "Show this help, or more about one command."
            )
        case .quit:
            CommandSpecification(
                aliases: ["q", "exit", "bye"],
                summary: "Leave the chat and end the program.",
                details: ["So does pressing Ctrl-C twice."]
            )
        }
    }

    /// How to type the command: `/kick NICK [reason]`.
    var usage: String {
        var parts = [name]
        for argument in specification.arguments {
            parts.append(argument.isOptional ? "[\(argument.label)]" : argument.label)
        }
        return parts.joined(separator: " ")
    }
}
