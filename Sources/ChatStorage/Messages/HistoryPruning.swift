internal import Foundation
internal import GRDB

/// Deletes everything beyond a retention limit at once, whether a server is running or not.
public enum HistoryPruning {
    /// How many steps of the sweep share a transaction and thus a write to the disk; few, because a server may be
    /// waiting.
    static let stepsPerTransaction = 4

    /// The least time for which the database is left free between two transactions.
    ///
    /// A waiting server ends up retrying every 100 ms. With a shorter pause it could miss its chance again and again,
    /// until it gives up.
    static let shortestPause = Duration.milliseconds(120)

    /// Deletes in steps, with pauses for a running server: a few thousand short records a second, or a megabyte of long
    /// ones.
    ///
    /// - Parameters:
    ///   - retention: What to keep.
    ///   - now: Milliseconds since the Unix epoch.
    /// - Returns: The number of deleted records.
    /// - Throws: ``StorageError``, whose description is one line for the operator.
    public static func prune(
        _ directory: DataDirectory,
        retention: Retention,
        now: Int64
    ) throws(StorageError) -> Int {
        try prune(directory, retention: retention, now: now) { Thread.sleep(forTimeInterval: $0 / .seconds(1)) }
    }

    /// Does the same, with pauses that a test can replace.
    static func prune(
        _ directory: DataDirectory,
        retention: Retention,
        now: Int64,
        pause: (Duration) -> Void
    ) throws(StorageError) -> Int {
        let queue = try DatabaseQueue.openForTool(directory)
        // Run 0, because only the server knows which guests are gone.
        let sweep = RetentionSweep(retention: retention, run: 0)
        var deleted: Int64 = 0
        do {
            while true {
                let start = ContinuousClock.now
                let (count, hasMore) = try queue.write { try delete(with: sweep, now: now, in: $0) }
                deleted += count
                guard hasMore else { return Int(clamping: deleted) }
                // Leaves most of the time to the server, even on a slow disk.
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
        // Counted inside the transaction, because the server adds records between transactions.
        let before = try HistoryState.counts(database).total
        var steps = 0
        while steps < stepsPerTransaction, try sweep.step(database, now: now) { steps += 1 }
        return (before - (try HistoryState.counts(database).total), steps == stepsPerTransaction)
    }
}

extension RecordCounts {
    /// The number of records of all kinds.
    var total: Int64 { messages + privateMessages + infos }
}
