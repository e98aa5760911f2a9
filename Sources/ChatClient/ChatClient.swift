public import ChatProtocol
public import ChatSession
internal import NIOCore
internal import NIOPosix

/// A connection to a chat server that logs in, comes back after a loss, and
/// tells a user interface what to show.
///
/// Runs a session on a thread of its own. Everything public may be called from
/// any thread.
///
/// For example:
///
///     let security = ConnectionSecurity(knownServers: KnownServers(path: path))
///     let client = ChatClient(address: address, security: security, credentials: nil) { updates in
///         // on the client's thread: hand them over and return at once
///     }
///     client.start()
///     client.send(.login(Credentials(nickname: "ann", color: .white)))
///     client.stopBlocking(within: .seconds(2))
public final class ChatClient: Sendable {
    private let eventLoop: any EventLoop
    private let runner: NIOLoopBoundBox<SessionRunner>
    private let finished: EventLoopFuture<Void>

    /// Creates a client that does nothing yet.
    ///
    /// - Parameters:
    ///   - address: Where the server is.
    ///   - security: What it has to prove, and how private the connection has to be.
    ///   - credentials: Who to log in as; nil to be asked with
    ///     `SessionUpdate.loginNeeded(reason:)`.
    ///   - operatorSecret: What makes the user of a server in this process its admin.
    ///   - onUpdates: Called on the client's own thread with everything that
    ///     happened in one turn of it, in order; never with nothing. It should
    ///     hand the updates over and return at once.
    public convenience init(
        address: ServerAddress,
        security: ConnectionSecurity,
        credentials: Credentials?,
        operatorSecret: OperatorSecret? = nil,
        onUpdates: @escaping @Sendable ([SessionUpdate]) -> Void
    ) {
        var random = SystemRandomNumberGenerator()
        self.init(
            connector: SecureConnector(address: address, security: security),
            session: Session(credentials: credentials, operatorSecret: operatorSecret, seed: random.next()),
            on: MultiThreadedEventLoopGroup.singleton.next(),
            onUpdates: onUpdates
        )
    }

    init(
        connector: some Connector,
        session: Session,
        on eventLoop: any EventLoop,
        onUpdates: @escaping @Sendable ([SessionUpdate]) -> Void
    ) {
        let finished = eventLoop.makePromise(of: Void.self)
        self.eventLoop = eventLoop
        self.finished = finished.futureResult
        self.runner = .makeBoxSendingValue(
            SessionRunner(
                session: session,
                connector: connector,
                on: eventLoop,
                finished: finished,
                onUpdates: onUpdates
            ),
            eventLoop: eventLoop
        )
    }

    /// Connects and logs in.
    ///
    /// Call it once.
    public func start() {
        eventLoop.execute { [runner] in runner.value.take(.start) }
    }

    /// Asks the session for something; what comes of it is in the updates.
    ///
    /// - Parameter command: What is wanted. Ignored once the client has stopped.
    public func send(_ command: SessionCommand) {
        eventLoop.execute { [runner] in runner.value.take(.command(command)) }
    }

    /// Leaves the chat and closes the connection.
    ///
    /// - Parameter deadline: How long the server has for its goodbye; then the
    ///   connection is closed whatever it says.
    public func stop(within deadline: Duration) async {
        try? await beginStop(within: deadline).get()
    }

    /// Leaves the chat and closes the connection, blocking the thread until it
    /// is done.
    ///
    /// Not to be called from `onUpdates`.
    ///
    /// - Parameter deadline: As for ``stop(within:)``.
    @available(*, noasync, message: "blocks; use stop(within:)")
    public func stopBlocking(within deadline: Duration) {
        try? beginStop(within: deadline).wait()
    }

    private func beginStop(within deadline: Duration) -> EventLoopFuture<Void> {
        eventLoop.execute { [runner, eventLoop] in
            runner.value.take(.command(.quit))
            eventLoop.scheduleTask(in: TimeAmount(deadline)) { runner.value.abandon() }
        }
        return finished
    }
}
