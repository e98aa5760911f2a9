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
        case .ping, .pong:
            throw .needsFraming
        case .connect:
            return [try encode(request, limit: Limits.unframedConnectBytes)]
        case .chat(let chat):
            let header = Request.chat(ChatRequest(recipient: chat.recipient, text: ""))
            let room = Limits.unframedMessageBytes - (try encode(header, limit: Limits.unframedMessageBytes)).count
            // The least that TextSplitting can keep to.
            guard room >= 4 else { throw .tooLong }
            var writes: [[UInt8]] = []
            for part in TextSplitting.split(chat.text, maximumBytes: room) {
                let part = Request.chat(ChatRequest(recipient: chat.recipient, text: String(part)))
                writes.append(try encode(part, limit: Limits.unframedMessageBytes))
            }
            return writes
        case .update, .disconnect, .refresh, .users, .kick:
            return [try encode(request, limit: Limits.unframedMessageBytes)]
        }
    }

    private static func encode(_ request: Request, limit: Int) throws(RequestError) -> [UInt8] {
        var bytes: [UInt8] = []
        request.encode(into: &bytes, framing: .none)
        guard bytes.count <= limit else { throw .tooLong }
        return bytes
    }
}

/// Why a request can't be sent on a connection as it is.
public enum RequestError: Error, Hashable, Sendable {
    /// An original server doesn't know it.
    case needsFraming
    /// An original server could not read it in one piece.
    case tooLong
    /// Too much is waiting to be sent already.
    case tooManyWaiting
    /// The connection closed first.
    case closed
}
