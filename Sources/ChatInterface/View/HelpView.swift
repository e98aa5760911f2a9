extension Interface {
    /// One row of the help.
    struct HelpRow: Hashable, Sendable {
        /// What to type or press, at the left.
        var key = ""
        /// What that does, or any other text.
        var text = ""
        /// The column in which the text starts.
        var column = 0
        var isHeading = false
    }

    /// The help in rows of a given width.
    func helpRows(_ overlay: HelpOverlay, columns: Int) -> [HelpRow] {
        let keyColumns = helpKeyColumns(overlay, columns: columns)
        var rows: [HelpRow] = []
        for line in overlay.text.lines {
            switch line {
            case .blank:
                rows.append(HelpRow())
            case .heading(let text):
                rows.append(HelpRow(text: text, isHeading: true))
            case .text(let text):
                for row in LineWrapper(columns: columns - 2).rows(of: text) {
                    rows.append(HelpRow(text: String(text.substring(utf8: row.range))))
                }
            case .entry(let key, let text):
                // If there is no room side by side, put the explanation below.
                let below = keyColumns == 0
                if below { rows.append(HelpRow(key: key)) }
                let width = below ? columns - 4 : columns - keyColumns - 2
                for (index, row) in LineWrapper(columns: width).rows(of: text).enumerated() {
                    rows.append(
                        HelpRow(
                            key: index == 0 && !below ? key : "",
                            text: String(text.substring(utf8: row.range)),
                            column: below ? 2 : keyColumns
                        )
                    )
                }
            }
        }
        return rows
    }

    /// The cells for what is typed or pressed; 0 if there is no room for two columns.
    private func helpKeyColumns(_ overlay: HelpOverlay, columns: Int) -> Int {
        guard columns >= 50 else { return 0 }
        var widest = 0
        for case .entry(let key, _) in overlay.text.lines { widest = max(widest, DisplayWidth.of(key)) }
        return min(widest + 2, columns / 2)
    }

    /// Draws the help instead of the messages.
    func draw(_ overlay: HelpOverlay, on grid: inout Grid, in region: Region) {
        var region = region
        let title = region.takeTop(1)
        let rows = helpRows(overlay, columns: region.columns)
        let keyColumns = helpKeyColumns(overlay, columns: region.columns)
        let most = max(0, rows.count - max(1, region.rows))
        let first = min(overlay.scroll, most)
        var heading = theme.text
        heading.attributes.insert(.bold)
        if title.rows > 0 {
            let taken = grid.write(
                overlay.text.title,
                row: title.row,
                column: title.column + 1,
                maxColumns: title.columns - 1,
                style: heading
            )
            let isLong = most > 0 && region.columns >= 40
            let hint = isLong ? "PgUp, PgDn \(glyphs.separator) Esc closes" : "Esc closes"
            grid.write(
                hint,
                row: title.row,
                column: title.column + taken + 2,
                maxColumns: title.columns - taken - 3,
                style: theme.dim,
                alignment: .right
            )
        }
        for (row, line) in zip(region.row..<region.endRow, rows.dropFirst(first)) {
            let start = region.column + 1
            if !line.key.isEmpty {
                grid.write(
                    line.key,
                    row: row,
                    column: start,
                    maxColumns: (keyColumns == 0 ? region.columns : keyColumns) - 1,
                    style: theme.prompt
                )
            }
            let column = start + line.column
            grid.write(
                line.text,
                row: row,
                column: column,
                maxColumns: region.endColumn - column,
                style: line.isHeading ? heading : theme.text
            )
        }
    }
}
