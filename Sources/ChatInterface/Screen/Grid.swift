/// A screen as a value: the view draws it and the terminal shows it.
public struct Grid: Hashable, Sendable {
    /// One place on the screen.
    public struct Cell: Hashable, Sendable {
        /// One base character with at most four combining marks; empty in the second cell of a wide character.
        public var text: String
        /// The look of the cell.
        public var style: Style

        /// Creates a cell.
        public init(text: String = " ", style: Style = .plain) {
            self.text = text
            self.style = style
        }
    }

    /// A position on the grid; the top left is (0, 0).
    public struct Position: Hashable, Sendable {
        /// The row, counted from the top.
        public var row: Int
        /// The column, counted from the left.
        public var column: Int

        /// Creates a position.
        public init(row: Int, column: Int) {
            self.row = row
            self.column = column
        }
    }

    /// The characters for decorations; with ASCII ones all cells hold only ASCII.
    public let glyphs: GlyphSet
    /// The width in cells.
    public let columns: Int
    /// The height in cells.
    public let rows: Int
    /// All cells, row by row.
    public internal(set) var cells: [Cell]
    /// The position of the cursor; nil hides it.
    public var cursor: Position?

    /// Creates an empty grid.
    public init(columns: Int, rows: Int, glyphs: GlyphSet = .unicode) {
        self.glyphs = glyphs
        self.columns = max(0, columns)
        self.rows = max(0, rows)
        self.cells = Array(repeating: Cell(), count: self.columns * self.rows)
    }

    /// The region of the whole grid.
    public var bounds: Region { Region(row: 0, column: 0, rows: rows, columns: columns) }

    /// The cell at a position; outside, an empty one.
    public subscript(row: Int, column: Int) -> Cell {
        guard row >= 0, row < rows, column >= 0, column < columns else { return Cell() }
        return cells[row * columns + column]
    }
}
