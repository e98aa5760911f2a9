internal import NIOCore

/// Decides when the next batch may go to the store.
///
/// Everybody reads what was just sent at once, but their answers come one by one. Storing the first answer alone would
/// cost a transaction, and a write for every receiver, for just one message, while the others wait. So a busy room
/// pauses for part of the time that its last fan-out took. The batches become larger, and everybody hears everything
/// sooner. In a quiet room the pause is over long before anybody speaks.
struct BatchPacing {
    /// A fan-out shorter than this, as in a small room, is followed by no pause.
    private static let worthwhile = TimeAmount.microseconds(100)
    /// The longest pause, and so the most that a message is delayed.
    private static let longest = TimeAmount.milliseconds(2)

    /// When the pause ends.
    private(set) var end = NIODeadline.uptimeNanoseconds(0)
    /// Whether a timer for that moment is set.
    var isWaiting = false

    /// Starts a pause of half the time that a fan-out took.
    mutating func fannedOut(from start: NIODeadline, to end: NIODeadline) {
        let time = end - start
        guard time >= Self.worthwhile else { return }
        self.end = end + min(.nanoseconds(time.nanoseconds / 2), Self.longest)
    }
}
