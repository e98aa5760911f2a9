internal import ChatSecurity
internal import NIOCore

/// Finds out whether a server speaks TLS when that is not known.
///
/// Silence or a closed connection proves nothing, because the server may be busy or the network slow. So two
/// connections are used: one starts a TLS handshake, the other sends plain text whose answer shows whether this is an
/// original server.
///
/// Belongs to one event loop.
final class FirstContact {
    enum Outcome: Sendable {
        /// It is an original server; this connection can be used to log in.
        case original(any Channel)
        /// The server accepts nobody at the moment; with its words.
        case busy(String)
        /// TLS was tried on this connection; with the failure, or nil if it worked.
        case tls(any Channel, TLSFailure?)
    }

    /// How long the first connection runs before the second is opened.
    ///
    /// Most servers with TLS answer sooner and so see only one connection.
    private static let headStart = TimeAmount.milliseconds(300)
    /// How long each connection waits for an answer.
    private static let patience = TimeAmount.seconds(10)

    private let tcp: TCPConnector
    private let verification: ServerVerification
    private let isKnownPlain: Bool
    private let eventLoop: any EventLoop
    private let ended: EventLoopPromise<Outcome>
    private var isOver = false
    private var speaksTLS = false
    private var speaksPlainText = false
    private var tls: (channel: any Channel, failure: TLSFailure?)?
    private var plain: (any Channel)?
    private var probeAnswer: PlainTextProbe.Answer?

    private init(
        _ tcp: TCPConnector,
        _ verification: ServerVerification,
        isKnownPlain: Bool,
        on eventLoop: any EventLoop
    ) {
        self.tcp = tcp
        self.verification = verification
        self.isKnownPlain = isKnownPlain
        self.eventLoop = eventLoop
        ended = eventLoop.makePromise()
    }

    /// Contacts the server.
    ///
    /// - Parameters:
    ///   - tcp: Opens the connections.
    ///   - verification: The check of the server's certificate.
    ///   - isKnownPlain: Whether the server had no TLS the last time; plain text is then tried first.
    ///   - eventLoop: The event loop that this is called on.
    static func make(
        by tcp: TCPConnector,
        _ verification: ServerVerification,
        isKnownPlain: Bool,
        on eventLoop: any EventLoop
    ) -> EventLoopFuture<Outcome> {
        let contact = FirstContact(tcp, verification, isKnownPlain: isKnownPlain, on: eventLoop)
        if isKnownPlain { contact.speakPlainText() } else { contact.speakTLS() }
        eventLoop.assumeIsolated().scheduleTask(in: headStart) {
            contact.speakTLS()
            contact.speakPlainText()
        }
        return contact.ended.futureResult
    }

    // MARK: TLS

    private func speakTLS() {
        guard !isOver, !speaksTLS else { return }
        speaksTLS = true
        let start = NIODeadline.now()
        tcp.open(on: eventLoop).assumeIsolated().whenComplete { result in
            switch result {
            case .success(let channel): self.shakeHands(on: channel, connectedIn: .now() - start)
            case .failure(let error): self.end(.failure(error))
            }
        }
    }

    private func shakeHands(on channel: any Channel, connectedIn time: TimeAmount) {
        guard !isOver else { return channel.close(promise: nil) }
        tls = (channel, nil)
        // If plain text is almost certain, wait for a TLS answer only as long as the network takes.
        let firstByte = isKnownPlain ? min(max(.seconds(1), time * 3), .seconds(5)) : Self.patience
        do {
            try TLSHandshake.perform(
                on: channel,
                with: verification.makeHandler(),
                patience: TLSHandshake.Patience(firstByte: firstByte)
            )
            .assumeIsolated().whenSuccess { self.handshakeEnded($0) }
        } catch {
            channel.close(promise: nil)
            end(.failure(error))
        }
    }

    private func handshakeEnded(_ failure: TLSFailure?) {
        guard let channel = tls?.channel else { return }
        tls = (channel, failure)
        switch failure {
        case nil, .notTLS?, .handshake?:
            end(.success(.tls(channel, failure)))
        case .silence?, .closed?:
            speakPlainText()
            endInDoubt()
        }
    }

    // MARK: Plain text

    private func speakPlainText() {
        guard !isOver, !speaksPlainText else { return }
        speaksPlainText = true
        tcp.open(on: eventLoop).assumeIsolated().whenComplete { result in
            switch result {
            case .success(let channel): self.probe(channel)
            // If the server can't be reached, the other connection reports it.
            case .failure: self.probeEnded(.unclear)
            }
        }
    }

    private func probe(_ channel: any Channel) {
        guard !isOver else { return channel.close(promise: nil) }
        plain = channel
        do {
            try PlainTextProbe.perform(on: channel, patience: Self.patience)
                .assumeIsolated().whenSuccess { self.probeEnded($0) }
        } catch {
            probeEnded(.unclear)
        }
    }

    private func probeEnded(_ answer: PlainTextProbe.Answer) {
        if answer == .original, let plain { return end(.success(.original(plain))) }
        probeAnswer = answer
        plain?.close(promise: nil)
        speakTLS()
        endInDoubt()
    }

    // MARK: Ending

    /// Ends if neither connection showed anything.
    private func endInDoubt() {
        guard let probeAnswer, let tls, let failure = tls.failure else { return }
        if case .busy(let words) = probeAnswer { return end(.success(.busy(words))) }
        end(.success(.tls(tls.channel, failure)))
    }

    private func end(_ outcome: Result<Outcome, any Error>) {
        guard !isOver else { return }
        isOver = true
        if case .success(.original) = outcome { tls?.channel.close(promise: nil) } else { plain?.close(promise: nil) }
        ended.completeWith(outcome)
    }
}
