internal import ChatSecurity
internal import NIOCore

/// How connections are encrypted, and who may connect without.
struct ListenerEncryption: Sendable {
    /// The certificate; nil if nothing is encrypted, and then TLS counts as a foreign protocol.
    var certificate: CertificateSource?
    var plaintext: PlaintextPolicy

    /// Sets up a connection that was just accepted.
    ///
    /// - Parameter admits: Called if both TLS and plain text are possible, with what the peer starts with; if it
    ///   returns false, the connection is closed.
    ///
    ///     socket ── OpeningHandler ── ServerConnectionHandler
    ///     first byte 0x16: socket ── RecordSeparation ── NIOSSLServerHandler ── RecordSlicing ──┐
    ///     another:         socket ───────────────────────────────────────────────────────── ServerConnectionHandler
    func prepare(
        _ channel: any Channel,
        _ handler: ServerConnectionHandler,
        admits: @escaping (Opening) -> Bool
    ) throws {
        let pipeline = channel.pipeline.syncOperations
        guard let certificate else {
            handler.allowsShortcut = true
            return try pipeline.addHandler(handler)
        }
        let opening = OpeningHandler { channel, opening in
            guard admits(opening) else { throw ChannelError.ioOnClosedChannel }
            switch opening {
            case .tls:
                // Use the current certificate: it may have been renewed.
                let records = RecordSeparation()
                handler.records = records
                try channel.pipeline.syncOperations.addHandlers(
                    [records, certificate.makeHandler(), RecordSlicing()],
                    position: .before(handler)
                )
            case .plaintext:
                handler.allowsShortcut = true
            }
        }
        try pipeline.addHandlers(opening, handler)
    }
}
