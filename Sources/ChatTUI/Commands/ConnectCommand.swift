internal import ArgumentParser
internal import ChatClient

/// `chat-tui connect`: joins a chat.
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
              chat-tui connect chats://home.example
              chat-tui connect home.example --fingerprint sha256:5d0c…
              chat-tui connect --preferences preferances.json

            The connection is encrypted where the server can. The first time, the chat shows the fingerprint of its \
            certificate and remembers it in ~/.config/chat-tui/known_servers; another one later stops the program \
            from connecting. A certificate that a public authority signed is checked by the server's name instead. \
            chats:// is the same as --tls require, chat:// the same as nothing.

            \(ClientOptions.environmentHelp) CHAT_TUI_SERVER stands in for the \
            server, and CHAT_TUI_CONNECT_TLS for --tls.

            Exit codes: 0 you left, or were asked to by a signal; 1 failure; 64 wrong usage, or no terminal; \
            69 no chat was reached; 76 it is not the server that it was, not encrypted as it should be, or known_servers \
            is broken; 78 the preferences are broken.
            """
    )

    @Argument(
        help: ArgumentHelp(
            "The server: a name or an address, with a port where it is not 6666.",
            discussion: """
                chats:// before it requires encryption. Default: CHAT_TUI_SERVER, or "server" of the preferences.
                """,
            valueName: "host[:port]"
        )
    )
    var host: String?

    @OptionGroup
    var encryption: EncryptionOptions

    @OptionGroup
    var options: ClientOptions

    func run() throws {
        let client = try ClientRun(host: host, options: options, encryption: encryption)
        guard let server = client.settings.server else {
            throw CommandFailure("no server is named: chat-tui connect HOST[:PORT]", exitCode: .usage)
        }
        let outcome = try client.run(server: server, security: client.security, name: server.authority)
        if outcome.isDistrusted, let reason = outcome.reason {
            throw CommandFailure("no connection: \(reason)", exitCode: .distrusted)
        }
        if !outcome.wasReached, let reason = outcome.reason {
            throw CommandFailure("\(server.authority) was not reached: \(reason)", exitCode: .unreachable)
        }
    }
}
