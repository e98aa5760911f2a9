internal import ArgumentParser
internal import ChatProtocol
internal import ChatServer
internal import Glibc
internal import Logging

/// `chat-tui serve`: hosts a chat until somebody stops it.
struct ServeCommand: ServingCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Host a chat.",
        discussion: """
            What is said and who is registered is kept in the data directory and is there again after a restart; \
            chat-tui account and chat-tui history work on it.

            Prints a line for each address at which others can reach it, ready to paste. Ctrl-C or SIGTERM \
            tells everyone that the server is closing, sends what waits, and ends it; a second one ends it at once. \
            SIGHUP reads the settings and the certificate again; docs/SERVER.md says what changes then.

            Examples:
              chat-tui serve
              chat-tui serve --host 127.0.0.1 --port 7000
              chat-tui serve --users registeredUsers.txt
              chat-tui serve --data /srv/chat --keep-days 365
              chat-tui serve --config /etc/chat-tui/serve.json --check
              chat-tui serve --tls-certificate fullchain.pem --tls-key privkey.pem

            Exit codes: 0 ended by a signal; 1 the address, port, directory or file can't be used; 64 wrong usage; \
            78 the settings file is broken.
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

    @OptionGroup
    var operation: OperationOptions

    @Flag(help: "Check flags, environment and file, say so, and do nothing.")
    var check = false

    @OptionGroup
    var tls: TLSOptions

    static let settings =
        [Setting.text("host")] + Setting.server + Setting.storage + Setting.limits + Setting.encryption
        + Setting.operation

    var settingsFile: String? { options.config }

    var contradiction: Contradiction? { storage.contradiction ?? limits.contradiction ?? tls.contradiction }

    func run() throws {
        let users = try options.registeredUsers()
        let invocation = ServerInvocation<ServeCommand>.ofThisProcess
        let warnings = UnknownVariables.warnings(about: invocation.environment)
        if check {
            // Check the operator's own certificate files, too; don't create any.
            let concerns = try tls.open(keptIn: nil).concerns + (isReachableByOthers ? rootConcern : [])
            let warnings = warnings + StorageOptions.weakPasswords(of: users) + concerns.map { "\($0)." }
            for warning in warnings { CommandFailure.say("Warning: \(warning)") }
            return print(warnings.isEmpty ? "The settings are fine." : "The settings can be used.")
        }
        try OpenFileLimit.require(OpenFileLimit.server)
        // Read before anybody is told that the server runs: from then on the file may be changed.
        let started = try? invocation.parse().settings
        // Block the signals before any thread is started, so that no thread receives them.
        let signals = BlockedSignals([SIGINT, SIGTERM, SIGHUP])
        let log = ServerLog(operation.log)
        defer { log.finish() }
        let logger = log.logger
        for warning in warnings { logger.warning("\(warning)") }
        let manager = ServiceEnvironment()
        let terminal = ControllingTerminal()
        let stores = try storage.open(users: users) { logger.warning("\($0)") }
        let server: Server
        let encryption: OpenEncryption
        let listening: ListeningAddresses
        do {
            encryption = try tls.open(keptIn: stores.directory)
            for concern in encryption.concerns { logger.warning("\(concern)") }
            server = Server(
                configuration: serverConfiguration(inheriting: manager.sockets),
                messages: stores.messages,
                accounts: stores.accounts,
                bans: stores.bans,
                certificate: encryption.certificate,
                logger: logger
            )
            listening = try server.start()
        } catch {
            stores.close()
            throw error
        }
        for address in listening.reachable { print(encryption.invitation(to: address)) }
        for notice in [encryption.notice] + stores.notices { print(SafeText(line: notice)) }
        // Standard output may be a pipe whose reader is waiting.
        fflush(nil)
        let addresses = listening.reachable.map(\.description).joined(separator: ",")
        logger.notice("listening", metadata: ["addresses": "\(addresses)"])
        if listening.isPublic { for concern in rootConcern { logger.warning("\(concern)") } }
        manager.started(server, listening)
        var reload = ServerReload(
            invocation: invocation,
            started: started,
            server: server,
            log: log,
            keep: stores.keep,
            notifier: manager.notifier
        )
        while signals.next() == SIGHUP, !terminal.isGone { reload.run() }
        // Keep SIGHUP blocked: rotating logs or closing the terminal now should do no harm.
        signals.release([SIGINT, SIGTERM])
        manager.notifier.stopping()
        logger.notice("closing")
        server.stop(within: .seconds(4))
        logger.notice("closed")
    }

    /// What is wrong with a server that others reach and that runs as root; nothing for any other user.
    private var rootConcern: [String] {
        geteuid() == 0 ? ["the server runs as root and others reach it: give it a user of its own"] : []
    }

    /// Whether the host names more than this machine itself, as far as the name shows it.
    private var isReachableByOthers: Bool {
        guard let host else { return true }
        return host != "localhost" && host != "[::1]" && !HostAndPort(host: host, port: options.port).isLoopback
    }

    /// The server configuration that the options ask for.
    func serverConfiguration(inheriting sockets: [Int32] = []) -> ServerConfiguration {
        var configuration = ServerConfiguration(
            host: host,
            port: options.port,
            allowsRegistration: options.registration == .open
        )
        limits.apply(to: &configuration)
        configuration.plaintext = tls.plaintext.policy
        configuration.inheritedSockets = sockets
        configuration.admin = operation.adminListen?.address
        return configuration
    }
}
