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
            tells everyone that the server is closing, sends what waits, and ends it. SIGHUP has the certificate read \
            again, and nobody notices.

            Examples:
              chat-tui serve
              chat-tui serve --host 127.0.0.1 --port 7000
              chat-tui serve --users registeredUsers.txt
              chat-tui serve --data /srv/chat --keep-days 365
              chat-tui serve --tls-certificate fullchain.pem --tls-key privkey.pem

            Exit codes: 0 ended by a signal; 1 the address, port, directory or file can't be used; 64 wrong usage.
            """
    )

    @Option(help: ArgumentHelp("Listen on this address or name only.", discussion: "Default: all of IPv4 and IPv6."))
    var host: String?

    @OptionGroup
    var options: ServerOptions

    @OptionGroup
    var storage: StorageOptions

    @OptionGroup
    var tls: TLSOptions

    func run() throws {
        let users = try options.registeredUsers()
        // Before any thread is started, so that none of them takes the signals.
        let signals = BlockedSignals([SIGINT, SIGTERM, SIGHUP])
        let terminal = ControllingTerminal()
        let stores = try storage.open(users: users)
        let server: Server
        let encryption: OpenEncryption
        let listening: ListeningAddresses
        do {
            encryption = try tls.open(keptIn: stores.directory)
            server = Server(
                configuration: configuration,
                messages: stores.messages,
                accounts: stores.accounts,
                certificate: encryption.certificate,
                logger: Logger(label: "chat-tui") { StreamLogHandler.standardError(label: $0) }
            )
            listening = try server.start()
        } catch {
            stores.close()
            throw error
        }
        for address in listening.reachable { print(encryption.invitation(to: address)) }
        for notice in [encryption.notice] + stores.notices { print(SafeText(line: notice)) }
        // Standard output may be a pipe that somebody waits at.
        fflush(nil)
        while signals.next() == SIGHUP, !terminal.isGone { reload(server) }
        signals.release()
        server.stop(within: .seconds(4))
    }

    private var configuration: ServerConfiguration {
        var configuration = ServerConfiguration(host: host, port: options.port)
        configuration.plaintext = tls.plaintext.policy
        return configuration
    }

    /// What SIGHUP asks for, as of daemons: take in what has changed.
    private func reload(_ server: Server) {
        server.reloadCertificate()
    }
}
