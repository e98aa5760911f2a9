internal import GRDB
internal import Synchronization

/// The work done between commits, in small steps: extending the search index, and deleting what is beyond the
/// retention.
///
/// Steps run on the writer's thread. Each is one short transaction; if it fails, it is tried again at the next
/// opportunity.
final class Housekeeping: Sendable {
    private struct State {
        /// Whether some messages may be missing from the search index.
        var isIndexBehind = true
        /// Whether some records may be beyond the retention.
        var isRetentionDue = true
        /// The number of commits since the last check of the retention.
        var commits = 0
        /// How much to keep.
        var retention: Retention
        /// Whether the operator has been warned that the clock seems wrong.
        var hasWarned = false
    }

    /// How many commits may pass before the retention is checked again; they can add only a limited number of records.
    private static let commitsBetweenLooks = 64

    private let run: Int64
    private let clock: UnixClock
    private let warn: StorageWarning
    private let state: Mutex<State>

    init(retention: Retention, run: Int64, clock: @escaping UnixClock, warn: @escaping StorageWarning) {
        self.run = run
        self.clock = clock
        self.warn = warn
        state = Mutex(State(retention: retention))
    }

    /// Changes how much is kept from now on.
    func keep(_ retention: Retention) {
        state.withLock { state in
            state.retention = retention
            state.isRetentionDue = true
        }
    }

    /// Whether there is work to do.
    var hasWork: Bool { state.withLock { $0.isIndexBehind || $0.isRetentionDue } }

    /// Called after records were added.
    func noteAppended() {
        state.withLock { state in
            state.isIndexBehind = true
            state.commits += 1
            guard state.commits >= Self.commitsBetweenLooks else { return }
            state.commits = 0
            state.isRetentionDue = true
        }
    }

    /// Called when time has passed, as records may be too old now.
    func noteTime() {
        state.withLock { $0.isRetentionDue = true }
    }

    /// Does one step.
    func step(_ database: some DatabaseWriter) {
        if let retention = state.withLock({ $0.isRetentionDue ? $0.retention : nil }) {
            let sweep = RetentionSweep(retention: retention, run: run, doubt: noteDoubt)
            let hasMore = (try? database.write { try sweep.step($0, now: clock()) }) ?? false
            // Only if the retention has not been changed meanwhile.
            if !hasMore { state.withLock { if $0.retention == retention { $0.isRetentionDue = false } } }
        } else {
            let hasMore = (try? database.write { try SearchIndex.extend($0) }) ?? false
            if !hasMore { state.withLock { $0.isIndexBehind = false } }
        }
    }

    /// Warns once that the clock seems to be wrong.
    private func noteDoubt() {
        let isFirst = state.withLock { state in
            defer { state.hasWarned = true }
            return !state.hasWarned
        }
        if isFirst { warn(ClockJump.warning) }
    }
}
