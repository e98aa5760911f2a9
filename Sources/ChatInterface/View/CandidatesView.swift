extension Interface {
    /// Draws the candidates of Tab on the line above the input line.
    func drawCandidates(on grid: inout Grid, _ regions: ScreenRegions) {
        guard let row = regions.lowerRule, let cycle = prompt.completion, let current = cycle.index else { return }
        // Keep the right end free for the count of lines below.
        let end = regions.pane.column + max(0, regions.pane.columns - 24)
        var column = regions.pane.column + 1
        for (number, candidate) in (cycle.candidates[current...] + cycle.candidates[..<current]).enumerated() {
            let text = " \(candidate.trimmingSpaces()) "
            let width = DisplayWidth.of(text)
            guard column + width <= end else {
                grid.write(
                    " \(glyphs.ellipsis) ",
                    row: row,
                    column: column,
                    maxColumns: max(0, regions.pane.endColumn - column),
                    style: theme.dim
                )
                break
            }
            column += grid.write(text, row: row, column: column, style: number == 0 ? theme.accent : theme.dim)
        }
    }
}
