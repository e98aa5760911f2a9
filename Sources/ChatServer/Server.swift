internal import ChatProtocol
public import ChatSecurity
internal import ChatServerCore
public import Logging
internal import NIOCore
internal import NIOPosix
internal import Synchronization

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

    /// How many messages of before the start are known by their tag: clients
    /// that were cut off in the middle of something come back within minutes.
    private static let recalledMessages = 16_384

    private let messages: any MessageStore
    private let accounts: any AccountStore
    private let certificate: CertificateSource?
    private let logger: Logger
    private let state = Mutex(State.new)

    private enum State: Sendable {
        case new
        case starting
        case running(Running)
        case stopped
    }

    private struct Running: Sendable {
        var group: MultiThreadedEventLoopGroup
        var hub: NIOLoopBound<Hub>
        var channels: [any Channel]
    }

    /// Creates a server that does nothing yet.
    ///
    /// - Parameters:
    ///   - configuration: Where to listen and how much to take.
    ///   - messages: Where messages are kept.
    ///   - accounts: Where registered users are kept.
    ///   - certificate: With what connections are encrypted; nil for plain text only.
    ///   - logger: Where the operator reads; never gets a password or a message's text.
    public init(
        configuration: ServerConfiguration = ServerConfiguration(),
        messages: any MessageStore = InMemoryMessageStore(),
        accounts: any AccountStore = InMemoryAccountStore(),
        certificate: CertificateSource? = nil,
        logger: Logger
    ) {
        self.configuration = configuration
        self.messages = messages
        self.accounts = accounts
        self.certificate = certificate
        self.logger = logger
    }

    /// Listens, and serves from then on.
    ///
    /// - Returns: The addresses that it got.
    /// - Throws: ``ServerError``, whose description is one line for the operator.
    public func start() throws(ServerError) -> ListeningAddresses {
        let isFirst = state.withLock { state in
            guard case .new = state else { return false }
            state = .starting
            return true
        }
        guard isFirst else { throw ServerError("the server was started before") }
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        do throws(ServerError) {
            let hub = try makeHub(on: group.next())
            let encryption = Encryption(certificate: certificate, plaintext: configuration.plaintext)
            let channels = try Listener(group: group, hub: hub, encryption: encryption).listen(configuration)
            state.withLock { $0 = .running(Running(group: group, hub: hub, channels: channels)) }
            let devices = (try? System.enumerateDevices()) ?? []
            return ListeningAddresses(
                sockets: channels.compactMap(\.localAddress),
                interfaces: devices.compactMap(\.address)
            )
        } catch {
            state.withLock { $0 = .stopped }
            try? group.syncShutdownGracefully()
            throw error
        }
    }

    private func makeHub(on eventLoop: any EventLoop) throws(ServerError) -> NIOLoopBound<Hub> {
        var limits = configuration.limits
        // Where nobody says how many, as many as the system can take.
        let open = OpenFiles.raiseLimit()
        limits.connections = min(limits.connections ?? .max, max(1, open - OpenFiles.reserve))
        let room = RoomConfiguration(
            allowsRegistration: configuration.allowsRegistration,
            nextMessageID: MessageID(messages.highestMessageID.number &+ 1)
        )
        let recalled: [HistoryRecord]
        do throws(StoreError) {
            recalled = try messages.latestTagged(Self.recalledMessages)
        } catch {
            throw ServerError("the history can't be read: \(error.reason)")
        }
        let (messages, accounts, logger) = (messages, accounts, logger)
        let made = eventLoop.submit { [limits] in
            let hub = Hub(
                eventLoop: eventLoop,
                configuration: room,
                limits: limits,
                messages: messages,
                accounts: accounts,
                logger: logger
            )
            hub.room.recall(recalled)
            hub.start()
            return NIOLoopBound(hub, eventLoop: eventLoop)
        }
        do {
            return try made.wait()
        } catch {
            throw ServerError("the event loop does not start: \(error)")
        }
    }

    /// Reads the certificate's files again, for connections that are opened from
    /// then on; those that are open stay as they are.
    ///
    /// What came of it is logged. Files that can't be used change nothing.
    public func reloadCertificate() {
        guard let certificate else { return }
        do {
            let fingerprint = try certificate.reload()
            logger.notice("the certificate was read again", metadata: ["fingerprint": "\(fingerprint)"])
        } catch {
            logger.error(
                "the certificate could not be read again; the one before stays in use",
                metadata: ["reason": "\(error)", "fingerprint": "\(certificate.fingerprint)"]
            )
        }
    }

    /// Tells everyone, sends what waits, closes everything and returns.
    ///
    /// A second call, or one before ``start()``, returns at once.
    ///
    /// - Parameter time: How long it may take; connections that are still busy
    ///   then are cut.
    public func stop(within time: Duration) {
        let running = state.withLock { state -> Running? in
            guard case .running(let running) = state else { return nil }
            state = .stopped
            return running
        }
        guard let running else { return }
        let deadline = NIODeadline.now() + TimeAmount(time)
        for channel in running.channels { try? channel.close().wait() }
        let eventLoop = running.group.next()
        let closed = eventLoop.makePromise(of: Void.self)
        eventLoop.execute { running.hub.value.close(by: deadline) { closed.succeed() } }
        try? closed.futureResult.wait()
        messages.close()
        accounts.close()
        try? running.group.syncShutdownGracefully()
    }
}
