internal import ChatProtocol
internal import ChatSession

/// The lines of a conversation and which of them are in view.
///
/// Nothing is laid out when lines arrive: whoever draws asks for the rows in
/// view, and only those lines are wrapped, once for each width.
struct MessagePane: Sendable {
    /// Which part is in view.
    enum Position: Hashable, Sendable {
        /// The newest lines, whatever arrives.
        case newest
        /// This place at the top, whatever arrives.
        case top(Anchor)
    }

    /// A row that stays the same when lines arrive or the width changes.
    struct Anchor: Hashable, Sendable {
        /// The line.
        var serial: Int
        /// Where the row starts in the line's text, in bytes; below zero, how
        /// many rows above it: the day, the mark of what is new.
        var offset: Int
    }

    /// One row of a line.
    struct Place: Hashable, Sendable {
        /// Which line, by its index.
        var index: Int
        /// Which of its rows; those above its text count below zero.
        var row: Int
    }

    /// A row that belongs to a line but stands above its text.
    enum Heading: Hashable, Sendable {
        /// What is known of older lines.
        case top(String)
        case day(WireTime)
        case new
    }

    /// What laying out goes by.
    struct Layout: Hashable, Sendable {
        var columns: PaneColumns
        var rows: Int
        var glyphs: GlyphSet
    }

    var scrollback = Scrollback()
    private(set) var position = Position.newest
    /// Where what is new starts, by serial.
    private(set) var newMark: Int?
    /// Whether the reader has seen that mark and is where things happen.
    private var isMarkSettled = false
    /// The last line above those that a `/clear` left in view.
    private var clearedSerial: Int?
    /// Whether the terminal has the focus, as far as is known.
    private var isFocused = true
    /// Whether the server has older lines.
    var hasOlder = false
    /// Whether older lines have been asked for.
    var isLoadingOlder = false

    // MARK: Lines

    /// Adds an entry at the end.
    mutating func append(_ item: Scrollback.Item) {
        let serial = scrollback.append(item)
        let isAway = !isFocused || position != .newest
        guard isAway, newMark == nil || isMarkSettled, let index = scrollback.index(ofSerial: serial),
            scrollback.lines[index].isNews
        else { return }
        newMark = serial
        isMarkSettled = false
    }

    /// The terminal got or lost the focus.
    ///
    /// What was in view when it lost it counts as seen.
    mutating func focus(_ isFocused: Bool) {
        if !isFocused { settle() }
        self.isFocused = isFocused
    }

    /// The reader is active: what is in view counts as seen.
    mutating func settle() {
        if isFocused, position == .newest { isMarkSettled = true }
    }

    /// The reader says something: the newest lines come into view and none is new any more.
    mutating func follow() {
        position = .newest
        newMark = nil
    }

    /// Takes all lines out of view; scrolling brings them back.
    mutating func clear() {
        clearedSerial = scrollback.lines.last?.serial
        position = .newest
        newMark = nil
    }

    // MARK: Rows

    /// The rows above a line's text.
    func headings(at index: Int) -> [Heading] {
        let lines = scrollback.lines
        guard lines.indices.contains(index) else { return [] }
        let line = lines[index]
        var headings: [Heading] = []
        if index == 0 {
            if isLoadingOlder {
                headings.append(.top("loading earlier messages"))
            } else if scrollback.isTruncated {
                headings.append(.top("earlier messages are no longer kept here"))
            }
        }
        if startsDay(index) { headings.append(.day(line.time)) }
        if let newMark, line.answers(to: newMark) { headings.append(.new) }
        return headings
    }

    /// Whether a line is the first of its day, notices aside.
    private func startsDay(_ index: Int) -> Bool {
        let lines = scrollback.lines
        guard !lines[index].isNotice else { return false }
        // Nobody gets a hundred notices in a row; the bound keeps this cheap.
        let previous = lines[..<index].suffix(100).last { !$0.isNotice }
        guard let previous else { return true }
        return !lines[index].time.isSameDay(as: previous.time)
    }

    /// A line as it is wrapped, which is done at most once for each width.
    mutating func wrapped(at index: Int, _ layout: Layout) -> ScrollbackLine.Wrapped {
        let line = scrollback.lines[index]
        if let wrapped = line.wrapped, wrapped.columns == layout.columns.textWidth,
            wrapped.showsArrow == layout.showsArrowInText
        {
            return wrapped
        }
        let text = line.text(showsArrow: layout.showsArrowInText, glyphs: layout.glyphs)
        let wrapped = ScrollbackLine.Wrapped(
            columns: layout.columns.textWidth,
            showsArrow: layout.showsArrowInText,
            text: text,
            rows: LineWrapper(columns: layout.columns.textWidth).rows(of: text.text)
        )
        scrollback.setWrapped(wrapped, at: index)
        return wrapped
    }

