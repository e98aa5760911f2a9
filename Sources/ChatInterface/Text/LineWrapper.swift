public import ChatProtocol

/// Cuts text into rows of a given width, at words.
///
/// A row ends at a space, a line break, or between characters of two cells, as
/// Chinese and Japanese have no spaces. A word that is longer than a row is cut
/// where the row ends; a character of two cells never is. Spaces at the start
/// of a line stay, spaces at the end of a row are not shown. Indenting the rows
/// after the first is the caller's, who makes the wrapper narrower by as much.
public struct LineWrapper: Hashable, Sendable {
    /// One row of wrapped text.
    public struct Row: Hashable, Sendable {
        /// What is shown, as offsets into the text's UTF-8.
        public var range: Range<Int>
        /// What is shown together with the spaces or the line break that the
        /// row ends in: the extents of all rows make up the whole text.
        public var extent: Range<Int>
        /// The cells that it takes; never more than the wrapper's width.
        ///
        /// Where that is 1, a character of two cells has a row of its own, and
        /// a grid shows the mark for text without room in its place.
        public var columns: Int

        /// What is shown.
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

    /// The rows of a text, at least one; a line break at the end gives an empty row after it.
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
    /// The row being filled, and those that are done.
    private struct Layout {
        /// A place where the row may end.
        struct Opportunity {
            /// The end of what would be shown, and its cells.
            var shownEnd: Int
            var shownColumns: Int
            /// Where the next row would start, and the cells before that.
            var next: Int
            var nextColumns: Int
        }

        let columns: Int
        var rows: [Row] = []
        var start = 0
        /// The cells so far, spaces included.
        var column = 0
        /// The end of the last thing that is not a space, and the cells up to there.
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
            // Before the first word there is nothing to end a row after.
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

        /// Whether the word that does not fit would not fit in a row of its own
        /// either, and half of this one is free for its start.
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
