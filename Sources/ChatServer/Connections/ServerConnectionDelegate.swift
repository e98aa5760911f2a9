/// What a server wants to know of one connection.
///
/// All calls come on the connection's event loop. The one who is told may not
/// call back into the connection before it has returned.
protocol ServerConnectionDelegate: AnyObject {
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
