internal import ChatProtocol
public import NIOCore

/// How a server treats one connection.
public struct ServerConnectionConfiguration: Hashable, Sendable {
    /// The least time between two unframed messages.
    public var pacing = TimeAmount.milliseconds(Int64(Limits.unframedPacingMilliseconds))
    /// How many unframed messages may wait for their turn: half a minute's worth.
    public var pacedMessages = 600
    /// How many of those may be of the peer's own making before the server
    /// stops answering it.
    public var pacedAnswers = 32
    /// How many bytes of requests are read from an unframed peer before their
    /// turn has come: an original client's Enter key held down for half a minute.
    ///
    /// What stays in the socket instead comes out of it as one piece.
    public var readAhead = 131_072
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

extension ServerConnectionConfiguration {
    /// The bounds of what waits for an unframed peer: texts are put together from
    /// a second's worth on, and cut from ten seconds' worth on.
    var paced: PacedQueue.Bounds {
        PacedQueue.Bounds(
            interval: pacing,
            capacity: pacedMessages,
            joining: max(1, pacedMessages / 30),
            cutting: max(1, pacedMessages / 3)
        )
    }
}
