import ChatInterface
import FuzzSupport

/// Checks that a terminal shows a screen just as the grid has it.
func check(_ grid: Grid) {
    check(grid.cells.count == grid.rows * grid.columns, "the grid has lost cells")
    if let cursor = grid.cursor {
        let isInside = (0..<grid.rows).contains(cursor.row) && (0..<grid.columns).contains(cursor.column)
        check(isInside, "the cursor is at \(cursor) of \(grid.rows) rows and \(grid.columns) columns")
    }
    for row in 0..<grid.rows {
        var column = 0
        while column < grid.columns {
            let text = grid[row, column].text
            let width = width(of: text, on: grid)
            check(column + width <= grid.columns, "a wide character is cut by the edge")
            if width == 2 { check(grid[row, column + 1].text.isEmpty, "a wide character is cut by the next") }
            column += width
        }
    }
}

/// The cells that the text of a cell takes.
private func width(of text: String, on grid: Grid) -> Int {
    if text.utf8.count == 1, let byte = text.utf8.first, (0x20..<0x7F).contains(byte) { return 1 }
    check(!grid.glyphs.isASCII, "\(text.debugDescription) is shown on a terminal that knows ASCII only")
    checkIsSafe(text)
    let scalars = text.unicodeScalars
    check((1...5).contains(scalars.count), "a cell has \(scalars.count) scalars")
    let widths = scalars.map { DisplayWidth.of($0) }
    check(widths.dropFirst().allSatisfy { $0 == 0 }, "\(text.debugDescription) is more than one character")
    return max(1, widths.first ?? 1)
}
