internal import Synchronization

/// Whether a connection is still there, to be read from other threads.
///
/// So a store does no work for one that is gone.
final class Presence: Sendable {
    private let hasEnded = Atomic(false)

    /// Whether the connection is still there.
    var isHere: Bool { !hasEnded.load(ordering: .relaxed) }

    /// Records that the connection is gone.
    func end() {
        hasEnded.store(true, ordering: .relaxed)
    }
}
