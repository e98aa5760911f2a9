internal import GRDB

/// Finds a clock that reads far too late, before what is not old goes for its
/// age.
///
/// What was stored up to a day ago is compared with now. Where a year lies
/// between, the server was off for longer than that or the clock is wrong;
/// what is stored meanwhile, with the same clock, says nothing for a day.
enum ClockJump {
    /// So long a server may well have been off or alone, in milliseconds.
    static let longest: Int64 = 366 * day
    /// So long an operator has to set the clock.
    static let day: Int64 = 86_400_000

    /// The line for the operator, without a full stop.
    static let warning =
        "the clock reads more than a year later than the last messages: for a day nothing is deleted for its age; "
        + "set the clock if it is wrong"

    /// Whether the clock can't be believed.
    ///
    /// - Parameter now: What it says, in milliseconds since the Unix epoch.
    static func isSuspected(at now: Int64, in database: Database) throws -> Bool {
        var isAnyKnown = false
        // Where something is stored every day one row decides.
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
