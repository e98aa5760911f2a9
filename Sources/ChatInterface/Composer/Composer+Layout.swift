extension Composer {
    /// The part of a composer that is in view.
    public struct Layout: Hashable, Sendable {
        /// A piece of a row in one look.
        public struct Run: Hashable, Sendable {
            /// The text.
            public var text: String
            /// Whether it stands for something else: a line break, or text out of view.
            public var isMark: Bool
        }

        /// The rows from the top, at least one.
        public var rows: [[Run]]
        /// Where the cursor is, within the rows.
        public var cursor: Grid.Position
    }

    /// What is in view with some cells to show it in.
    ///
    /// With one row, long text scrolls sideways and a mark stands for a line
    /// break. With more, text is wrapped, and no more rows are returned than it needs.
    public func layout(columns: Int, maximumRows: Int = 1, glyphs: GlyphSet = .unicode) -> Layout {
        Layout(rows: [[]], cursor: Grid.Position(row: 0, column: 0))
    }
}

extension Grid {
    /// Draws a composer's rows into a region and places the cursor.
    public mutating func draw(_ layout: Composer.Layout, in region: Region, text: Style, mark: Style) {}
}
