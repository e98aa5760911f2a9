/// Where the columns of the message pane are: time, name, mark, text.
///
///     12:04   alice   Hi everyone!
///     12:06     bob → you  only between us
struct PaneColumns: Hashable, Sendable {
    /// All cells of the screen, those of the list of people included.
    let screenWidth: Int
    /// The first cell of the time.
    let time: Int
    /// The cells of the time; 0 where it has no room.
    let timeWidth: Int
    /// The first cell of the names.
    let name: Int
    /// The cells of the names, which end at the right.
    let nameWidth: Int
    /// The cell of the mark between name and text; nil where it shares the names' last one.
    let mark: Int?
    /// The first cell of the text.
    let text: Int
    /// The cells of the text, at least 1.
    let textWidth: Int

    /// The fewest and the most cells that names get.
    static let nameWidths = 6...16

    /// Divides a width.
    ///
    /// - Parameters:
    ///   - columns: The cells for messages.
    ///   - screenColumns: The cells of the screen.
    ///   - widestName: The cells of the widest name of late.
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

    /// Where a mark goes that stands in place of a name.
    var eventMark: Int { mark ?? name + nameWidth - 1 }
}
