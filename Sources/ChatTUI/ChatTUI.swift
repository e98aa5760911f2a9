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
        do {
            var command = try parsed(Array(CommandLine.arguments.dropFirst()))
            try command.run()
        } catch let failure as CommandFailure {
            failure.print()
            Glibc.exit(failure.exitCode.rawValue)
        } catch {
            exit(withError: error)
        }
    }

    /// The command that the arguments ask for, with what the environment and a
    /// file set.
    private static func parsed(_ arguments: [String]) throws -> any ParsableCommand {
        switch arguments.first {
        case "serve": try parsed(arguments, as: ServeCommand.self)
        case "host": try parsed(arguments, as: HostCommand.self)
        default: try parseAsRoot(arguments)
        }
    }

    private static func parsed<Command: ParsableCommand>(
        _ arguments: [String],
        as command: Command.Type
    ) throws -> any ParsableCommand {
        do throws(SettingsError) {
            let expanded = try ServerInvocation<Command>.expand(arguments)
            do {
                return try parseAsRoot(expanded)
            } catch {
                // What is the user's own mistake is said as usual.
                guard let failure = ServerInvocation<Command>.blame(error, for: arguments) else {
                    if let complaint = ServerInvocation<Command>.complaint(for: error) {
                        throw SettingsError(complaint, isFile: false)
                    }
                    exit(withError: error)
                }
                throw failure
            }
        } catch {
            throw CommandFailure(error)
        }
    }
}
