internal import ArgumentParser
internal import ChatProtocol
internal import ChatServer
internal import Glibc
internal import Logging

/// `chat-tui serve`: host a chat until somebody ends it.
struct ServeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Host a chat.",
        discussion: """
            What is said and who is registered is kept in the data directory and is there again after a restart; \
            chat-tui account and chat-tui history work on it.

            Prints a line for each address at which others can reach it, ready to paste. Ctrl-C or SIGTERM \
            tells everyone that the server is closing, sends what waits, and ends it.

            Examples:
              chat-tui serve
              chat-tui serve --host 127.0.0.1 --port 7000
              chat-tui serve --users registeredUsers.txt
              chat-tui serve --data /srv/chat --keep-days 365

            Exit codes: 0 ended by a signal; 1 the address, port, directory or file can't be used; 64 wrong usage.
            """
    )

    @Option(help: ArgumentHelp("Listen on this address or name only.", discussion: "Default: all of IPv4 and IPv6."))
    var host: String?

    @OptionGroup
    var options: ServerOptions

    @OptionGroup
    var storage: StorageOptions

    @OptionGroup(title: "Limits")
    var limits: LimitOptions

    func run() throws {
        let users = try options.registeredUsers()
        // Before any thread is started, so that none of them takes the signals.
        let signals = BlockedSignals([SIGINT, SIGTERM, SIGHUP])
        let stores = try storage.open(users: users)
        var configuration = ServerConfiguration(host: host, port: options.port)
        limits.apply(to: &configuration)
        let server = Server(
            configuration: configuration,
            messages: stores.messages,
            accounts: stores.accounts,
            bans: stores.bans,
            logger: Logger(label: "chat-tui") { StreamLogHandler.standardError(label: $0) }
        )
        let listening: ListeningAddresses
        do {
            listening = try server.start()
        } catch {
            stores.close()
            throw error
        }
        for address in listening.reachable {
            print("chat-tui connect \(address)")
        }
        for notice in stores.notices { print(SafeText(line: notice)) }
        // Standard output may be a pipe that somebody waits at.
        fflush(nil)
        signals.wait()
        server.stop(within: .seconds(4))
    }
}
