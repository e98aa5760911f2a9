extension Grid {
    /// Where text goes in more room than it needs.
    public enum Alignment: Hashable, Sendable {
        /// At the left end.
        case left
        /// In the middle; one cell further left if that is not a whole cell.
        case center
        /// At the right end.
        case right
    }

    /// What happens to text that does not fit.
    public enum Overflow: Hashable, Sendable {
        /// Its end is replaced by one mark.
        case ellipsis
        /// Its end is cut off.
        case clip
    }

    /// Writes text on one row and returns how many cells it took.
    ///
    /// It fills at most `maxColumns` cells, and none beyond the right edge. A character of two cells is never cut in
    /// half: neither a new one that does not fit, nor an old one that is partly overwritten. A line break is shown as a
    /// replacement character.
    @discardableResult
    public mutating func write(
        _ text: some StringProtocol,
        row: Int,
        column: Int,
        maxColumns: Int = .max,
        style: Style = .plain,
        alignment: Alignment = .left,
        overflow: Overflow = .ellipsis
    ) -> Int {
        guard row >= 0, row < rows, column >= 0, column < columns else { return 0 }
        let limit = min(maxColumns, columns - column)
        guard limit > 0 else { return 0 }
        var start = column
        if alignment != .left {
            let free = limit - min(limit, DisplayWidth.of(text))
            start += alignment == .right ? free : free / 2
        }
        let end = column + limit
        var position = start
        // Where the mark goes if it is needed.
        var lastFit = start
        for character in text {
            // Most text is ASCII, where each character is one piece.
            if position < end, let byte = character.asciiValue, (0x20..<0x7F).contains(byte) {
                put(String(character), width: 1, row: row, column: position, style: style)
                position += 1
                if position < end { lastFit = position }
                continue
            }
            for piece in pieces(of: character) {
                guard position + piece.width <= end else {
                    return finish(row: row, from: start, at: position, mark: lastFit, end: end, style, overflow)
                }
                put(piece.text, width: piece.width, row: row, column: position, style: style)
                position += piece.width
                if position < end { lastFit = position }
            }
        }
        return position - start
    }

    /// Handles text that is longer than the room for it.
    private mutating func finish(
        row: Int,
        from start: Int,
        at position: Int,
        mark: Int,
        end: Int,
        _ style: Style,
        _ overflow: Overflow
    ) -> Int {
        guard overflow == .ellipsis else { return position - start }
        for column in mark..<position {
            put(" ", width: 1, row: row, column: column, style: style)
        }
        put(glyphs.ellipsis, width: 1, row: row, column: mark, style: style)
        return max(position, mark + 1) - start
    }

    /// Fills a region with one style and one character of width 1.
    public mutating func fill(_ region: Region, style: Style, with text: String = " ") {
        let piece = pieces(of: text.first ?? " ").first { $0.width == 1 }?.text ?? " "
        for row in max(0, region.row)..<max(0, region.row, min(rows, region.endRow)) {
            for column in max(0, region.column)..<max(0, region.column, min(columns, region.endColumn)) {
                put(piece, width: 1, row: row, column: column, style: style)
            }
        }
    }

    /// Draws a horizontal line over a number of cells.
    public mutating func drawHorizontalRule(row: Int, column: Int = 0, columns: Int = .max, style: Style = .plain) {
        let width = min(max(0, columns), max(0, self.columns - column))
        fill(Region(row: row, column: column, rows: 1, columns: width), style: style, with: glyphs.horizontalRule)
    }

    /// Draws a vertical line over a number of cells.
    public mutating func drawVerticalRule(column: Int, row: Int = 0, rows: Int = .max, style: Style = .plain) {
        let height = min(max(0, rows), max(0, self.rows - row))
        fill(Region(row: row, column: column, rows: height, columns: 1), style: style, with: glyphs.verticalRule)
    }

    /// Gives a foreground and a background to all cells that have the terminal's own.
    ///
    /// A theme with its own background paints it this way at once, after the rest of the screen is drawn.
    public mutating func paintDefaults(foreground: Style.Paint, background: Style.Paint) {
        for index in cells.indices {
            if cells[index].style.foreground == .terminalDefault { cells[index].style.foreground = foreground }
            if cells[index].style.background == .terminalDefault { cells[index].style.background = background }
        }
    }

    /// The pieces of a character with this grid's glyphs; they take the same number of cells with any glyphs.
    private func pieces(of character: Character) -> [CellText.Piece] {
        let pieces = CellText.cells(of: character)
        guard glyphs.isASCII else { return pieces }
        return pieces.flatMap { piece in
            if piece.text.utf8.count == 1 { return [piece] }
            let plain = CellText.Piece(CellText.ascii(for: piece.text), width: 1)
            return Array(repeating: plain, count: piece.width)
        }
    }

    /// Writes one piece; its position must be on the grid.
    private mutating func put(_ text: String, width: Int, row: Int, column: Int, style: Style) {
        let first = row * columns + column
        // If half of a wide character is overwritten, clear its other half.
        if column > 0, cells[first].text.isEmpty {
            cells[first - 1].text = " "
        }
        if column + width < columns, cells[first + width].text.isEmpty {
            cells[first + width].text = " "
        }
        cells[first] = Cell(text: text, style: style)
        if width == 2 {
            cells[first + 1] = Cell(text: "", style: style)
        }
    }
}
