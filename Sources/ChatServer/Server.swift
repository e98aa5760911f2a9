internal import ChatProtocol
public import ChatSecurity
public import ChatServerCore
internal import ChatSystem
internal import Dispatch
public import Logging
internal import NIOCore
internal import NIOPosix
internal import Synchronization

/// A chat server with its sockets, room and stores, from ``start()`` to ``stop(within:)``.
///
/// Both calls block, so call them on a thread of the program, never on an event loop:
///
///     let server = Server(configuration: ServerConfiguration(port: 6666), logger: logger)
///     let listening = try server.start()
///     for address in listening.reachable { print("chat-tui connect \(address)") }
///     …
///     server.stop(within: .seconds(5))
public final class Server: Sendable {
    /// The configuration that the server was created with.
    public let configuration: ServerConfiguration

    /// How many messages from before the start are known by their tag.
    ///
    /// Clients that were cut off while sending come back within minutes.
    private static let recalledMessages = 16_384

    private let stores: Hub.Stores
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
        var admin: AdminEndpoint?
    }

    /// Creates a server that is not started yet.
    ///
    /// - Parameters:
    ///   - configuration: The addresses to listen on, and the bounds.
    ///   - messages: The store of messages.
    ///   - accounts: The store of registered users.
    ///   - bans: The store of bans.
    ///   - certificate: The certificate to encrypt with; nil for plain text only.
    ///   - logger: The operator's log; it never gets a password or a message's text.
    public init(
        configuration: ServerConfiguration = ServerConfiguration(),
        messages: any MessageStore = InMemoryMessageStore(),
        accounts: any AccountStore = InMemoryAccountStore(),
        bans: any BanStore = InMemoryBanStore(),
        certificate: CertificateSource? = nil,
        logger: Logger
    ) {
        self.configuration = configuration
        stores = Hub.Stores(messages: messages, accounts: accounts, bans: bans)
        self.certificate = certificate
        self.logger = logger
    }

    /// Starts to listen, and serves until ``stop(within:)``.
    ///
    /// - Returns: The addresses it listens on.
    /// - Throws: ``ServerError``, whose description is one line for the operator.
    public func start() throws(ServerError) -> ListeningAddresses {
        let isFirst = state.withLock { state in
            guard case .new = state else { return false }
            state = .starting
            return true
        }
        guard isFirst else { throw ServerError("the server was started before") }
        LargeAllocations.useFreshPages()
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        do throws(ServerError) {
            let hub = try makeHub(on: group.next())
            let encryption = ListenerEncryption(certificate: certificate, plaintext: configuration.plaintext)
            let channels = try Listener(group: group, hub: hub, encryption: encryption).listen(configuration)
            // Only after the port: a server that already runs has the port, so it keeps its admin socket, too.
            let admin = try startAdmin(on: group.next(), hub)
            state.withLock { $0 = .running(Running(group: group, hub: hub, channels: channels, admin: admin)) }
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
        let limits = Self.bounded(configuration.limits)
        let room = RoomConfiguration(
            allowsRegistration: configuration.allowsRegistration,
            nextMessageID: MessageID(stores.messages.highestMessageID.number &+ 1),
            maximumTextBytes: configuration.messageBytes,
            guesses: configuration.guesses,
            newPasswords: configuration.newPasswords,
            operatorSecret: configuration.operatorSecret
        )
        let recalled: [HistoryRecord]
        do throws(StoreError) {
            recalled = try stores.messages.latestTagged(Self.recalledMessages)
        } catch {
            throw ServerError("the history can't be read: \(error.reason)")
        }
        let banned: [Ban]
        do throws(StoreError) {
            banned = try stores.bans.load()
        } catch {
            throw ServerError("the bans can't be read: \(error.reason)")
        }
        let made = eventLoop.submit { [limits, logger, stores] in
            let hub = Hub(
                eventLoop: eventLoop,
                configuration: room,
                limits: limits,
                stores: stores,
                logger: logger,
                wallClock: {
                    let time = SystemClock.now
                    return Timestamp(unixMilliseconds: time.unixMilliseconds, utcOffsetSeconds: time.utcOffsetSeconds)
                }
            )
            hub.room.recall(recalled)
            hub.room.restore(banned)
            hub.start()
            return NIOLoopBound(hub, eventLoop: eventLoop)
        }
        do {
            return try made.wait()
        } catch {
            throw ServerError("the event loop does not start: \(error)")
        }
    }

    /// Limits the number of connections to what the system allows.
    private static func bounded(_ limits: ServerLimits) -> ServerLimits {
        var limits = limits
        let open = OpenFiles.raiseLimit()
        limits.connections = min(limits.connections ?? .max, max(1, open - OpenFiles.reserve))
        return limits
    }

    /// Starts the operator's endpoint on the hub's own event loop, so an answer shows that the loop runs.
    private func startAdmin(
        on eventLoop: any EventLoop,
        _ hub: NIOLoopBound<Hub>
    ) throws(ServerError) -> AdminEndpoint? {
        guard let address = configuration.admin else { return nil }
        let report = AdminReport(
            notReadyReason: { hub.value.notReadyReason },
            metrics: { eventLoop.makeSucceededFuture(hub.value.figures()) }
        )
        do {
            return try AdminEndpoint.start(at: address, group: eventLoop, report: report)
        } catch {
            throw ServerError("the operator's endpoint can't listen at \(address): \(error)")
        }
    }

    /// Changes the settings that can change while the server runs: limits, the longest message, registration.
    ///
    /// Open connections stay open. The change is in force when the call returns. It does nothing unless the server
    /// runs.
    public func change(to configuration: ServerConfiguration) {
        guard case .running(let running) = state.withLock({ $0 }) else { return }
        let changed = running.group.next().submit {
            running.hub.value.change(limits: Self.bounded(configuration.limits))
            running.hub.value.room.change(
                allowsRegistration: configuration.allowsRegistration,
                maximumTextBytes: configuration.messageBytes,
                guesses: configuration.guesses,
                newPasswords: configuration.newPasswords
            )
        }
        try? changed.wait()
    }

    /// Calls a function regularly on the event loop that serves everybody, as long as that loop runs.
    ///
    /// It does nothing unless the server runs.
    ///
    /// - Parameters:
    ///   - interval: The time between two calls.
    ///   - beat: The function; it must not wait for anything.
    public func heartbeat(every interval: Duration, _ beat: @escaping @Sendable () -> Void) {
        guard case .running(let running) = state.withLock({ $0 }) else { return }
        running.group.next().scheduleRepeatedTask(initialDelay: .zero, delay: TimeAmount(interval)) { _ in beat() }
    }

    /// Reads the certificate's files again.
    ///
    /// New connections use them; open ones stay as they are.
    ///
    /// - Returns: The fingerprint of the certificate that new connections get; nil without encryption.
    /// - Throws: `SecurityFileError` if the files can't be used; then nothing changes.
    @discardableResult
    public func reloadCertificate() throws -> CertificateFingerprint? {
        try certificate?.reload()
    }

    /// Problems of the certificate that the operator should fix.
    public var certificateConcerns: [CertificateConcern] { certificate?.concerns ?? [] }

    /// Tells everyone, sends the waiting output, closes everything and returns.
    ///
    /// A second call, or one before ``start()``, returns at once.
    ///
    /// - Parameter time: How long it may take. Connections that are still busy after four fifths of it are cut. A store
    ///   that does not close in the rest is given up, which loses nothing that anybody saw.
    public func stop(within time: Duration) {
        let running = state.withLock { state -> Running? in
            guard case .running(let running) = state else { return nil }
            state = .stopped
            return running
        }
        guard let running else { return }
        let deadline = NIODeadline.now() + TimeAmount(time)
        let cut = NIODeadline.now() + TimeAmount(time * 4 / 5)
        // Whoever connects to a socket that was handed over waits there for the next server; others are told.
        let isHandedOver = !configuration.inheritedSockets.isEmpty
        if isHandedOver { Self.close(running.channels) }
        let eventLoop = running.group.next()
        let closed = eventLoop.makePromise(of: Void.self)
        eventLoop.execute { running.hub.value.close(by: cut) { closed.succeed() } }
        try? closed.futureResult.wait()
        if !isHandedOver { Self.close(running.channels) }
        let areStoresClosed = closeStores(by: deadline)
        running.admin?.stop()
        // A store that is still working brings its answers to the event loop.
        guard areStoresClosed else { return }
        try? running.group.syncShutdownGracefully()
    }

    private static func close(_ channels: [any Channel]) {
        for channel in channels { try? channel.close().wait() }
    }

    /// - Returns: Whether they were closed in time. If not, they go on.
    private func closeStores(by deadline: NIODeadline) -> Bool {
        let closed = DispatchSemaphore(value: 0)
        DispatchQueue.global().async { [stores] in
            stores.messages.close()
            stores.accounts.close()
            stores.bans.close()
            closed.signal()
        }
        let time = max(.zero, deadline - .now())
        guard closed.wait(timeout: .now() + .nanoseconds(Int(time.nanoseconds))) == .timedOut else { return true }
        logger.error("the stores did not close in time")
        return false
    }
}
