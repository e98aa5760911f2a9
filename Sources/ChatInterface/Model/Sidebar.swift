/// The list of people at the side of the screen.
struct Sidebar: Hashable, Sendable {
    /// Whether the user wants it; it is hidden anyway if there is no room.
    var isWanted = true
    /// How many people above the first visible one are hidden.
    var scroll = 0

    /// The least width of the screen for it.
    static let fewestColumns = 60

    /// The cells that it takes, including the line at its left.
    ///
    /// They depend only on the screen's width, not on who is there, so that nothing moves when somebody joins.
    static func width(columns: Int) -> Int {
        switch columns {
        case 100...: 20
        case 80...: 18
        default: 16
        }
    }

    /// How many people fit below the row with their number.
    ///
    /// - Returns: Which people are shown, and how many are not.
    func clip(people: Int, rows: Int) -> (shown: Range<Int>, more: Int) {
        let room = max(0, rows - 1)
        guard people > room else { return (0..<people, 0) }
        // The last row says how many more there are.
        let shown = max(0, room - 1)
        let start = min(max(0, scroll), people - shown)
        return (start..<start + shown, people - start - shown)
    }
}
