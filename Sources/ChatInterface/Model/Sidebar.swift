/// The list of people at the side.
struct Sidebar: Hashable, Sendable {
    /// Whether the user wants it; where there is no room it is not shown.
    var isWanted = true
    /// How many people are scrolled out at the top.
    var scroll = 0

    /// Below this width there is no room for it.
    static let fewestColumns = 60

    /// The cells that it takes with the line at its left; the same for a width
    /// whoever is there, so that nothing moves when somebody comes.
    static func width(columns: Int) -> Int {
        switch columns {
        case 100...: 20
        case 80...: 18
        default: 16
        }
    }

    /// How many people fit with the count above them.
    ///
    /// - Returns: How many can be shown, and how many at each end are not.
    func clip(people: Int, rows: Int) -> (shown: Range<Int>, more: Int) {
        let room = max(0, rows - 1)
        guard people > room else { return (0..<people, 0) }
        // The last row says how many more there are.
        let shown = max(0, room - 1)
        let start = min(max(0, scroll), people - shown)
        return (start..<start + shown, people - start - shown)
    }
}
