internal import ArgumentParser
internal import ChatClient
internal import ChatProtocol
internal import ChatServer
internal import Logging

/// `chat-tui host`: serves a chat and joins it in one terminal.
struct HostCommand: ServingCommand {
    static let configuration = CommandConfiguration(
        commandName: "host",
        abstract: "Open a chat and join it.",
        discussion: """
            The first lines of the chat say how others reach it. You are its admin as long as you host it. When you \
            leave, everyone is told and the chat closes; chat-tui serve hosts one that stays. What was said and who \
            is registered is kept, and is there again next time, with serve too: both use the same data directory. \
            With --ephemeral nothing is kept.

            Examples:
              chat-tui host
              chat-tui host --nickname ann --port 7000
              chat-tui host --users registeredUsers.txt

            \(ClientOptions.environmentHelp)

            Exit codes: 0 you left, or were asked to by a signal; 1 the port or a file can't be used; \
            64 wrong usage, or no terminal; 78 the preferences or the settings file are broken.
            """
    )

    @OptionGroup
    var serverOptions: ServerOptions

    @OptionGroup
    var storage: StorageOptions

    @OptionGroup(title: "Limits")
    var limits: LimitOptions

    @OptionGroup
    var tls: TLSOptions

    @OptionGroup
    var options: ClientOptions

    static let settings = Setting.server + Setting.storage + Setting.limits + Setting.encryption

    var settingsFile: String? { serverOptions.config }

    var contradiction: Contradiction? { storage.contradiction ?? limits.contradiction ?? tls.contradiction }

    func run() throws {
        let client = try ClientRun(host: nil, options: options)
        try OpenFileLimit.require(OpenFileLimit.server)
        let stores = try storage.open(users: try serverOptions.registeredUsers(), hasOperator: true, warn: client.warn)
        var configuration = ServerConfiguration(
            port: serverOptions.port,
            allowsRegistration: serverOptions.registration == .open
        )
        limits.apply(to: &configuration)
        configuration.plaintext = tls.plaintext.policy
        // Whoever opens a chat is its admin; a random secret proves it.
        var random = SystemRandomNumberGenerator()
        let secret = OperatorSecret(using: &random)
        configuration.operatorSecret = secret
        let encryption: OpenEncryption
        do {
            encryption = try tls.open(keptIn: stores.directory)
        } catch {
            stores.close()
            throw error
        }
        let server = Server(
            configuration: configuration,
            messages: stores.messages,
            accounts: stores.accounts,
            bans: stores.bans,
            certificate: encryption.certificate,
            // The chat occupies the screen, so a log has no place; the chat shows what matters to its host.
            logger: Logger(label: "chat-tui") { _ in SwiftLogNoOpLogHandler() }
        )
        let listening: ListeningAddresses
        do throws(ServerError) {
            listening = try server.start()
        } catch {
            stores.close()
            let port = serverOptions.port
            let remedy = error.isPortInUse ? "; if that is the chat, join it: chat-tui connect 127.0.0.1:\(port)" : ""
            throw CommandFailure(error.description + remedy)
        }
        defer { server.stop(within: .seconds(4)) }

        let local = try ServerAddress(host: listening.local.host, port: listening.local.port)
        let invitations = listening.reachable.map { encryption.invitation(to: $0) }
        _ = try client.run(
            server: local,
            // The server is in this process, so nobody is between it and the client.
            security: encryption.own,
            operatorSecret: secret,
            name: "hosting on port \(local.port)",
            notices: [encryption.notice] + encryption.concerns + stores.notices,
            greeting: [(["Others join with:"] + invitations).joined(separator: "\n")],
            suspensionNotice: "The chat stands still for everyone until you bring it back: fg"
        )
    }
}
