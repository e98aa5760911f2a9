internal import ArgumentParser
internal import ChatStorage

/// Where a chat's data is stored.
struct DataOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Keep messages and accounts in this directory.",
            discussion: "Default: CHAT_TUI_DATA, or $XDG_DATA_HOME/chat-tui, that is ~/.local/share/chat-tui.",
            valueName: "dir"
        ),
        completion: .directory
    )
    var data: String?

    /// The data directory.
    ///
    /// - Throws: ``CommandFailure`` if none is named and there is no home directory either.
    func directory() throws(CommandFailure) -> DataDirectory {
        if let data = data ?? Environment["CHAT_TUI_DATA"] { return DataDirectory(data) }
        var environment: [String: String] = [:]
        for name in ["XDG_DATA_HOME", "HOME"] { environment[name] = Environment[name] }
        guard let directory = DataDirectory.standard(environment: environment) else {
            throw CommandFailure("name a directory with --data: there is no HOME")
        }
        return directory
    }
}
