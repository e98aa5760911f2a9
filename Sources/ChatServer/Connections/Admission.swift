internal import ChatProtocol
internal import ChatServerCore
internal import NIOCore

/// The decision about a connection that was just accepted.
enum Admission {
    /// The server serves it.
    case taken(Connection)
    /// The server refuses it, for this reason.
    case refused(Refusal)
}

extension Hub {
    /// Sets up a connection that was just accepted, according to its admission.
    func setUp(
        _ channel: any Channel,
        from address: String,
        network: NetworkAddress,
        _ encryption: ListenerEncryption
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
            let isTold = try refused.setUp(channel, refusal, encryption, limits, at: tick.moment)
            note(refusal, isTold: isTold, of: address)
        }
    }
}
