internal import GRDB

/// Detects a clock that is set far too late, before messages are deleted because they wrongly seem old.
///
/// The newest record stored more than a day ago is compared with now. If it is more than a year older, either the
/// server was off that long or the clock is wrong. Records of the last day don't count, because they may have been
/// stored with the same wrong clock.
enum ClockJump {
    /// How long a server may reasonably have been off or without users, in milliseconds: 366 days.
    static let longest: Int64 = 366 * day
    /// How long an operator has time to correct the clock, in milliseconds.
    static let day: Int64 = 86_400_000

    /// The line for the operator, without a full stop.
    static let warning =
        "the clock reads more than a year later than the last messages: for a day nothing is deleted for its age; "
        + "set the clock if it is wrong"

    /// Whether the clock seems to be wrong.
    ///
    /// - Parameter now: The clock's time, in milliseconds since the Unix epoch.
    static func isSuspected(at now: Int64, in database: Database) throws -> Bool {
        var isAnyKnown = false
        // If something is stored every day, one row is enough to decide.
        for kind in [RecordKind.info, .message, .privateMessage] {
            let statement = try database.cachedStatement(
                sql: "SELECT at FROM \(kind.rawValue) WHERE at <= ? ORDER BY id DESC LIMIT 1"
            )
            statement.set(now - day, at: 1)
            var newest: Int64?
            try statement.forEachRow { newest = statement.int64(0) }
            guard let newest else { continue }
            if newest >= now - day - longest { return false }
            isAnyKnown = true
        }
        return isAnyKnown
    }
}
