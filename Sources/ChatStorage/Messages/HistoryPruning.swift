internal import GRDB

/// Deletes what is beyond a retention at once, beside a running server or
/// without one.
public enum HistoryPruning {
    /// Deletes, in steps between which a running server gets its turn.
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
        let queue = try DatabaseQueue.openForTool(directory)
        // Run 0: which guests are gone only the server knows.
        let sweep = RetentionSweep(retention: retention, run: 0)
        do {
            let before = try queue.read(HistoryState.counts).total
            while try queue.write({ try sweep.step($0, now: now) }) {}
            return Int(clamping: before - (try queue.read(HistoryState.counts).total))
        } catch {
            throw StorageError(error, path: directory.databasePath)
        }
    }
}

extension RecordCounts {
    /// All kinds together.
    var total: Int64 { messages + privateMessages + infos }
}
