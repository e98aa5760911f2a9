internal import ArgumentParser
internal import ChatProtocol
internal import ChatServer
internal import ChatServerCore

/// The options that `serve` and `host` share.
struct ServerOptions: ParsableArguments {
    @Option(help: Setting.port.help("Listen on this TCP port; 0 takes any free one."), transform: Setting.port.number)
    var port = Limits.defaultPort

    @Option(
        help: ArgumentHelp(
            "Registered users, one a line: name,password",
            discussion: """
                The original's registeredUsers.txt. Everyone in it is an admin, and is registered again at the next \
                start after being removed or renamed.
                """,
            valueName: "file"
        ),
        completion: .file()
    )
    var users: String?

    @Option(
        help: ArgumentHelp(
            "Whether guests may register their nickname from the chat: open or closed.",
            valueName: "open|closed"
        )
    )
    var registration = RegistrationArgument.open

    @Option(
        help: ArgumentHelp(
            "Read settings from this file: a JSON object whose keys are named as the flags are.",
            discussion: """
                A variable CHAT_TUI_…, such as CHAT_TUI_KEEP_DAYS, comes before the file, and a flag before both.
                """,
            valueName: "file"
        ),
        completion: .file(extensions: ["json"])
    )
    var config: String?

    /// Reads the registered users from the file; none if no file is named.
    func registeredUsers() throws -> [RegisteredUser] {
        guard let users else { return [] }
        do {
            return try RegisteredUsersFile.users(in: try TextFile.read(users))
        } catch let error as RegisteredUsersError {
            throw CommandFailure("\(users): \(error)")
        }
    }
}

/// Whether guests may register, as a value on the command line.
enum RegistrationArgument: String, ExpressibleByArgument, CaseIterable {
    case open
    case closed
}

extension Setting {
    static let port = whole("port", 0...65_535, default: Limits.defaultPort)

    /// The settings that `serve` and `host` share.
    static let server = [port, text("users"), choice("registration", default: RegistrationArgument.open)]
}
