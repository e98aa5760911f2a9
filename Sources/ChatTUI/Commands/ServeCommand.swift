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

    @Option(help: "Listen on this TCP port; 0 takes any free one.")
    var port = Limits.defaultPort

    @Option(
        help: ArgumentHelp(
            "Registered users, one a line: name,password",
            discussion: "The original's registeredUsers.txt. Everyone in it is an admin.",
            valueName: "file"
        ),
        completion: .file()
    )
    var users: String?

    @Flag(help: "Keep messages and accounts in memory only.")
    var ephemeral = false

    func validate() throws {
        guard (0...65_535).contains(port) else {
            throw ValidationError("The port \(port) is not between 0 and 65535.")
        }
    }

    func run() throws {
        let users = try registeredUsers()
        // Before any thread is started, so that none of them takes the signals.
        let signals = BlockedSignals([SIGINT, SIGTERM, SIGHUP])
        let server = Server(
            configuration: ServerConfiguration(host: host, port: port),
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

    private func registeredUsers() throws -> [RegisteredUser] {
        guard let users else { return [] }
        do {
            return try RegisteredUsersFile.users(in: try TextFile.read(users))
        } catch let error as RegisteredUsersError {
            throw CommandFailure("\(users): \(error)")
        }
    }
}
