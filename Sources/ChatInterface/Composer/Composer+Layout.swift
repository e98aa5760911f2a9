extension Composer {
    /// The visible part of a composer.
    public struct Layout: Hashable, Sendable {
        /// A piece of a row with one look.
        public struct Run: Hashable, Sendable {
            /// The text.
            public var text: String
            /// Whether it stands for something else: a line break, or hidden text.
            public var isMark: Bool
        }

        /// The rows from the top, at least one.
        public var rows: [[Run]]
        /// The position of the cursor within the rows.
        public var cursor: Grid.Position
        /// Whether rows are hidden above the first.
        public var hasMoreAbove = false
        /// Whether rows are hidden below the last.
        public var hasMoreBelow = false
    }

    /// Lays out the visible part for a number of cells.
    ///
    /// With one row, long text scrolls sideways, by half of the visible part at a time, and a mark stands for a line
    /// break. With more rows, text is wrapped one cell short of the width, so that the cursor has a place after it. No
    /// more rows are returned than the text needs. A field or a secret has one row.
    public func layout(columns: Int, maximumRows: Int = 1, glyphs: GlyphSet = .unicode) -> Layout {
        let columns = max(1, columns)
        if kind == .message, maximumRows > 1 {
            return wrapped(columns: columns, maximumRows: maximumRows)
        }
        return scrolled(columns: columns, glyphs: glyphs)
    }

    private func wrapped(columns: Int, maximumRows: Int) -> Layout {
        let text = text
        let offset = characters[..<cursor].reduce(0) { $0 + $1.utf8.count }
        let rows = LineWrapper(columns: columns - 1).rows(of: text)
        let cursorRow = rows.lastIndex { $0.extent.lowerBound <= offset } ?? 0
        // Show the rows around the cursor's, if there are more on both sides.
        let top = max(0, min(cursorRow - maximumRows / 2, rows.count - maximumRows))
        let bottom = min(rows.count, top + maximumRows)
        let beforeCursor = text.substring(utf8: rows[cursorRow].extent.lowerBound..<offset)
        return Layout(
            rows: rows[top..<bottom].map { row in
                // Keep the spaces at its end, because they are being typed.
                let shown = text.substring(utf8: row.extent).filter { !$0.isNewline }
                return shown.isEmpty ? [] : [Layout.Run(text: shown, isMark: false)]
            },
            cursor: Grid.Position(
                row: cursorRow - top,
                column: min(DisplayWidth.of(beforeCursor), columns - 1)
            ),
            hasMoreAbove: top > 0,
            hasMoreBelow: bottom < rows.count
        )
    }

    private func scrolled(columns: Int, glyphs: GlyphSet) -> Layout {
        let items = characters.map { item(for: $0, glyphs: glyphs) }
        let cursorColumn = items[..<cursor].reduce(0) { $0 + $1.width }
        let total = items[cursor...].reduce(cursorColumn) { $0 + $1.width }
        if total < columns {
            return Layout(rows: [Self.runs(items[...])], cursor: Grid.Position(row: 0, column: cursorColumn))
        }
        // If there is no room for marks at the ends, show only text.
        let markColumns = columns >= 4 ? 1 : 0
        let room = columns - 2 * markColumns
        var first = 0
        var firstColumn = 0
        if cursorColumn >= columns - markColumns {
            let step = max(1, room / 2)
            let start = (cursorColumn - room + step) / step * step
            while first < cursor, firstColumn < start {
                firstColumn += items[first].width
                first += 1
            }
        }
        let leftMark = first > 0 ? markColumns : 0
        var end = first
        var used = leftMark
        while end < items.count {
            // Keep the last cell for a mark, unless this is the end of the text.
            let limit = end == items.count - 1 ? columns : columns - markColumns
            guard used + items[end].width <= limit else { break }
            used += items[end].width
            end += 1
        }
        let mark = Item(text: glyphs.ellipsis, width: 1, isMark: true)
        var shown = Array(items[first..<end])
        if leftMark > 0 { shown.insert(mark, at: 0) }
        if end < items.count, used < columns { shown.append(mark) }
        let column = leftMark + cursorColumn - firstColumn
        return Layout(
            rows: [Self.runs(shown[...])],
            cursor: Grid.Position(row: 0, column: min(max(0, column), columns - 1))
        )
    }

    private struct Item {
        var text: String
        var width: Int
        var isMark: Bool
    }

    private func item(for character: Character, glyphs: GlyphSet) -> Item {
        if kind == .secret { return Item(text: glyphs.mask, width: 1, isMark: false) }
        if character.isNewline { return Item(text: glyphs.lineBreak, width: 1, isMark: true) }
        return Item(text: String(character), width: DisplayWidth.of(character), isMark: false)
    }

    private static func runs(_ items: ArraySlice<Item>) -> [Layout.Run] {
        var runs: [Layout.Run] = []
        for item in items {
            if let last = runs.last, last.isMark == item.isMark {
                runs[runs.count - 1].text += item.text
            } else {
                runs.append(Layout.Run(text: item.text, isMark: item.isMark))
            }
        }
        return runs
    }
}

extension Grid {
    /// Draws the visible part of a composer into a region and places the cursor.
    ///
    /// The region's last column shows whether rows are hidden.
    public mutating func draw(_ layout: Composer.Layout, in region: Region, text: Style, mark: Style) {
        fill(region, style: text)
        let shown = layout.rows.prefix(region.rows)
        for (index, runs) in shown.enumerated() {
            var column = 0
            for run in runs {
                column += write(
                    run.text,
                    row: region.row + index,
                    column: region.column + column,
                    maxColumns: region.columns - column,
                    style: run.isMark ? mark : text,
                    overflow: .clip
                )
            }
        }
        let place = Position(row: region.row + layout.cursor.row, column: region.column + layout.cursor.column)
        cursor = region.contains(place) ? place : nil
        let last = region.endColumn - 1
        if layout.hasMoreAbove, place != Position(row: region.row, column: last) {
            write(glyphs.arrowUp, row: region.row, column: last, maxColumns: 1, style: mark)
        }
        let lastRow = region.row + shown.count - 1
        if layout.hasMoreBelow, place != Position(row: lastRow, column: last) {
            write(glyphs.arrowDown, row: lastRow, column: last, maxColumns: 1, style: mark)
        }
    }
}
