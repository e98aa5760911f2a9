internal import ArgumentParser
internal import ChatClient

/// `chat-tui connect`: join a chat.
struct ConnectCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "connect",
        abstract: "Join a chat.",
        discussion: """
            Asks for what is missing. A connection that is lost comes back by itself. /help lists the commands, \
            /quit or Ctrl-C twice leaves.

            Examples:
              chat-tui connect 192.168.1.20
              chat-tui connect home.example:7000 --nickname ann --color '#D333FF'
              chat-tui connect '[2001:db8::1]:6666'
              chat-tui connect --preferences preferances.json

            \(ClientOptions.environmentHelp)

            Exit codes: 0 you left, or were asked to by a signal; 1 failure; 64 wrong usage, or no terminal; \
            69 the server could not be reached; 78 the preferences are broken.
            """
    )

    @Argument(
        help: ArgumentHelp(
            "The server: a name or an address, with a port where it is not 6666.",
            discussion: "Default: CHAT_TUI_SERVER, or \"server\" of the preferences.",
            valueName: "host[:port]"
        )
    )
    var host: String?

    @OptionGroup
    var options: ClientOptions

    func run() throws {
        let client = try ClientRun(host: host, options: options)
        guard let server = client.settings.server else {
            throw CommandFailure("no server is named: chat-tui connect HOST[:PORT]", exitCode: .usage)
        }
        let outcome = try client.run(server: server, name: server.description)
        if !outcome.wasReached, let reason = outcome.reason {
            throw CommandFailure("\(server) was not reached: \(reason)", exitCode: .unreachable)
        }
    }
}
