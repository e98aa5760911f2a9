public import ChatProtocol
public import ChatSession
internal import NIOCore
internal import NIOPosix

/// A connection to a chat server that logs in, reconnects after a loss, and tells a user interface what to show.
///
/// It runs a session on a thread of its own. All public members may be called from any thread.
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

    /// Creates a client; it does nothing until ``start()``.
    ///
    /// - Parameters:
    ///   - address: The server to connect to.
    ///   - security: What the server has to prove, and whether the connection must be encrypted.
    ///   - credentials: The login; nil to be asked for one with `SessionUpdate.loginNeeded(reason:refusal:)`.
    ///   - operatorSecret: The secret that makes the user of a server in this process its admin.
    ///   - onUpdates: Called on the client's own thread with everything that happened in one turn of its event loop, in
    ///     order; never with an empty list. It should hand the updates over and return at once.
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
    /// May be called only once.
    public func start() {
        eventLoop.execute { [runner] in runner.value.take(.start) }
    }

    /// Sends a command to the session; the results arrive as updates.
    ///
    /// - Parameter command: The command. It is ignored once the client has stopped.
    public func send(_ command: SessionCommand) {
        eventLoop.execute { [runner] in runner.value.take(.command(command)) }
    }

    /// Leaves the chat and closes the connection.
    ///
    /// - Parameter deadline: How long to wait for the server's goodbye; then the connection is closed in any case.
    public func stop(within deadline: Duration) async {
        try? await beginStop(within: deadline).get()
    }

    /// Leaves the chat and closes the connection; blocks the thread until it is done.
    ///
    /// Must not be called from `onUpdates`.
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
