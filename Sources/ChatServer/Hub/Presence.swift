internal import Synchronization

/// Whether a connection is still there, for those on other threads who would
/// otherwise work for it in vain.
final class Presence: Sendable {
    private let hasEnded = Atomic(false)

    /// Whether it is.
    var isHere: Bool { !hasEnded.load(ordering: .relaxed) }

    /// Notes that it is gone.
    func end() {
        hasEnded.store(true, ordering: .relaxed)
    }
}
