internal import ChatSecurity
internal import ChatSession
internal import NIOCore
internal import Synchronization

/// Connects with as much encryption as the user wants and the server offers, and only to the right server.
final class SecureConnector: Connector {
    /// What is known of the server in this run.
    private struct Memory {
        var seen: EncryptionPlan.Seen?
        /// Whether the user has been told that the connection is in plain text.
        var hasToldOfPlainText = false
        /// Whether the user allowed plain text without proof.
        var hasConsent = false
        /// How often TLS failed without a success.
        var failures = 0
        /// How the server is to be recognized, if that could not be written to the file.
        var unwritten: KnownServers.Identity?
    }

    /// The failure after which the user is told what to do about a server that may have no TLS: by then a server that
    /// only starts anew is there.
    private static let tellingFailure = 3

    private let address: ServerAddress
    private let security: ConnectionSecurity
    private let tcp: TCPConnector
    private let memory = Mutex(Memory())

    init(address: ServerAddress, security: ConnectionSecurity) {
        self.address = address
        self.security = security
        tcp = TCPConnector(address: address)
    }

    private var server: String { address.authority }

    func explain(_ error: any Error) -> String {
        (error as? EncryptionFailure)?.reason ?? tcp.explain(error)
    }

    func connect(on eventLoop: any EventLoop, allowsPlainText: Bool) -> EventLoopFuture<OpenConnection> {
        if allowsPlainText {
            memory.withLock {
                $0.seen = $0.seen ?? .plain
                $0.hasConsent = true
            }
        }
        guard let knownServers = security.knownServers else { return connect(knowing: nil, on: eventLoop) }
        return knownServers.entry(of: server, on: eventLoop)
            .flatMapErrorThrowing { throw ($0 as? SecurityFileError).map { EncryptionFailure($0) } ?? $0 }
            .flatMap { self.connect(knowing: $0, on: eventLoop) }
    }

    private func connect(
        knowing known: KnownServers.Entry?,
        on eventLoop: any EventLoop
    ) -> EventLoopFuture<OpenConnection> {
        let mustEncrypt = address.requiresEncryption || security.fingerprint != nil
        let plan = EncryptionPlan(
            wanted: mustEncrypt ? .require : security.encryption,
            known: known,
            seen: memory.withLock { $0.seen }
        )
        switch plan {
        case .plain:
            return tcp.connect(on: eventLoop, allowsPlainText: true)
        case .refuse(let line):
            let line = LineOfFile(line: line, path: knownServersPath)
            return eventLoop.makeFailedFuture(EncryptionFailure(plainTextWantedOf: server, known: line))
        case .tlsOnly, .tlsFirst, .plainFirst:
            return makeContact(by: plan, known, on: eventLoop)
        }
    }

    private var knownServersPath: String { security.knownServers?.path ?? "known_servers" }

    private func makeContact(
        by plan: EncryptionPlan,
        _ known: KnownServers.Entry?,
        on eventLoop: any EventLoop
    ) -> EventLoopFuture<OpenConnection> {
        let verification = ServerVerification(
            ServerExpectation(
                host: address.host,
                fingerprint: security.fingerprint,
                known: known?.identity ?? memory.withLock { $0.unwritten }
            ),
            authorities: security.authorities
        )
        let contact = FirstContact(
            eventLoop: eventLoop,
            open: { [tcp] in tcp.open(on: eventLoop) },
            makeTLS: { try verification.makeHandler() }
        )
        return contact.make(by: plan).flatMap { outcome in
            switch outcome {
            case .plain(let probed):
                var connection = self.tcp.connection(probed.channel)
                connection.decoder = probed.decoder
                return self.plainConnection(connection, known, isProven: probed.answer == .original)
            case .busy(let words):
                return eventLoop.makeFailedFuture(EncryptionFailure("\(self.server) says: \(words)"))
            case .tls(let channel, let failure):
                return self.judge(failure, verification.verdict, plan, known, channel)
            }
        }
    }