    /// The rows in view, from the top; fewer than there is room for where there are no more.
    mutating func visible(_ layout: Layout) -> [Place] {
        guard layout.rows > 0 else { return [] }
        switch position {
        case .newest: return newest(layout)
        case .top(let anchor):
            var places: [Place] = []
            var next: Place? = place(of: anchor, layout)
            while let place = next, places.count < layout.rows {
                places.append(place)
                next = after(place, layout)
            }
            // With more room than lines below, the view ends where the lines do.
            return places.count < layout.rows ? newest(layout, isCleared: false) : places
        }
    }

    private mutating func newest(_ layout: Layout, isCleared: Bool = true) -> [Place] {
        let end = scrollback.lines.count
        let start = isCleared ? firstIndexInView : 0
        guard end > start, layout.rows > 0 else { return [] }
        var places: [Place] = []
        var next: Place? = Place(index: end - 1, row: wrapped(at: end - 1, layout).rows.count - 1)
        while let place = next, place.index >= start, places.count < layout.rows {
            places.append(place)
            next = before(place, layout)
        }
        return places.reversed()
    }

    /// The first line that is in view while the newest are.
    private var firstIndexInView: Int {
        guard let clearedSerial, let index = scrollback.index(ofSerial: clearedSerial) else { return 0 }
        return index + 1
    }

    private mutating func after(_ place: Place, _ layout: Layout) -> Place? {
        if place.row + 1 < wrapped(at: place.index, layout).rows.count {
            return Place(index: place.index, row: place.row + 1)
        }
        let next = place.index + 1
        guard next < scrollback.lines.count else { return nil }
        return Place(index: next, row: -headings(at: next).count)
    }

    private mutating func before(_ place: Place, _ layout: Layout) -> Place? {
        if place.row > -headings(at: place.index).count { return Place(index: place.index, row: place.row - 1) }
        guard place.index > 0 else { return nil }
        return Place(index: place.index - 1, row: wrapped(at: place.index - 1, layout).rows.count - 1)
    }

    private mutating func place(of anchor: Anchor, _ layout: Layout) -> Place? {
        guard !scrollback.lines.isEmpty else { return nil }
        // A line that is gone was at the top.
        guard let index = scrollback.index(ofSerial: anchor.serial) else {
            return Place(index: 0, row: -headings(at: 0).count)
        }
        if anchor.offset < 0 { return Place(index: index, row: max(anchor.offset, -headings(at: index).count)) }
        let rows = wrapped(at: index, layout).rows
        let row = rows.lastIndex { $0.extent.lowerBound <= anchor.offset } ?? 0
        return Place(index: index, row: row)
    }

    private mutating func anchor(at place: Place, _ layout: Layout) -> Anchor {
        let serial = scrollback.lines[place.index].serial
        guard place.row >= 0 else { return Anchor(serial: serial, offset: place.row) }
        let rows = wrapped(at: place.index, layout).rows
        return Anchor(serial: serial, offset: rows.indices.contains(place.row) ? rows[place.row].extent.lowerBound : 0)
    }

    // MARK: Scrolling

    /// Scrolls by rows, back in time where the number is below zero.
    ///
    /// - Returns: Whether the oldest row there is was reached.
    mutating func scroll(by rows: Int, _ layout: Layout) -> Bool {
        guard layout.rows > 0, !scrollback.lines.isEmpty, rows != 0 else { return scrollback.lines.isEmpty }
        let first = Place(index: 0, row: -headings(at: 0).count)
        var top: Place
        switch visible(layout).first {
        case let place?: top = place
        // All was cleared away.
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

    /// Scrolls to the oldest row there is.
    mutating func scrollToOldest(_ layout: Layout) {
        guard !scrollback.lines.isEmpty else { return }
        moveTop(to: Place(index: 0, row: -headings(at: 0).count), isDownward: false, layout)
    }

    /// Scrolls to the newest row.
    mutating func scrollToNewest() {
        position = .newest
    }

    /// Scrolls to where what is new starts; false where nothing is.
    mutating func scrollToNew(_ layout: Layout) -> Bool {
        guard let newMark, let index = scrollback.index(ofSerial: newMark) else { return false }
        moveTop(to: Place(index: index, row: -headings(at: index).count), isDownward: false, layout)
        return true
    }

    /// Takes a place as the top of the view, or follows the newest where that shows as much.
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

    /// How many lines are below the view, those cut by its edge included.
    mutating func countBelow(_ layout: Layout) -> Int {
        guard position != .newest, let last = visible(layout).last else { return 0 }
        let isCut = last.row + 1 < wrapped(at: last.index, layout).rows.count
        return scrollback.lines.count - 1 - last.index + (isCut ? 1 : 0)
    }
}

extension MessagePane.Layout {
    /// Whether the arrow of private lines has to stand in the text.
    var showsArrowInText: Bool {
        columns.mark == nil || DisplayWidth.of(glyphs.arrowRight) > 1
    }
}
