internal import ArgumentParser
internal import Glibc

@main
struct ChatTUI: ParsableCommand {
    /// The version of the program.
    static let version = "0.1.0"

    static let configuration = CommandConfiguration(
        commandName: "chat-tui",
        abstract: "A chat for a team, a class or a LAN, in the terminal.",
        discussion: """
            Examples:
              chat-tui host                              open a chat and join it
              chat-tui connect 192.168.1.20              join a chat
              chat-tui connect home.example:7000 --nickname ann
              chat-tui serve --port 7000                 host a chat without joining it

            Exit codes: 0 you left, or were asked to by a signal; 1 failure; 64 wrong usage, or no terminal; \
            69 the server could not be reached; 76 it was not trusted; 78 the preferences are broken.
            """,
        version: version,
        subcommands: [
            HostCommand.self,
            ConnectCommand.self,
            ServeCommand.self,
            AccountCommand.self,
            HistoryCommand.self,
        ]
    )

    static func main() {
        StandardStreams.openMissing()
        do {
            try Environment.check()
            var command = try parsed(Array(CommandLine.arguments.dropFirst()))
            try command.run()
        } catch let failure as CommandFailure {
            failure.print()
            Glibc.exit(failure.exitCode.rawValue)
        } catch {
            exit(withError: error)
        }
    }

    /// The command that the arguments ask for, with values from the environment and a settings file added.
    private static func parsed(_ arguments: [String]) throws -> any ParsableCommand {
        let command = try parseAsRoot(arguments)
        do {
            if command is ServeCommand { return try ServerInvocation<ServeCommand>.ofThisProcess.parse().command }
            if command is HostCommand { return try ServerInvocation<HostCommand>.ofThisProcess.parse().command }
        } catch let error as SettingsError {
            throw CommandFailure(error)
        }
        return command
    }
}