    private func judge(
        _ failure: TLSFailure?,
        _ verdict: ServerVerdict?,
        _ plan: EncryptionPlan,
        _ known: KnownServers.Entry?,
        _ channel: any Channel
    ) -> EventLoopFuture<OpenConnection> {
        let eventLoop = channel.eventLoop
        let line = known.map { LineOfFile(line: $0.line, path: knownServersPath) }
        if let verdict,
            let distrust = EncryptionFailure(verdict, of: server, wanted: security.fingerprint, known: line)
        {
            return eventLoop.makeFailedFuture(distrust)
        }
        if failure == nil, let verdict {
            let description = SessionEvent.Channel(address: server, isEncrypted: true, isLocal: channel.isLocal)
            return remember(verdict, known, on: eventLoop).map { notices in
                OpenConnection(channel: channel, description: description, notices: notices)
            }
        }
        // Without a verdict the server's identity is unknown.
        let failure = failure ?? .handshake("the server showed no certificate")
        switch plan.next(after: failure) {
        case .fallBack:
            // Use a new connection: we can't know how the server took the TLS bytes on the first one.
            return tcp.connect(on: eventLoop, allowsPlainText: true).flatMap {
                self.plainConnection($0, known, isProven: false)
            }
        case .doubt:
            var doubt = EncryptionFailure(failure, from: server, demand: nil, path: nil)
            doubt.isDoubt = true
            return eventLoop.makeFailedFuture(doubt)
        case .tryAgain, .stop:
            channel.close(promise: nil)
            let demand: EncryptionPlan.Demand? = if case .tlsOnly(let demand) = plan { demand } else { nil }
            let isRepeated = memory.withLock { memory in
                memory.failures += 1
                return memory.failures == Self.tellingFailure && memory.seen != .encrypted
            }
            return eventLoop.makeFailedFuture(
                EncryptionFailure(
                    failure,
                    from: server,
                    demand: demand,
                    path: security.knownServers?.path,
                    isRepeated: isRepeated
                )
            )
        }
    }

    /// Remembers that a server has no encryption, and tells the user once.
    ///
    /// What the user allowed holds for this run only: the next time the server may answer, and then it has to be
    /// encrypted.
    ///
    /// - Parameter isProven: Whether the server showed it, whatever the user said.
    private func plainConnection(
        _ connection: OpenConnection,
        _ known: KnownServers.Entry?,
        isProven: Bool
    ) -> EventLoopFuture<OpenConnection> {
        let isProven = isProven || !memory.withLock { $0.hasConsent }
        let isNews = memory.withLock { memory in
            memory.seen = .plain
            defer { memory.hasToldOfPlainText = true }
            return !memory.hasToldOfPlainText
        }
        let eventLoop = connection.channel.eventLoop
        var connection = connection
        let isLocal = connection.description.isLocal
        let danger = isLocal ? "" : " Others on the way can read everything, and change it."
        if isNews {
            let words =
                isProven ? "\(server) offers no encryption." : "This connection is not encrypted, as you allowed."
            connection.notices = [OpenConnection.Notice(text: words + danger, isFailure: !isLocal)]
        }
        guard known == nil, isProven, let knownServers = security.knownServers else {
            return eventLoop.makeSucceededFuture(connection)
        }
        // If this can't be written, finding out again costs only a moment.
        return knownServers.remember(.plainText, of: server, on: eventLoop)
            .recover { _ in }
            .map { [connection] in connection }
    }

    // MARK: Memory

    /// Remembers an encrypted server, and returns what the user should know about it.
    private func remember(
        _ verdict: ServerVerdict,
        _ known: KnownServers.Entry?,
        on eventLoop: any EventLoop
    ) -> EventLoopFuture<[OpenConnection.Notice]> {
        memory.withLock {
            $0.seen = .encrypted
            $0.failures = 0
        }
        let identity: KnownServers.Identity
        let words: String
        switch verdict {
        case .expected(let fingerprint):
            // Without a file of known servers the user is the host at their own server, and named no certificate.
            guard security.knownServers != nil else { return eventLoop.makeSucceededFuture([]) }
            identity = .pinned(fingerprint)
            words = "\(server) shows the certificate that you named; from now on only this one is accepted."
        case .publicAuthority:
            identity = .publicAuthority
            words = "\(server) is new to you, and a public authority vouches for its name."
        case .firstUse(let fingerprint):
            identity = .pinned(fingerprint)
            words = """
                \(server) is encrypted and new to you. Its certificate is
                \(fingerprint)
                Compare that with what its operator says; from now on only this one is accepted.
                """
        case .changed, .otherName, .outdated:
            return eventLoop.makeSucceededFuture([])
        }
        guard known?.identity != identity, memory.withLock({ $0.unwritten }) != identity else {
            return eventLoop.makeSucceededFuture([])
        }
        let notice = OpenConnection.Notice(text: words, isFailure: false)
        guard let knownServers = security.knownServers else { return eventLoop.makeSucceededFuture([notice]) }
        return knownServers.remember(identity, of: server, on: eventLoop).map { [notice] }.flatMapErrorThrowing {
            error in
            self.memory.withLock { $0.unwritten = identity }
            return [
                notice,
                OpenConnection.Notice(text: "It can't be remembered beyond this run: \(error)", isFailure: true),
            ]
        }
    }
}
