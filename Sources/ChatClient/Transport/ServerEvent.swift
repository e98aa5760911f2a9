internal import ChatProtocol

/// What a connection receives from its server.
enum ServerEvent: Hashable, Sendable {
    /// A response.
    case response(Response)
    /// What reads like a response but may be part of somebody's text.
    case suspect(Response)
    /// Bytes that are not a valid response; the stream can still be read.
    case unreadable(MessageError)
}
