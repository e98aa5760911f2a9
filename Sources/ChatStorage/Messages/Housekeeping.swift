internal import GRDB
internal import Synchronization

/// What is done behind the commits, one small step at a time: the search index
/// grows, what is beyond the retention goes.
///
/// Steps run on the writer's thread. Each is one short transaction; a failed one
/// is tried again at the next occasion.
final class Housekeeping: Sendable {
    private struct State {
        /// Whether there may be messages that are not in the search index.
        var isIndexBehind = true
        /// Whether there may be records beyond the retention.
        var isRetentionDue = true
        /// How many commits since the last look at the retention.
        var commits = 0
        /// How much is kept.
        var retention: Retention
        /// Whether it was said that the clock can't be believed.
        var hasWarned = false
    }

    /// So many commits can add only so much before somebody looks.
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

    /// Keeps more or less from here on.
    func keep(_ retention: Retention) {
        state.withLock { state in
            state.retention = retention
            state.isRetentionDue = true
        }
    }

    /// Whether there is something to do.
    var hasWork: Bool { state.withLock { $0.isIndexBehind || $0.isRetentionDue } }

    /// Something was added.
    func noteAppended() {
        state.withLock { state in
            state.isIndexBehind = true
            state.commits += 1
            guard state.commits >= Self.commitsBetweenLooks else { return }
            state.commits = 0
            state.isRetentionDue = true
        }
    }

    /// Time has passed.
    func noteTime() {
        state.withLock { $0.isRetentionDue = true }
    }

    /// Does one thing.
    func step(_ database: some DatabaseWriter) {
        if let retention = state.withLock({ $0.isRetentionDue ? $0.retention : nil }) {
            let sweep = RetentionSweep(retention: retention, run: run, doubt: noteDoubt)
            let hasMore = (try? database.write { try sweep.step($0, now: clock()) }) ?? false
            // Unless something else is to be kept since.
            if !hasMore { state.withLock { if $0.retention == retention { $0.isRetentionDue = false } } }
        } else {
            let hasMore = (try? database.write { try SearchIndex.extend($0) }) ?? false
            if !hasMore { state.withLock { $0.isIndexBehind = false } }
        }
    }

    /// Says once that the clock can't be believed.
    private func noteDoubt() {
        let isFirst = state.withLock { state in
            defer { state.hasWarned = true }
            return !state.hasWarned
        }
        if isFirst { warn(ClockJump.warning) }
    }
}
