/// The columns of the message pane: time, name, mark, text.
///
///     12:04   alice   Hi everyone!
///     12:06     bob → you  only between us
struct PaneColumns: Hashable, Sendable {
    /// The cells of the whole screen, including the list of people.
    let screenWidth: Int
    /// The first cell of the time.
    let time: Int
    /// The cells of the time; 0 if there is no room for it.
    let timeWidth: Int
    /// The first cell of the names.
    let name: Int
    /// The cells of the names, which are aligned to the right.
    let nameWidth: Int
    /// The cell of the mark between name and text; nil if it shares the last cell of the names.
    let mark: Int?
    /// The first cell of the text.
    let text: Int
    /// The cells of the text, at least 1.
    let textWidth: Int

    /// The fewest and the most cells that names get.
    static let nameWidths = 6...16

    /// Divides a width into columns.
    ///
    /// - Parameters:
    ///   - columns: The cells for messages.
    ///   - screenColumns: The cells of the screen.
    ///   - widestName: The cells of the widest recent name.
    ///   - display: How times are shown.
    init(columns: Int, screenColumns: Int, widestName: Int, time display: TimeDisplay) {
        screenWidth = max(1, screenColumns)
        let isRoomy = columns >= 50
        let widest = columns >= 60 ? Self.nameWidths.upperBound : max(Self.nameWidths.lowerBound, columns / 5)
        time = columns >= 40 ? 1 : 0
        timeWidth = columns >= 40 ? display.columns : 0
        name = time + (timeWidth == 0 ? 0 : timeWidth + (isRoomy ? 2 : 1))
        nameWidth = min(widest, max(Self.nameWidths.lowerBound, widestName))
        mark = isRoomy ? name + nameWidth + 1 : nil
        text = name + nameWidth + (isRoomy ? 3 : 1)
        textWidth = max(1, columns - text - (columns >= 40 ? 1 : 0))
    }

    /// The cell for a mark that replaces a name.
    var eventMark: Int { mark ?? name + nameWidth - 1 }
}
