internal import ChatProtocol

/// What a client's connection hears from its server.
enum ServerEvent: Hashable, Sendable {
    /// A response.
    case response(Response)
    /// Something that is no response; the stream is still in step.
    case unreadable(MessageError)
}
