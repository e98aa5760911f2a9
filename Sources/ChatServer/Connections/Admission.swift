internal import ChatProtocol
internal import ChatServerCore
internal import NIOCore

/// What becomes of a connection that was just accepted.
enum Admission {
    /// It is one of the server's.
    case taken(Connection)
    /// There is no room for it.
    case refused(Refusal)
    /// The server closes.
    case closing
}

extension Hub {
    /// Sets up a connection that was just accepted, as its admission says.
    func setUp(
        _ channel: any Channel,
        from address: String,
        network: NetworkAddress,
        _ encryption: Encryption
    ) throws {
        switch accept(from: address, network: network) {
        case .taken(let connection):
            guard let handler = connection.handler else { return }
            try encryption.prepare(channel, handler) { opening in
                connection.mayBePlaintext =
                    opening == .tls || encryption.plaintext.allows(channel.remoteAddress)
                return true
            }
        case .refused(let refusal):
            try refused.setUp(channel, refusal, encryption, limits, at: tick.moment)
        case .closing:
            channel.close(promise: nil)
        }
    }
}
