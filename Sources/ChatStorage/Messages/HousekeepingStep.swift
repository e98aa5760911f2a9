/// How much one step of housekeeping takes: so little that a message which comes
/// meanwhile does not wait long.
///
/// The work grows with the text, which is taken apart into words to go into the
/// search index or out of it; with rows where there is little text.
struct HousekeepingStep {
    /// The most rows.
    static let maximumRows = 200
    /// The most bytes of text, but for a first row that has more.
    static let maximumBytes: Int64 = 65_536

    /// How many rows it has.
    private(set) var rows = 0
    private var bytes: Int64 = 0

    /// Takes a row, if there is room for it; else false.
    mutating func take(bytes more: Int64) -> Bool {
        guard rows == 0 || (rows < Self.maximumRows && bytes + more <= Self.maximumBytes) else { return false }
        rows += 1
        bytes += more
        return true
    }
}
