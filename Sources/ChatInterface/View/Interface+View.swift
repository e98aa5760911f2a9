extension Interface {
    /// The screen as it should be now.
    ///
    /// It lays out the visible part and keeps the result, so that drawing the same again costs little.
    public mutating func view() -> Grid {
        var grid = Grid(columns: size.columns, rows: size.rows, glyphs: glyphs)
        if size.isUsable {
            isFocusShown = true
            doubts.held?.isShown = true
        }
        if !size.isUsable {
            drawTooSmall(on: &grid)
        } else if let login {
            draw(login, on: &grid)
        } else {
            drawChat(on: &grid)
        }
        grid.paintDefaults(foreground: theme.base.foreground, background: theme.base.background)
        return grid
    }

    private mutating func drawChat(on grid: inout Grid) {
        let regions = screenRegions()
        drawStatus(on: &grid, in: regions.status)
        drawRules(on: &grid, regions)
        var across: Set<Int> = []
        if let help {
            draw(help, on: &grid, in: regions.pane)
        } else {
            across = drawPane(on: &grid, regions)
        }
        if let region = regions.sidebar { drawSidebar(on: &grid, in: region, except: across) }
        drawPrompt(on: &grid, in: regions.prompt)
        drawCandidates(on: &grid, regions)
    }

    private func drawRules(on grid: inout Grid, _ regions: ScreenRegions) {
        if let row = regions.upperRule { grid.drawHorizontalRule(row: row, style: theme.border) }
        if let row = regions.lowerRule { grid.drawHorizontalRule(row: row, style: theme.border) }
        guard let sidebar = regions.sidebar else { return }
        grid.drawVerticalRule(column: sidebar.column, row: sidebar.row, rows: sidebar.rows, style: theme.border)
        if let row = regions.upperRule {
            grid.write(glyphs.teeDown, row: row, column: sidebar.column, style: theme.border)
        }
        if let row = regions.lowerRule {
            grid.write(glyphs.teeUp, row: row, column: sidebar.column, style: theme.border)
        }
    }

    private func drawTooSmall(on grid: inout Grid) {
        let wanted = "\(ScreenSize.fewestColumns)x\(ScreenSize.fewestRows)"
        let text = "The chat needs \(wanted); this window is smaller."
        let rows = LineWrapper(columns: size.columns).rows(of: text)
        let region = Region(row: 0, column: 0, rows: size.rows, columns: size.columns)
        let middle = region.centered(rows: rows.count, columns: size.columns)
        for (row, line) in zip(middle.row..<middle.endRow, rows) {
            grid.write(text.substring(utf8: line.range), row: row, column: 0, style: theme.warning, overflow: .clip)
        }
    }
}
