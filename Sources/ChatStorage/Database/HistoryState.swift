internal import GRDB

/// The one row of counters beside the history.
enum HistoryState {
    /// How many ids are skipped after a power cut: more than could have been
    /// given in the second that it may have cost.
    static let skippedIDs: Int64 = 1_000_000

    /// Begins the run of a server.
    ///
    /// After a power cut the last commits may be missing, while clients saw
    /// their ids. A crash of the process alone loses nothing: then the machine
    /// is still in the same boot.
    ///
    /// Has to be on the disk before the first id is given: what stands there
    /// after a power cut decides whether ids are skipped.
    ///
    /// - Returns: The number of this run, and the highest id ever given.
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

    /// Ends it in good order: all is written down.
    static func endRun(_ database: Database) throws {
        try database.execute(sql: "UPDATE history_state SET is_closed = 1")
    }

    /// Counts what was added or, with numbers below zero, deleted.
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

    /// How many records there are.
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

/// A number of records, by kind.
struct RecordCounts: Hashable, Sendable {
    var messages: Int64 = 0
    var privateMessages: Int64 = 0
    var infos: Int64 = 0
}
