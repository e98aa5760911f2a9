/// Tells whether a read of an unframed connection may hold several writes of the peer.
///
/// A write that fits into a segment is one. So a read of several segments may be several writes, however short the
/// server stood still before it. No clock could tell that: a server that waits for events does not notice a stop.
struct SegmentCount: Sendable {
    private var readBytes: UInt64 = 0
    private var segments: UInt32 = 0
    /// Whether a segment was counted that was not in the last read.
    private var isAhead = false

    /// Records a read.
    ///
    /// - Parameters:
    ///   - count: How many bytes were read.
    ///   - received: What had arrived by then, or just after.
    /// - Returns: Whether the bytes may have come in several segments.
    mutating func read(_ count: Int, of received: ReceivedData) -> Bool {
        let isJoined = isAhead || received.segments &- segments > 1
        readBytes &+= UInt64(clamping: count)
        segments = received.segments
        isAhead = received.bytes > readBytes
        return isJoined
    }
}
