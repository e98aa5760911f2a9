internal import ChatProtocol
public import NIOCore

/// The limits and times of one connection.
public struct ServerConnectionConfiguration: Hashable, Sendable {
    /// The least time between two unframed messages.
    public var pacing = TimeAmount.milliseconds(Int64(Limits.unframedPacingMilliseconds))
    /// How many messages may wait for an unframed peer before the oldest are left out.
    public var pacedMessages = 4096
    /// How many bytes of messages may wait for an unframed peer before the oldest are left out.
    public var pacedBytes = 4_194_304
    /// How many answers may wait for an unframed peer before the server stops answering it.
    public var pacedAnswers = 32
    /// How many bytes of requests are read from an unframed peer before they can be handled.
    ///
    /// That is the Enter key of an original client, held down for half a minute. Requests left in the socket would
    /// arrive as one piece.
    public var readAhead = 131_072
    /// How many bytes a peer may send before it has logged in.
    public var bytesBeforeLogin = 32_768
    /// How long half an unframed request may wait for its rest.
    public var completion = TimeAmount.milliseconds(Int64(Limits.unframedCompletionMilliseconds))
    /// How long a closing connection may take to send its waiting output.
    public var farewell = TimeAmount.seconds(5)
    /// How long to wait after the last message for the peer to close, too.
    ///
    /// If the server closed while the peer still sends, the peer could lose what it has not read yet.
    public var linger = TimeAmount.seconds(1)

    /// Creates a configuration with the defaults.
    public init() {}
}

extension ServerConnectionConfiguration {
    /// The bounds of the queue of an unframed peer.
    var paced: PacedQueue.Bounds {
        PacedQueue.Bounds(interval: pacing, messages: pacedMessages, bytes: pacedBytes)
    }
}
