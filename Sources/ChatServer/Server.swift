internal import ChatProtocol
public import ChatSecurity
public import ChatServerCore
internal import ChatSystem
internal import Dispatch
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

    /// Creates a server that does nothing yet.
    ///
    /// - Parameters:
    ///   - configuration: Where to listen and how much to take.
    ///   - messages: Where messages are kept.
    ///   - accounts: Where registered users are kept.
    ///   - bans: Where it is kept who may not come in.
    ///   - certificate: With what connections are encrypted; nil for plain text only.
    ///   - logger: Where the operator reads; never gets a password or a message's text.
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
        LargeAllocations.useFreshPages()
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        do throws(ServerError) {
            let hub = try makeHub(on: group.next())
            let encryption = Encryption(certificate: certificate, plaintext: configuration.plaintext)
            let channels = try Listener(group: group, hub: hub, encryption: encryption).listen(configuration)
            // After the port, which a server that runs already has: it keeps its socket, too.
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

    /// Bounds the number of connections by what the system allows.
    private static func bounded(_ limits: ServerLimits) -> ServerLimits {
        var limits = limits
        let open = OpenFiles.raiseLimit()
        limits.connections = min(limits.connections ?? .max, max(1, open - OpenFiles.reserve))
        return limits
    }

    /// On the hub's own event loop: who gets an answer knows that it turns.
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

    /// Changes what can change while the server runs: limits, the longest message,
    /// registration.
    ///
    /// Connections that are open stay open. In force when the call returns. Does nothing unless the server runs.
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

    /// Calls something again and again from the event loop that serves everybody,
    /// as long as that turns.
    ///
    /// Does nothing unless the server runs.
    ///
    /// - Parameters:
    ///   - interval: How often.
    ///   - beat: What; must not wait for anything.
    public func heartbeat(every interval: Duration, _ beat: @escaping @Sendable () -> Void) {
        guard case .running(let running) = state.withLock({ $0 }) else { return }
        running.group.next().scheduleRepeatedTask(initialDelay: .zero, delay: TimeAmount(interval)) { _ in beat() }
    }

    /// Reads the certificate's files again, for connections that are opened from
    /// then on; those that are open stay as they are.
    ///
    /// - Returns: The fingerprint that they see; nil without encryption.
    /// - Throws: `SecurityFileError` for files that can't be used, which change nothing.
    @discardableResult
    public func reloadCertificate() throws -> CertificateFingerprint? {
        try certificate?.reload()
    }

    /// What the operator should mend about the certificate.
    public var certificateConcerns: [CertificateConcern] { certificate?.concerns ?? [] }

    /// Tells everyone, sends what waits, closes everything and returns.
    ///
    /// A second call, or one before ``start()``, returns at once.
    ///
    /// - Parameter time: How long it may take. Connections that are still busy
    ///   after four fifths of it are cut; a store that does not close in what is
    ///   left is given up, which loses nothing that anybody saw.
    public func stop(within time: Duration) {
        let running = state.withLock { state -> Running? in
            guard case .running(let running) = state else { return nil }
            state = .stopped
            return running
        }
        guard let running else { return }
        let deadline = NIODeadline.now() + TimeAmount(time)
        let cut = NIODeadline.now() + TimeAmount(time * 4 / 5)
        for channel in running.channels { try? channel.close().wait() }
        let eventLoop = running.group.next()
        let closed = eventLoop.makePromise(of: Void.self)
        eventLoop.execute { running.hub.value.close(by: cut) { closed.succeed() } }
        try? closed.futureResult.wait()
        let areStoresClosed = closeStores(by: deadline)
        running.admin?.stop()
        // A store that is still at it brings its answers to the event loop.
        guard areStoresClosed else { return }
        try? running.group.syncShutdownGracefully()
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
