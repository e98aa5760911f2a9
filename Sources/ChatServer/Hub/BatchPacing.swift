internal import NIOCore

/// When the next batch may go to the store.
///
/// What was just handed out is read by everybody at once, and answers come one
/// by one. To take the first alone costs a transaction, and a write for every
/// receiver, for one message, while the others wait. So a busy room pauses for a
/// part of what its last fan-out took: the batches become larger, and everybody
/// hears everything sooner. In a quiet room that moment is over long before
/// anybody speaks.
struct BatchPacing {
    /// What is worth a pause; the fan-out of a small room is not.
    private static let worthwhile = TimeAmount.microseconds(100)
    /// How much longer than otherwise a message may take at most.
    private static let longest = TimeAmount.milliseconds(2)

    /// When the pause is over.
    private(set) var end = NIODeadline.uptimeNanoseconds(0)
    /// Whether somebody looks again at that moment.
    var isWaiting = false

    /// Pauses for half of what a fan-out took.
    mutating func fannedOut(from start: NIODeadline, to end: NIODeadline) {
        let time = end - start
        guard time >= Self.worthwhile else { return }
        self.end = end + min(.nanoseconds(time.nanoseconds / 2), Self.longest)
    }
}
