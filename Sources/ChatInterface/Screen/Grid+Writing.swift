extension Grid {
    /// Where text stands in more room than it needs.
    public enum Alignment: Hashable, Sendable {
        /// At the left end.
        case left
        /// In the middle, a cell to the left of it where that is not whole.
        case center
        /// At the right end.
        case right
    }

    /// What becomes of text that has too little room.
    public enum Overflow: Hashable, Sendable {
        /// Its end gives way to one mark.
        case ellipsis
        /// Its end is left out.
        case clip
    }

    /// Writes text on one row and returns how many cells it took.
    ///
    /// It fills at most `maxColumns` cells, and none beyond the right edge. A
    /// character of two cells is never halved: neither one that does not fit, nor
    /// one that was there and is written over in part. A line break is shown as a
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
        // Where the mark goes once it turns out to be needed.
        var lastFit = start
        for character in text {
            // Most text is ASCII, which is its own only piece.
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

    /// Deals with the end of the room before the end of the text.
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

    /// Fills a region with one style and one character of one cell.
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
    /// A theme with a background of its own paints it in one go, when the rest
    /// of the screen is drawn.
    public mutating func paintDefaults(foreground: Style.Paint, background: Style.Paint) {
        for index in cells.indices {
            if cells[index].style.foreground == .terminalDefault { cells[index].style.foreground = foreground }
            if cells[index].style.background == .terminalDefault { cells[index].style.background = background }
        }
    }

    /// What a character is drawn as with this grid's glyphs, in as many cells as with any.
    private func pieces(of character: Character) -> [CellText.Piece] {
        let pieces = CellText.cells(of: character)
        guard glyphs.isASCII else { return pieces }
        return pieces.flatMap { piece in
            if piece.text.utf8.count == 1 { return [piece] }
            let plain = CellText.Piece(CellText.ascii(for: piece.text), width: 1)
            return Array(repeating: plain, count: piece.width)
        }
    }

    /// Puts one piece in its place; the place must be on the grid.
    private mutating func put(_ text: String, width: Int, row: Int, column: Int, style: Style) {
        let first = row * columns + column
        // The left half of what loses its right half, and the other way around.
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
