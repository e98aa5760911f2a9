internal import GRDB

/// Deletes what is beyond the retention, oldest first, in small steps.
struct RetentionSweep {
    let retention: Retention
    /// The server's current run, or 0 if no server is running.
    let run: Int64
    /// Called when old records are kept because the clock seems wrong; if nil, the clock is always trusted.
    var doubt: (() -> Void)?

    /// Deletes a small number of records.
    ///
    /// - Parameter now: Milliseconds since the Unix epoch.
    /// - Returns: Whether anything was deleted, so that there may be more.
    func step(_ database: Database, now: Int64) throws -> Bool {
        if try deleteOrphans(database) { return true }
        for kind in RecordKind.allCases {
            let bound = kind == .info ? retention.infos : retention.messages
            if try delete(kind, beyond: bound, now: now, in: database) { return true }
        }
        return false
    }

    private func delete(
        _ kind: RecordKind,
        beyond bound: Retention.Bound,
        now: Int64,
        in database: Database
    ) throws -> Bool {
        let excess = try HistoryState.counts(database)[keyPath: kind.count] - max(0, bound.count)
        let tooOld = try lastTooOld(kind, beyond: bound, now: now, in: database)
        guard excess > 0 || tooOld != nil else { return false }
        let statement = try database.cachedStatement(
            sql: "SELECT id, length(CAST(text AS BLOB)) FROM \(kind.rawValue) ORDER BY id"
        )
        var step = HousekeepingStep()
        var last: Int64?
        try statement.forRows {
            let id = statement.int64(0)
            let isBeyond = step.rows < excess || tooOld.map { id <= $0 } == true
            guard isBeyond, step.take(bytes: statement.int64(1)) else { return false }
            last = id
            return true
        }
        guard let last else { return false }
        try Self.delete(kind, where: "id <= \(last)", in: database)
        return true
    }

    /// The last of a run of oldest records that are too old (or of the first few of them); nil if none is too old.
    ///
    /// A record with a future time was stored while the clock was ahead. It says nothing about the records after it,
    /// and is deleted together with them.
    private func lastTooOld(
        _ kind: RecordKind,
        beyond bound: Retention.Bound,
        now: Int64,
        in database: Database
    ) throws -> Int64? {
        guard let seconds = bound.seconds else { return nil }
        let oldestAllowed = now - min(max(0, seconds), Int64.max / 2000) * 1000
        let statement = try database.cachedStatement(
            sql: """
                SELECT id, at FROM \(kind.rawValue) WHERE at <= ?
                ORDER BY id LIMIT \(HousekeepingStep.maximumRows)
                """
        )
        statement.set(now, at: 1)
        var last: Int64?
        try statement.forRows {
            guard statement.int64(1) < oldestAllowed else { return false }
            last = statement.int64(0)
            return true
        }
        guard last != nil, let doubt, try ClockJump.isSuspected(at: now, in: database) else { return last }
        doubt()
        return nil
    }

    /// Deletes private messages between two guests of an earlier run, as nobody is left who may read them.
    private func deleteOrphans(_ database: Database) throws -> Bool {
        let statement = try database.cachedStatement(
            sql: "SELECT id, length(CAST(text AS BLOB)) FROM private_message WHERE guest_run < ?"
        )
        statement.set(run, at: 1)
        var step = HousekeepingStep()
        var ids: [Int64] = []
        try statement.forRows {
            guard step.take(bytes: statement.int64(1)) else { return false }
            ids.append(statement.int64(0))
            return true
        }
        guard !ids.isEmpty else { return false }
        let list = ids.map(String.init).joined(separator: ", ")
        try Self.delete(.privateMessage, where: "id IN (\(list))", in: database)
        return true
    }

    /// Deletes records, also from the search index, and updates the counts.
    private static func delete(_ kind: RecordKind, where condition: String, in database: Database) throws {
        if kind != .info {
            // The index stores no text of its own, so it must be given the text that is to be removed.
            try database.execute(
                sql: """
                    INSERT INTO search (search, rowid, sender, text)
                    SELECT 'delete', id, sender, text FROM \(kind.rawValue)
                    WHERE \(condition) AND id <= (SELECT through FROM search_state)
                    """
            )
        }
        try database.execute(sql: "DELETE FROM \(kind.rawValue) WHERE \(condition)")
        var counts = RecordCounts()
        counts[keyPath: kind.count] = -Int64(database.changesCount)
        try HistoryState.count(counts, highest: 0, in: database)
    }
}
