extension MessagePane {
    /// Scrolls by a number of rows, back in time if it is negative.
    ///
    /// - Returns: Whether the oldest row was reached.
    mutating func scroll(by rows: Int, _ layout: Layout) -> Bool {
        guard layout.rows > 0, !scrollback.lines.isEmpty, rows != 0 else { return scrollback.lines.isEmpty }
        let first = Place(index: 0, row: -headings(at: 0).count)
        var top: Place
        switch visible(layout).first {
        case let place?: top = place
        // Everything was cleared away.
        case nil:
            let last = scrollback.lines.count - 1
            top = Place(index: last, row: wrapped(at: last, layout).rows.count - 1)
        }
        for _ in 0..<min(rows.magnitude, 100_000) {
            guard let next = rows < 0 ? before(top, layout) : after(top, layout) else { break }
            top = next
        }
        moveTop(to: top, isDownward: rows > 0, layout)
        return rows < 0 && top == first
    }

    /// Scrolls to the oldest row.
    mutating func scrollToOldest(_ layout: Layout) {
        guard !scrollback.lines.isEmpty else { return }
        moveTop(to: Place(index: 0, row: -headings(at: 0).count), isDownward: false, layout)
    }

    /// Scrolls to the newest row.
    mutating func scrollToNewest() {
        position = .newest
    }

    /// Scrolls to the start of the last line if that does not fit, and else to the newest row.
    mutating func scrollToLastLine(_ layout: Layout) {
        position = .newest
        guard let last = scrollback.lines.indices.last, wrapped(at: last, layout).rows.count > layout.rows else {
            return
        }
        position = .top(Anchor(serial: scrollback.lines[last].serial, offset: 0))
    }

    /// Scrolls to the start of the new lines; returns false if there are none.
    mutating func scrollToNew(_ layout: Layout) -> Bool {
        guard let newMark, let index = scrollback.index(ofSerial: newMark) else { return false }
        moveTop(to: Place(index: index, row: -headings(at: index).count), isDownward: false, layout)
        return true
    }

    /// Moves the top of the view to a place, or follows the newest lines if that shows as much.
    private mutating func moveTop(to top: Place, isDownward: Bool, _ layout: Layout) {
        var below = 0
        var next: Place? = top
        while let place = next, below <= layout.rows {
            below += 1
            next = after(place, layout)
        }
        if below <= layout.rows, isDownward || firstIndexInView == 0 {
            position = .newest
        } else {
            position = .top(anchor(at: top, layout))
        }
    }

    /// How many lines are below the view, including one that its edge cuts.
    mutating func countBelow(_ layout: Layout) -> Int {
        guard position != .newest, let last = visible(layout).last else { return 0 }
        let isCut = last.row + 1 < wrapped(at: last.index, layout).rows.count
        return scrollback.lines.count - 1 - last.index + (isCut ? 1 : 0)
    }
}
