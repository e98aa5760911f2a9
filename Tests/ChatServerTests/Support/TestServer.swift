internal import ChatSecurity
internal import ChatServer
internal import ChatServerCore
internal import Glibc
internal import Logging

/// A server on loopback for one test.
final class TestServer {
    let server: Server
    let port: Int

    init(
        users: String = "",
        messages: any MessageStore = InMemoryMessageStore(),
        certificate: CertificateSource? = nil,
        logger: Logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
        configure: (inout ServerConfiguration) -> Void = { _ in }
    ) throws {
        var configuration = ServerConfiguration(host: "127.0.0.1", port: 0)
        // A test is one address that does everything at once.
        configuration.limits.liftPerClient()
        configure(&configuration)
        server = Server(
            configuration: configuration,
            messages: messages,
            accounts: InMemoryAccountStore(users: try RegisteredUsersFile.users(in: users)),
            certificate: certificate,
            logger: logger
        )
        port = try server.start().local.port
    }

    deinit {
        server.stop(within: .milliseconds(500))
    }
}
