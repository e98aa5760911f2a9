/// The text of the help, made from the table of commands and the list of keys.
struct HelpText: Hashable, Sendable {
    /// One line of help.
    enum Line: Hashable, Sendable {
        case heading(String)
        /// What to type or press, and what that does.
        case entry(String, String)
        case text(String)
        case blank
    }

    /// The title above the help.
    var title: String
    var lines: [Line]

    /// All commands and keys.
    static let overview = HelpText(
        title: "Commands",
        lines: SlashCommand.allCases.map { .entry($0.usage, $0.specification.summary) }
            + [.entry("//text", "Send a line that starts with a slash.")]
            + [.blank, .heading("Keys")]
            + keys.map { .entry($0.key, $0.meaning) }
    )

    /// Creates the help about one command.
    init(about command: SlashCommand) {
        title = command.name
        lines = [.entry(command.usage, command.specification.summary)]
        if !command.specification.details.isEmpty { lines.append(.blank) }
        lines += command.specification.details.map { .text($0) }
    }

    private init(title: String, lines: [Line]) {
        self.title = title
        self.lines = lines
    }

    private static let keys: [(key: String, meaning: String)] = [
        ("Enter", "Send."),
        ("Alt-Enter", "Start a new line in the message."),
        ("Tab, Shift-Tab", "Complete a nickname, a command or its argument; again for the next."),
        ("Up, Down", "What you sent before."),
        ("PgUp, PgDn, wheel", "Scroll the messages."),
        ("Alt-PgUp, Alt-PgDn", "Scroll by a few lines."),
        ("Alt-Home, Alt-End", "To the oldest message, to the newest."),
        ("Alt-U", "To the first new message."),
        ("F1", "This help."),
        ("F2", "Show or hide the list of people."),
        ("Ctrl-A, Ctrl-E", "To the start, to the end of the line."),
        ("Ctrl-W, Ctrl-U, Ctrl-K", "Delete a word, to the start, to the end."),
        ("Ctrl-Y", "Put back what was deleted."),
        ("Ctrl-L", "Draw the screen anew."),
        ("Ctrl-Z", "Back to the shell for a while (fg returns)."),
        ("Esc", "Close this; on an empty line, go back to everyone."),
        ("Ctrl-C", "Clear the line; twice on an empty line, quit."),
    ]
}
