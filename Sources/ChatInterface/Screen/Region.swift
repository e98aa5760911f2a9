/// A rectangle of a grid.
///
/// Views cut the screen into regions, and each draws into its own. A region may be empty, and may extend beyond the
/// edge of a grid: drawing clips.
public struct Region: Hashable, Sendable {
    /// The first row.
    public var row: Int
    /// The first column.
    public var column: Int
    /// The height in cells.
    public var rows: Int
    /// The width in cells.
    public var columns: Int

    /// Creates a region; a negative size counts as 0.
    public init(row: Int, column: Int, rows: Int, columns: Int) {
        self.row = row
        self.column = column
        self.rows = max(0, rows)
        self.columns = max(0, columns)
    }

    /// Whether it has no cells.
    public var isEmpty: Bool { rows == 0 || columns == 0 }

    /// The row after the last one.
    public var endRow: Int { row + rows }

    /// The column after the last one.
    public var endColumn: Int { column + columns }

    /// Whether it contains a position.
    public func contains(_ position: Grid.Position) -> Bool {
        position.row >= row && position.row < endRow && position.column >= column && position.column < endColumn
    }

    /// Cuts rows off its top and returns them; fewer if it has fewer.
    public mutating func takeTop(_ count: Int) -> Region {
        let count = min(max(0, count), rows)
        let taken = Region(row: row, column: column, rows: count, columns: columns)
        row += count
        rows -= count
        return taken
    }

    /// Cuts rows off its bottom and returns them; fewer if it has fewer.
    public mutating func takeBottom(_ count: Int) -> Region {
        let count = min(max(0, count), rows)
        rows -= count
        return Region(row: endRow, column: column, rows: count, columns: columns)
    }

    /// Cuts columns off its right and returns them; fewer if it has fewer.
    public mutating func takeRight(_ count: Int) -> Region {
        let count = min(max(0, count), columns)
        columns -= count
        return Region(row: row, column: endColumn, rows: rows, columns: count)
    }

    /// A region of a given size in the middle of this one, or smaller if this one is smaller.
    public func centered(rows: Int, columns: Int) -> Region {
        let rows = min(max(0, rows), self.rows)
        let columns = min(max(0, columns), self.columns)
        return Region(
            row: row + (self.rows - rows) / 2,
            column: column + (self.columns - columns) / 2,
            rows: rows,
            columns: columns
        )
    }
}
