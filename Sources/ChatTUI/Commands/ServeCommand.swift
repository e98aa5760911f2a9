internal import ArgumentParser
internal import ChatServer
internal import Glibc
internal import Logging

/// `chat-tui serve`: host a chat until somebody ends it.
struct ServeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Host a chat.",
        discussion: """
            Prints a line for each address at which others can reach it, ready to paste. Ctrl-C or SIGTERM \
            tells everyone that the server is closing, sends what waits, and ends it.

            Examples:
              chat-tui serve
              chat-tui serve --host 127.0.0.1 --port 7000
              chat-tui serve --users registeredUsers.txt

            Exit codes: 0 ended by a signal; 1 the address, port or file can't be used; 64 wrong usage.
            """
    )

    @Option(help: ArgumentHelp("Listen on this address or name only.", discussion: "Default: all of IPv4 and IPv6."))
    var host: String?

    @OptionGroup
    var options: ServerOptions

    @Flag(help: "Keep messages and accounts in memory only.")
    var ephemeral = false

    func run() throws {
        let users = try options.registeredUsers()
        // Before any thread is started, so that none of them takes the signals.
        let signals = BlockedSignals([SIGINT, SIGTERM, SIGHUP])
        let server = Server(
            configuration: ServerConfiguration(host: host, port: options.port),
            accounts: InMemoryAccountStore(users: users),
            logger: Logger(label: "chat-tui") { StreamLogHandler.standardError(label: $0) }
        )
        for address in try server.start().reachable {
            print("chat-tui connect \(address)")
        }
        // Standard output may be a pipe that somebody waits at.
        fflush(nil)
        signals.wait()
        server.stop(within: .seconds(4))
    }
}
