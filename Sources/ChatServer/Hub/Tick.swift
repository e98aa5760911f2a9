internal import ChatProtocol
internal import NIOCore

/// One turn of the event loop: what arrives in it is one batch, at one moment.
struct Tick {
    /// How many turns there were.
    private(set) var number: UInt64 = 0
    /// The time of day, for what is told and stored.
    private(set) var moment = Timestamp(unixMilliseconds: 0)
    /// The same on the clock that never jumps.
    private(set) var now = NIODeadline.uptimeNanoseconds(0)
    /// Whether its work is still to be done.
    var isOpen = false

    /// Begins the next turn.
    mutating func begin(at now: NIODeadline, _ moment: Timestamp) {
        isOpen = true
        number += 1
        self.now = now
        self.moment = moment
    }
}
