internal import ChatProtocol
internal import NIOCore

/// One turn of the event loop; everything that arrives in it is one batch, with one time.
struct Tick {
    /// The number of the turn.
    private(set) var number: UInt64 = 0
    /// The time of day, for what is sent and stored.
    private(set) var moment = Timestamp(unixMilliseconds: 0)
    /// The same time on the clock that never jumps.
    private(set) var now = NIODeadline.uptimeNanoseconds(0)
    /// Whether the work of this turn is still to be done.
    var isOpen = false

    /// Begins the next turn.
    mutating func begin(at now: NIODeadline, _ moment: Timestamp) {
        isOpen = true
        number += 1
        self.now = now
        self.moment = moment
    }
}
