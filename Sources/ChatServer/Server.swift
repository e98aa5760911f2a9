public import Logging

/// A chat server: sockets, the room and the stores, from ``start()`` to
/// ``stop(within:)``.
///
/// Both calls block, and are for a thread of the program's own, never for an
/// event loop:
///
///     let server = Server(configuration: ServerConfiguration(port: 6666), logger: logger)
///     let listening = try server.start()
///     for address in listening.reachable { print("chat-tui connect \(address)") }
///     …
///     server.stop(within: .seconds(5))
public final class Server: Sendable {
    /// What the server was asked to be.
    public let configuration: ServerConfiguration

    let messages: any MessageStore
    let accounts: any AccountStore
    let logger: Logger

    /// Creates a server that does nothing yet.
    ///
    /// - Parameters:
    ///   - configuration: Where to listen and how much to take.
    ///   - messages: Where messages are kept.
    ///   - accounts: Where registered users are kept.
    ///   - logger: Where the operator reads; never gets a password or a message's text.
    public init(
        configuration: ServerConfiguration = ServerConfiguration(),
        messages: any MessageStore = InMemoryMessageStore(),
        accounts: any AccountStore = InMemoryAccountStore(),
        logger: Logger
    ) {
        self.configuration = configuration
        self.messages = messages
        self.accounts = accounts
        self.logger = logger
    }

    /// Listens, and serves from then on.
    ///
    /// - Returns: The addresses that it got.
    /// - Throws: ``ServerError``, whose description is one line for the operator.
    public func start() throws(ServerError) -> ListeningAddresses {
        throw ServerError("not yet")
    }

    /// Tells everyone, sends what waits, closes everything and returns.
    ///
    /// A second call, or one before ``start()``, returns at once.
    ///
    /// - Parameter time: How long it may take; connections that are still busy
    ///   then are cut.
    public func stop(within time: Duration) {
    }
}
