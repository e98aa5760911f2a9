internal import ChatInterface
internal import Testing

extension InterfaceDriver {
    /// The screen as a drawing: rows without the spaces at their ends, a block where the cursor is.
    var drawing: String {
        mutating get {
            var grid = interface.view()
            if let cursor = grid.cursor, grid[cursor.row, cursor.column].text == " " {
                grid.write(grid.glyphs.isASCII ? "_" : "█", row: cursor.row, column: cursor.column)
            }
            return grid.text
        }
    }

    /// The rows of the screen that hold a text.
    mutating func rows(with text: String) -> [String] {
        screen.filter { $0.contains(text) }
    }
}

/// Checks that a screen is what was drawn.
func expect(
    _ driver: inout InterfaceDriver,
    shows drawing: String,
    sourceLocation: SourceLocation = #_sourceLocation
) {
    let shown = driver.drawing
    guard shown != drawing else { return }
    Issue.record("The screen is:\n\(shown)\n\nand should be:\n\(drawing)", sourceLocation: sourceLocation)
}
