internal import NIOCore

/// Detects that the event loop stood still: the program was stopped, or one turn of the loop took long.
///
/// Bytes that are read right after that had to wait in the socket, where several writes of a peer become one.
struct LoopPulse {
    /// How long until the next beat.
    static let interval = TimeAmount.milliseconds(500)
    /// How late a beat may be in a busy room.
    static let tolerance = TimeAmount.milliseconds(500)

    private var last: NIODeadline
    private var recovery: NIODeadline?

    /// Starts at a time.
    init(at now: NIODeadline) {
        last = now
    }

    /// Records that the loop turns.
    mutating func beat(at now: NIODeadline) {
        // Not every socket that has waited is read in the first turn.
        recovery = now - last > Self.interval + Self.tolerance ? now + Self.interval : nil
        last = now
    }

    /// Whether what is read now may have waited for the loop.
    func isBehind(at now: NIODeadline) -> Bool {
        now - last > Self.interval + Self.tolerance || recovery.map { now < $0 } ?? false
    }
}
