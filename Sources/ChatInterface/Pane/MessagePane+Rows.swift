internal import ChatProtocol

extension MessagePane {
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

    /// Whether a line is the first of its day, not counting notices.
    private func startsDay(_ index: Int) -> Bool {
        let lines = scrollback.lines
        guard !lines[index].isNotice else { return false }
        // Nobody gets a hundred notices in a row, so this bound is enough and keeps it cheap.
        let previous = lines[..<index].suffix(100).last { !$0.isNotice }
        guard let previous else { return true }
        return !lines[index].time.isSameDay(as: previous.time)
    }

    /// A line after wrapping, which is done at most once for each width.
    mutating func wrapped(at index: Int, _ layout: Layout) -> ScrollbackLine.Wrapped {
        let line = scrollback.lines[index]
        if let wrapped = line.wrapped, wrapped.columns == layout.columns,
            wrapped.showsArrow == layout.showsArrowInText
        {
            return wrapped
        }
        let text = line.text(showsArrow: layout.showsArrowInText, glyphs: layout.glyphs)
        var wrapped = ScrollbackLine.Wrapped(
            columns: layout.columns,
            showsArrow: layout.showsArrowInText,
            text: text,
            rows: []
        )
        if line.isNotice {
            let rows = CommandRows(text.text, columns: layout.columns)
            wrapped.text = LineText()
            wrapped.text.look = text.look
            wrapped.text.append(rows.text)
            wrapped.rows = rows.rows
            wrapped.commands = rows.commands
        } else {
            wrapped.rows = LineWrapper(columns: layout.columns.textWidth).rows(of: text.text)
        }
        scrollback.setWrapped(wrapped, at: index)
        return wrapped
    }

    /// The visible rows, from the top; fewer than fit if there are no more.
    mutating func visible(_ layout: Layout) -> [Place] {
        guard layout.rows > 0 else { return [] }
        switch position {
        case .newest: return newest(layout)
        case .top(let anchor):
            var places: [Place] = []
            var next: Place? = place(of: anchor, layout)
            while let place = next, places.count < layout.rows {
                places.append(place)
                next = places.count < layout.rows ? after(place, layout) : nil
            }
            // If there is more room than lines below, the view ends at the last line.
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
            next = places.count < layout.rows ? before(place, layout) : nil
        }
        return places.reversed()
    }

    /// The index of the first visible line while the view follows the newest.
    var firstIndexInView: Int {
        guard let clearedSerial, let index = scrollback.index(ofSerial: clearedSerial) else { return 0 }
        return index + 1
    }

    mutating func after(_ place: Place, _ layout: Layout) -> Place? {
        if place.row + 1 < wrapped(at: place.index, layout).rows.count {
            return Place(index: place.index, row: place.row + 1)
        }
        let next = place.index + 1
        guard next < scrollback.lines.count else { return nil }
        return Place(index: next, row: -headings(at: next).count)
    }

    mutating func before(_ place: Place, _ layout: Layout) -> Place? {
        if place.row > -headings(at: place.index).count { return Place(index: place.index, row: place.row - 1) }
        guard place.index > 0 else { return nil }
        return Place(index: place.index - 1, row: wrapped(at: place.index - 1, layout).rows.count - 1)
    }

    mutating func place(of anchor: Anchor, _ layout: Layout) -> Place? {
        guard !scrollback.lines.isEmpty else { return nil }
        // A line that was dropped was at the top.
        guard let index = scrollback.index(ofSerial: anchor.serial) else {
            return Place(index: 0, row: -headings(at: 0).count)
        }
        if anchor.offset < 0 { return Place(index: index, row: max(anchor.offset, -headings(at: index).count)) }
        let rows = wrapped(at: index, layout).rows
        let row = rows.lastIndex { $0.extent.lowerBound <= anchor.offset } ?? 0
        return Place(index: index, row: row)
    }

    mutating func anchor(at place: Place, _ layout: Layout) -> Anchor {
        let serial = scrollback.lines[place.index].serial
        guard place.row >= 0 else { return Anchor(serial: serial, offset: place.row) }
        let rows = wrapped(at: place.index, layout).rows
        return Anchor(serial: serial, offset: rows.indices.contains(place.row) ? rows[place.row].extent.lowerBound : 0)
    }
}
