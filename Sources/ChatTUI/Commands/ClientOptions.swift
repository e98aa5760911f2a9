internal import ArgumentParser
internal import ChatClient
internal import ChatInterface
internal import ChatProtocol

/// The options that `connect` and `host` share.
struct ClientOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The nickname to log in with.", valueName: "name"))
    var nickname: String?

    @Option(help: ArgumentHelp("The color of your messages: #RRGGBB, #RGB or a name such as red.", valueName: "color"))
    var color: String?

    @Option(
        help: ArgumentHelp(
            "The preferences to use.",
            discussion: """
                Default: ~/.config/chat-tui/preferences.json, or under $XDG_CONFIG_HOME. The original's \
                preferances.json is understood too. It is made when there is something to remember.
                """,
            valueName: "file"
        ),
        completion: .file(extensions: ["json"])
    )
    var preferences: String?

    func validate() throws {
        if let color, ChatColor.typed(color) == nil {
            let written = SafeText(line: color).text
            throw ValidationError("“\(written)” is no color: write '#RRGGBB' or '#RGB', or a name such as red.")
        }
        if nickname == "" { throw ValidationError("The nickname is empty.") }
    }

    /// The part of the help about the environment, shared by all commands with these options.
    static let environmentHelp = """
        Environment: CHAT_TUI_NICKNAME and CHAT_TUI_COLOR stand in for what is not given; \
        CHAT_TUI_PASSWORD is the password of a registered nickname, which is asked for otherwise and never taken \
        from the command line, where every user of the machine could read it. NO_COLOR turns all colors off. \
        A flag comes before the environment, that before the preferences, and those before a question.
        """
}
