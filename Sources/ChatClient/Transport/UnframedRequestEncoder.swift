internal import ChatProtocol

/// Writes requests as an original server can take them.
enum UnframedRequestEncoder {
    /// The writes that a request makes, each of which has to arrive in a read
    /// of its own.
    ///
    /// A text that is too long for one CHAT becomes several.
    ///
    /// - Throws: ``RequestError`` for what an original server can't take.
    static func writes(_ request: Request) throws(RequestError) -> [[UInt8]] {
        switch request {
        case .ping, .pong: throw .needsFraming
        default: break
        }
        guard let parts = try? request.unframedParts() else { throw .tooLong }
        return parts.map { part in
            var bytes: [UInt8] = []
            part.encode(into: &bytes, framing: .none)
            return bytes
        }
    }
}

/// Why a request can't be sent on a connection as it is.
enum RequestError: Error, Hashable, Sendable {
    /// An original server doesn't know it.
    case needsFraming
    /// An original server could not read it in one piece.
    case tooLong
    /// Too much is waiting to be sent already.
    case tooManyWaiting
    /// The connection closed first.
    case closed
}
