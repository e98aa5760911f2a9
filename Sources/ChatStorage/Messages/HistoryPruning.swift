internal import Foundation
internal import GRDB

/// Deletes what is beyond a retention at once, beside a running server or
/// without one.
public enum HistoryPruning {
    /// How many steps of the sweep share a transaction, and so a write to the
    /// disk: few, as a server may wait for them.
    static let stepsPerTransaction = 4

    /// The least time that the database is free between two transactions.
    ///
    /// A server that waits for its turn asks for it every 100 ms in the end: a
    /// shorter time it may miss again and again, until it gives up.
    static let shortestPause = Duration.milliseconds(120)

    /// Deletes, in steps between which a running server gets its turn: some
    /// thousand short records a second, or a megabyte of long ones.
    ///
    /// - Parameters:
    ///   - retention: What to keep.
    ///   - now: Milliseconds since the Unix epoch.
    /// - Returns: How many records are gone.
    /// - Throws: ``StorageError``, whose description is one line for the operator.
    public static func prune(
        _ directory: DataDirectory,
        retention: Retention,
        now: Int64
    ) throws(StorageError) -> Int {
        try prune(directory, retention: retention, now: now) { Thread.sleep(forTimeInterval: $0 / .seconds(1)) }
    }

    /// Deletes likewise; a test makes the pauses.
    static func prune(
        _ directory: DataDirectory,
        retention: Retention,
        now: Int64,
        pause: (Duration) -> Void
    ) throws(StorageError) -> Int {
        let queue = try DatabaseQueue.openForTool(directory)
        // Run 0: which guests are gone only the server knows.
        let sweep = RetentionSweep(retention: retention, run: 0)
        var deleted: Int64 = 0
        do {
            while true {
                let start = ContinuousClock.now
                let (count, hasMore) = try queue.write { try delete(with: sweep, now: now, in: $0) }
                deleted += count
                guard hasMore else { return Int(clamping: deleted) }
                // Most of the time belongs to the server, on a slow disk, too.
                pause(max(shortestPause, start.duration(to: .now) * 2))
            }
        } catch {
            throw StorageError(error, path: directory.databasePath)
        }
    }

    private static func delete(
        with sweep: RetentionSweep,
        now: Int64,
        in database: Database
    ) throws -> (count: Int64, hasMore: Bool) {
        // Counted here: between transactions the server adds some.
        let before = try HistoryState.counts(database).total
        var steps = 0
        while steps < stepsPerTransaction, try sweep.step(database, now: now) { steps += 1 }
        return (before - (try HistoryState.counts(database).total), steps == stepsPerTransaction)
    }
}

extension RecordCounts {
    /// All kinds together.
    var total: Int64 { messages + privateMessages + infos }
}
