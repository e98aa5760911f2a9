/// The size limit of one housekeeping step, small enough that a message coming in meanwhile does not wait long.
///
/// Most of the work is splitting text into words for adding to or removing from the search index, so it grows with the
/// text; with little text it grows with the number of rows.
struct HousekeepingStep {
    /// The most rows.
    static let maximumRows = 200
    /// The most bytes of text; a first row with more is still taken.
    static let maximumBytes: Int64 = 65_536

    /// The number of rows taken so far.
    private(set) var rows = 0
    private var bytes: Int64 = 0

    /// Counts a row as part of the step if there is room for it; returns false if not.
    mutating func take(bytes more: Int64) -> Bool {
        guard rows == 0 || (rows < Self.maximumRows && bytes + more <= Self.maximumBytes) else { return false }
        rows += 1
        bytes += more
        return true
    }
}
