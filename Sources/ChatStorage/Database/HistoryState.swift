internal import GRDB

/// The single row of counters that belongs to the history.
enum HistoryState {
    /// How many ids are skipped after a power cut: more than could have been assigned in the second that may be lost.
    static let skippedIDs: Int64 = 1_000_000

    /// Starts a run of the server.
    ///
    /// After a power cut the last commits may be missing, though clients have seen their ids. A crash of the process
    /// alone loses nothing; it can be recognized because the machine is still in the same boot.
    ///
    /// This must be on the disk before the first id is assigned: what is stored here decides after a power cut whether
    /// ids are skipped.
    ///
    /// - Returns: The number of this run, and the highest id ever assigned.
    static func beginRun(_ database: Database, boot: String?) throws -> (run: Int64, highest: Int64) {
        try database.execute(
            sql: """
                UPDATE history_state SET
                    run = run + 1,
                    highest = highest + iif(is_closed OR boot IS :boot AND boot IS NOT NULL, 0, :skipped),
                    boot = :boot,
                    is_closed = 0
                """,
            arguments: ["boot": boot, "skipped": skippedIDs]
        )
        let statement = try database.cachedStatement(sql: "SELECT run, highest FROM history_state")
        var state: (Int64, Int64) = (0, 0)
        try statement.forEachRow { state = (statement.int64(0), statement.int64(1)) }
        return state
    }

    /// Marks the run as ended properly: everything has been written.
    static func endRun(_ database: Database) throws {
        try database.execute(sql: "UPDATE history_state SET is_closed = 1")
    }

    /// Updates the counts; negative numbers mean that records were deleted.
    ///
    /// - Parameter highest: The highest id that was added, 0 for none.
    static func count(_ added: RecordCounts, highest: Int64, in database: Database) throws {
        let statement = try database.cachedStatement(
            sql: """
                UPDATE history_state SET
                    highest = max(highest, ?1),
                    messages = messages + ?2,
                    private_messages = private_messages + ?3,
                    infos = infos + ?4
                """
        )
        statement.set(highest, at: 1)
        statement.set(added.messages, at: 2)
        statement.set(added.privateMessages, at: 3)
        statement.set(added.infos, at: 4)
        try statement.run()
    }

    /// The number of records stored.
    static func counts(_ database: Database) throws -> RecordCounts {
        let statement = try database.cachedStatement(
            sql: "SELECT messages, private_messages, infos FROM history_state"
        )
        var counts = RecordCounts()
        try statement.forEachRow {
            counts.messages = statement.int64(0)
            counts.privateMessages = statement.int64(1)
            counts.infos = statement.int64(2)
        }
        return counts
    }
}

/// Numbers of records, by kind.
struct RecordCounts: Hashable, Sendable {
    var messages: Int64 = 0
    var privateMessages: Int64 = 0
    var infos: Int64 = 0
}
