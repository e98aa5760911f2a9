internal import ChatSecurity
internal import NIOCore

/// Speaks to a server for the first time on a connection, and finds out whether it has TLS if that is not known.
///
/// Silence or a closed connection proves nothing, because the server may be busy or the network slow. So a question in
/// plain text, on a connection of its own, shows whether this is an original server. One thing is tried after the
/// other: a server counts its connections, and one that takes no plain text writes down who tries.
struct FirstContact: Sendable {
    enum Outcome: Sendable {
        /// The server answered in plain text, and this connection can be used to log in.
        case plain(PlainTextProbe.Probed)
        /// The server accepts nobody at the moment; with its words.
        case busy(String)
        /// TLS was tried on this connection; with the failure, or nil if it worked.
        case tls(any Channel, TLSFailure?)
    }

    /// How long to wait for the first byte of an answer to TLS before the server is asked in plain text.
    ///
    /// An original server never answers, and its user waits this long. A server whose TLS is slower costs two more
    /// connections.
    static let hesitation = TimeAmount.milliseconds(1500)
    /// How long to wait for any other answer.
    static let patience = TimeAmount.seconds(10)

    /// The event loop of the connections, on which all this is called.
    let eventLoop: any EventLoop
    /// Opens a connection that does not read yet.
    let open: @Sendable () -> EventLoopFuture<any Channel>
    /// Makes the handler that speaks TLS.
    let makeTLS: @Sendable () throws -> any ChannelHandler

    /// Contacts a server as planned.
    func make(by plan: EncryptionPlan) -> EventLoopFuture<Outcome> {
        switch plan {
        case .tlsFirst: tlsFirst()
        case .plainFirst: plainFirst()
        case .plain, .tlsOnly, .refuse: onlyTLS()
        }
    }

    private func tlsFirst() -> EventLoopFuture<Outcome> {
        shakeHands(patience: Self.hesitation).flatMap { channel, failure in
            switch failure {
            case nil, .notTLS?, .handshake?:
                return eventLoop.makeSucceededFuture(.tls(channel, failure))
            case .silence?, .closed?:
                return ask().flatMap { probed in
                    if probed.answer == .original { return eventLoop.makeSucceededFuture(.plain(probed)) }
                    probed.channel.close(promise: nil)
                    switch probed.answer {
                    case .busy(let words): return eventLoop.makeSucceededFuture(.busy(words))
                    case .ambiguous where failure == .silence: return onlyTLS()
                    case .original, .ambiguous, .unclear: return eventLoop.makeSucceededFuture(.tls(channel, failure))
                    }
                }
                .flatMapErrorThrowing { _ in .tls(channel, failure) }
            }
        }
    }

    private func onlyTLS() -> EventLoopFuture<Outcome> {
        shakeHands(patience: Self.patience).map { .tls($0, $1) }
    }

    private func plainFirst() -> EventLoopFuture<Outcome> {
        let start = eventLoop.now
        return ask().flatMap { probed in
            switch probed.answer {
            case .original:
                return eventLoop.makeSucceededFuture(.plain(probed))
            case .busy(let words):
                probed.channel.close(promise: nil)
                return eventLoop.makeSucceededFuture(.busy(words))
            case .ambiguous, .unclear:
                if probed.answer == .unclear { probed.channel.close(promise: nil) }
                // Plain text is almost certain, so wait for a TLS answer only a little longer than the network takes.
                let patience = min(max(.seconds(1), (eventLoop.now - start) * 2), Self.hesitation)
                return shakeHands(patience: patience).map { channel, failure in
                    switch failure {
                    case .silence?, .closed?, .notTLS?:
                        // The connection that has an answer is as good as a new one.
                        if probed.channel.isActive { return .plain(probed) }
                    case .handshake?, nil: break
                    }
                    probed.channel.close(promise: nil)
                    return .tls(channel, failure)
                }
                .flatMapErrorThrowing { error in
                    probed.channel.close(promise: nil)
                    throw error
                }
            }
        }
    }

    private func shakeHands(patience: TimeAmount) -> EventLoopFuture<(any Channel, TLSFailure?)> {
        start { channel in
            try TLSHandshake.perform(
                on: channel,
                with: makeTLS(),
                patience: TLSHandshake.Patience(firstByte: patience)
            )
            .map { (channel, $0) }
        }
    }

    private func ask() -> EventLoopFuture<PlainTextProbe.Probed> {
        start { try PlainTextProbe.perform(on: $0, patience: Self.patience) }
    }

    /// Opens a connection and starts a dialogue on it.
    private func start<Result: Sendable>(
        _ dialogue: @escaping @Sendable (any Channel) throws -> EventLoopFuture<Result>
    ) -> EventLoopFuture<Result> {
        open().flatMap { channel in
            do {
                return try dialogue(channel)
            } catch {
                channel.close(promise: nil)
                return channel.eventLoop.makeFailedFuture(error)
            }
        }
    }
}
