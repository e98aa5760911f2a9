internal import GRDB

/// Deletes what is beyond the retention, oldest first, a little at a time.
struct RetentionSweep {
    let retention: Retention
    /// The present run of the server, 0 where none is.
    let run: Int64
    /// Called where something stays that would go for its age, because the
    /// clock can't be believed; nil to believe it.
    var doubt: (() -> Void)?

    /// Deletes a little.
    ///
    /// - Parameter now: Milliseconds since the Unix epoch.
    /// - Returns: Whether there was anything, and so may be more.
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

    /// The last of the oldest records that go for their age, or of some of
    /// them; nil where none does.
    ///
    /// A record from the future was stored while the clock was ahead. It says
    /// nothing about those after it, and goes when they do.
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

    /// Private messages between two guests of an earlier run: nobody is left
    /// who may read them.
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

    /// Deletes records, from the search index too, and counts them.
    private static func delete(_ kind: RecordKind, where condition: String, in database: Database) throws {
        if kind != .info {
            // The index keeps no text of its own: it has to be told what it forgets.
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
