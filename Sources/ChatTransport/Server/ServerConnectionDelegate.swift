internal import ChatProtocol
public import NIOCore

/// What a server wants to know of one connection.
///
/// All calls come on the connection's event loop. The one who is told may not
/// call back into the connection before it has returned.
public protocol ServerConnectionDelegate: AnyObject {
    /// A request arrived, or something in its place; the stream is in step.
    ///
    /// - Returns: Whether more is welcome at once; after a pause reading goes on
    ///   with ``ServerConnectionHandler/resume()``.
    func connectionReceived(_ incoming: RequestStream.Incoming) -> RequestStream.Appetite
    /// Something arrived that makes reading on impossible.
    func connectionBroke(_ fault: StreamFault)
    /// More can be written: the framing has begun, or what waited is on its way.
    func connectionCanWrite()
    /// More waits for the peer than may.
    func connectionOverflowed()
    /// The peer says nothing more; it may still listen.
    func connectionEnded()
    /// The connection is gone; nil where it ended in an orderly way.
    func connectionClosed(_ error: (any Error)?)
}

/// How a server treats one connection.
public struct ServerConnectionConfiguration: Hashable, Sendable {
    /// The least time between two unframed messages.
    public var pacing = TimeAmount.milliseconds(Int64(Limits.unframedPacingMilliseconds))
    /// How many unframed messages may wait for their turn: half a minute's worth.
    public var pacedMessages = 600
    /// How many of those may be of the peer's own making before the server
    /// stops listening to it.
    public var pacedAnswers = 32
    /// How many bytes a peer may send before it has logged in.
    public var bytesBeforeLogin = 32_768
    /// How long half an unframed request may wait for its rest.
    public var completion = TimeAmount.milliseconds(Int64(Limits.unframedCompletionMilliseconds))
    /// How long what waits may take to go out once the connection is to close.
    public var farewell = TimeAmount.seconds(5)
    /// How long to wait, everything said, for the peer to close too: closing
    /// while it still sends would tear what it has not read yet from its hands.
    public var linger = TimeAmount.seconds(1)

    /// Creates a configuration with the defaults.
    public init() {}
}
