internal import ChatProtocol

/// Encodes requests for an original server.
enum UnframedRequestEncoder {
    /// The writes that make up a request; each must arrive in a read of its own.
    ///
    /// A text that is too long for one CHAT becomes several.
    ///
    /// - Throws: ``RequestError`` if an original server can't handle the request.
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

/// Why a request can't be sent on a connection.
enum RequestError: Error, Hashable, Sendable {
    /// An original server does not know this request.
    case needsFraming
    /// The request is too long for an original server to read in one piece.
    case tooLong
    /// Too many requests are waiting already.
    case tooManyWaiting
    /// The connection was closed first.
    case closed
}
