internal import ChatSecurity
internal import NIOCore

/// How connections are encrypted, and who may do without.
struct Encryption: Sendable {
    /// Nil where nothing is encrypted; what looks like TLS is foreign then.
    var certificate: CertificateSource?
    var plaintext: PlaintextPolicy

    /// Sets up a connection that was just accepted.
    ///
    ///     socket ── OpeningHandler ── ServerConnectionHandler
    ///     first byte 0x16: socket ── NIOSSLServerHandler ── RecordSlicing ── ServerConnectionHandler
    ///     another:         socket ── ServerConnectionHandler
    func prepare(_ channel: any Channel, for connection: Connection) throws {
        guard let handler = connection.handler else { return }
        let pipeline = channel.pipeline.syncOperations
        guard let certificate else {
            handler.allowsShortcut = true
            return try pipeline.addHandler(handler)
        }
        let plaintext = plaintext
        let opening = OpeningHandler { channel, opening in
            switch opening {
            case .tls:
                // The certificate of this moment: it may have been renewed.
                try channel.pipeline.syncOperations.addHandlers(
                    [certificate.makeHandler(), RecordSlicing()],
                    position: .before(handler)
                )
            case .plaintext:
                handler.allowsShortcut = true
                connection.mayBePlaintext = plaintext.allows(channel.remoteAddress)
            }
        }
        try pipeline.addHandlers(opening, handler)
    }
}
