internal import Synchronization

/// Whether a connection is still there, as other threads may ask: a store does
/// not work for one that is gone.
final class Presence: Sendable {
    private let hasEnded = Atomic(false)

    /// Whether it is.
    var isHere: Bool { !hasEnded.load(ordering: .relaxed) }

    /// Notes that it is gone.
    func end() {
        hasEnded.store(true, ordering: .relaxed)
    }
}
