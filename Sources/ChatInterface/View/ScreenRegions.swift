/// The regions of the parts of the chat screen.
struct ScreenRegions: Hashable, Sendable {
    /// The top row: conversation, server, connection.
    var status: Region
    /// The row of the line below it; nil if there is no room for one.
    var upperRule: Int?
    /// The messages, or the help instead of them.
    var pane: Region
    /// The list of people with the line at its left; nil if it is not shown.
    var sidebar: Region?
    /// The row of the line above the prompt; nil if there is no room for one.
    var lowerRule: Int?
    /// The input line.
    var prompt: Region

    /// Divides a screen.
    init(size: ScreenSize, promptRows: Int, hasSidebar: Bool) {
        var rest = Region(row: 0, column: 0, rows: size.rows, columns: size.columns)
        status = rest.takeTop(1)
        if size.rows >= Self.rowsForUpperRule { upperRule = rest.takeTop(1).row }
        prompt = rest.takeBottom(promptRows)
        if size.rows >= Self.rowsForLowerRule { lowerRule = rest.takeBottom(1).row }
        if hasSidebar, size.columns >= Sidebar.fewestColumns {
            sidebar = rest.takeRight(Sidebar.width(columns: size.columns))
        }
        pane = rest
    }

    private static let rowsForUpperRule = 6
    private static let rowsForLowerRule = 12

    /// The most rows that the prompt may have.
    static func mostPromptRows(rows: Int) -> Int {
        switch rows {
        case 14...: 3
        case 8...: 2
        default: 1
        }
    }
}

extension Interface {
    /// The current regions.
    func screenRegions() -> ScreenRegions {
        ScreenRegions(size: size, promptRows: promptLayout().rows, hasSidebar: sidebar.isWanted)
    }

    /// The current layout of the messages.
    func paneLayout() -> MessagePane.Layout {
        paneLayout(in: screenRegions())
    }

    func paneLayout(in regions: ScreenRegions) -> MessagePane.Layout {
        // If there is no line to put it on, the count of lines below needs a row.
        let isCounted = regions.lowerRule == nil && pane.position != .newest
        return MessagePane.Layout(
            columns: PaneColumns(
                columns: regions.pane.columns,
                screenColumns: size.columns,
                widestName: pane.scrollback.widestRecentName,
                time: timeDisplay
            ),
            rows: max(0, regions.pane.rows - (isCounted ? 1 : 0)),
            glyphs: glyphs
        )
    }
}
