/// Receives the events of one connection.
///
/// All calls come on the connection's event loop. A delegate must not call back into the connection before it has
/// returned.
protocol ServerConnectionDelegate: AnyObject {
    /// A request arrived, or something in its place; the stream is in step.
    ///
    /// - Returns: Whether to go on; after a pause ``ServerConnectionHandler/resume()`` continues the reading.
    func connectionReceived(_ incoming: RequestStream.Incoming) -> RequestStream.FlowControl
    /// Something arrived after which nothing more can be read.
    func connectionBroke(_ fault: StreamFault)
    /// More can be written: the framing has begun, or the waiting output was sent.
    func connectionCanWrite()
    /// The peer will send nothing more; it may still read.
    func connectionEnded()
    /// The connection is gone; the error is nil if it ended in an orderly way.
    func connectionClosed(_ error: (any Error)?)
}
