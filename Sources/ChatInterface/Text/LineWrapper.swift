public import ChatProtocol

/// Breaks text into rows of a given width, between words.
///
/// A row ends at a space, at a line break, or between characters of two cells, because Chinese and Japanese have no
/// spaces. A word that is longer than a row is cut at the end of the row; a character of two cells is never cut. Spaces
/// at the start of a line stay, spaces at the end of a row are not shown. To indent the rows after the first, the
/// caller makes the wrapper narrower.
public struct LineWrapper: Hashable, Sendable {
    /// One row of wrapped text.
    public struct Row: Hashable, Sendable {
        /// The visible part, as offsets into the text's UTF-8.
        public var range: Range<Int>
        /// The visible part with the spaces or the line break at its end.
        ///
        /// The extents of all rows together are the whole text.
        public var extent: Range<Int>
        /// The cells of the row, never more than the wrapper's width.
        ///
        /// With a width of 1, a character of two cells has a row of its own, and a grid shows the mark for text that
        /// did not fit instead.
        public var columns: Int

        /// The visible text.
        public func text(in source: SafeText) -> Substring {
            source.text.substring(utf8: range)
        }
    }

    /// The most cells of a row, at least 1.
    public let columns: Int

    /// Creates a wrapper; a width below 1 counts as 1.
    public init(columns: Int) {
        self.columns = max(1, columns)
    }

    /// The rows of a text, at least one; after a line break at the end there is an empty row.
    public func rows(of text: SafeText) -> [Row] {
        rows(of: text.text)
    }

    func rows(of text: String) -> [Row] {
        var clusters = ClusterCursor(text)
        var layout = Layout(columns: columns)
        while let cluster = clusters.next() {
            switch cluster.kind {
            case .lineBreak:
                layout.endLine(after: cluster)
            case .space:
                layout.addSpace(cluster)
            case .word, .wide:
                layout.addInk(cluster, rest: clusters)
            }
        }
        layout.endText(at: text.utf8.count)
        return layout.rows
    }
}

extension LineWrapper {
    /// The current row, and those that are finished.
    private struct Layout {
        /// A place where the row may end.
        struct Opportunity {
            /// The end of the visible part, and its cells.
            var shownEnd: Int
            var shownColumns: Int
            /// The start of the next row, and the cells before it.
            var next: Int
            var nextColumns: Int
        }

        let columns: Int
        var rows: [Row] = []
        var start = 0
        /// The cells so far, including spaces.
        var column = 0
        /// The end of the last character that is not a space, and the cells up to there.
        var inkEnd = 0
        var inkColumns = 0
        var opportunity: Opportunity?
        var previous: ClusterCursor.Cluster?

        init(columns: Int) {
            self.columns = columns
        }

        /// Ends the row and starts the next.
        mutating func endRow(shownEnd: Int, shownColumns: Int, next: Int) {
            rows.append(Row(range: start..<shownEnd, extent: start..<next, columns: min(shownColumns, columns)))
            start = next
            opportunity = nil
        }

        mutating func startEmpty(at offset: Int) {
            column = 0
            inkEnd = offset
            inkColumns = 0
        }

        mutating func endLine(after cluster: ClusterCursor.Cluster) {
            endRow(shownEnd: inkEnd, shownColumns: inkColumns, next: cluster.end)
            startEmpty(at: cluster.end)
            previous = nil
        }

        mutating func endText(at end: Int) {
            endRow(shownEnd: inkEnd, shownColumns: inkColumns, next: end)
        }

        mutating func addSpace(_ cluster: ClusterCursor.Cluster) {
            column += cluster.width
            // Before the first word the row can't end.
            if inkEnd > start {
                opportunity = Opportunity(
                    shownEnd: inkEnd,
                    shownColumns: inkColumns,
                    next: cluster.end,
                    nextColumns: column
                )
            }
            previous = cluster
        }

        mutating func addInk(_ cluster: ClusterCursor.Cluster, rest: ClusterCursor) {
            if inkEnd > start, let previous, ClusterCursor.mayBreak(between: previous, and: cluster) {
                opportunity = Opportunity(
                    shownEnd: inkEnd,
                    shownColumns: inkColumns,
                    next: cluster.start,
                    nextColumns: column
                )
            }
            while column + cluster.width > columns, column > 0 {
                makeRoom(for: cluster, rest: rest)
            }
            column += cluster.width
            inkEnd = cluster.end
            inkColumns = column
            previous = cluster
        }

        private mutating func makeRoom(for cluster: ClusterCursor.Cluster, rest: ClusterCursor) {
            if let opportunity, !isWorthCutting(cluster, after: opportunity, rest: rest) {
                endRow(shownEnd: opportunity.shownEnd, shownColumns: opportunity.shownColumns, next: opportunity.next)
                column -= opportunity.nextColumns
                inkColumns = column
                inkEnd = max(inkEnd, start)
            } else {
                endRow(shownEnd: inkEnd, shownColumns: inkColumns, next: cluster.start)
                startEmpty(at: cluster.start)
            }
        }

        /// Whether a word that does not fit should be cut here.
        ///
        /// It should if it does not fit into a row of its own either, and half of this row is free for its start.
        private func isWorthCutting(
            _ cluster: ClusterCursor.Cluster,
            after opportunity: Opportunity,
            rest: ClusterCursor
        ) -> Bool {
            guard opportunity.nextColumns <= columns / 2 else { return false }
            var width = column - opportunity.nextColumns + cluster.width
            var rest = rest
            var last = cluster
            while width <= columns {
                guard let next = rest.next(), next.kind == .word || next.kind == .wide,
                    !ClusterCursor.mayBreak(between: last, and: next)
                else { return false }
                width += next.width
                last = next
            }
            return true
        }
    }
}
