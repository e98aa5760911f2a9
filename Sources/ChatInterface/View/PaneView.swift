internal import ChatProtocol
internal import ChatSession

extension Interface {
    /// Draws the messages, the newest at the bottom.
    ///
    /// - Returns: The rows of the screen that they need from edge to edge.
    mutating func drawPane(on grid: inout Grid, _ regions: ScreenRegions) -> Set<Int> {
        var across: Set<Int> = []
        let region = regions.pane
        let layout = paneLayout(in: regions)
        let places = pane.visible(layout)
        // If there are few lines, they are at the bottom, near the place of the next one.
        var row = region.row + max(0, layout.rows - places.count)
        for (number, place) in places.enumerated() {
            let line = pane.scrollback.lines[place.index]
            if place.row < 0 {
                let headings = pane.headings(at: place.index)
                let index = headings.count + place.row
                if headings.indices.contains(index) {
                    draw(headings[index], on: &grid, row: row, in: region)
                }
            } else {
                if place.row == 0 {
                    drawStart(of: line, at: place.index, isTop: number == 0, on: &grid, row, region, layout)
                }
                let wrapped = pane.wrapped(at: place.index, layout)
                if wrapped.rows.indices.contains(place.row) {
                    drawText(wrapped, row: place.row, on: &grid, at: row, region, layout)
                    if wrapped.commands.contains(place.row) { across.insert(row) }
                }
            }
            row += 1
        }
        drawCountBelow(on: &grid, regions, layout)
        return across
    }

    /// Draws a row above a line's text.
    private func draw(_ heading: MessagePane.Heading, on grid: inout Grid, row: Int, in region: Region) {
        switch heading {
        case .top(let text):
            drawTitle(text, on: &grid, row: row, in: region)
        case .day(let time):
            drawTitle(time.dayText(columns: region.columns - 8), on: &grid, row: row, in: region)
        case .new:
            grid.drawHorizontalRule(row: row, column: region.column, columns: region.columns, style: theme.accent)
            grid.write(
                " new ",
                row: row,
                column: region.column + 2,
                maxColumns: region.columns - 2,
                style: theme.accent
            )
            if region.endColumn < size.columns {
                grid.write(glyphs.teeLeft, row: row, column: region.endColumn, style: theme.border)
            }
        }
    }

    private func drawTitle(_ text: String, on grid: inout Grid, row: Int, in region: Region) {
        let rule = String(repeating: glyphs.horizontalRule, count: 2)
        grid.write(
            "\(rule) \(text) \(rule)",
            row: row,
            column: region.column,
            maxColumns: region.columns,
            style: theme.dim,
            alignment: .center
        )
    }

    /// Draws what is before a line's text: time, name, mark.
    private mutating func drawStart(
        of line: ScrollbackLine,
        at index: Int,
        isTop: Bool,
        on grid: inout Grid,
        _ row: Int,
        _ region: Region,
        _ layout: MessagePane.Layout
    ) {
        let previous = index > 0 ? pane.scrollback.lines[index - 1] : nil
        let isContinued =
            !isTop && !line.mentionsReader && line.continues(previous) && pane.headings(at: index).isEmpty
        if !isContinued {
            drawTime(of: line, on: &grid, row, region, layout.columns)
            drawName(of: line, on: &grid, row, region, layout.columns)
        }
        drawMark(of: line, on: &grid, row, region, layout)
    }

    private func drawTime(
        of line: ScrollbackLine,
        on grid: inout Grid,
        _ row: Int,
        _ region: Region,
        _ columns: PaneColumns
    ) {
        guard columns.timeWidth > 0 else { return }
        grid.write(
            timeDisplay.text(line.time),
            row: row,
            column: region.column + columns.time,
            maxColumns: columns.timeWidth,
            style: line.mentionsReader ? theme.accent : theme.dim
        )
    }

    private mutating func drawName(
        of line: ScrollbackLine,
        on grid: inout Grid,
        _ row: Int,
        _ region: Region,
        _ columns: PaneColumns
    ) {
        guard case .entry(let entry) = line.content, case .chat(let sender, _, let color, let isOwn) = entry.kind else {
            return
        }
        var style = nameStyle(sender, color: color, isOwn: isOwn)
        if line.mentionsReader { style.attributes.insert(.reverse) }
        grid.write(
            shortened(sender.text, to: columns.nameWidth),
            row: row,
            column: region.column + columns.name,
            maxColumns: columns.nameWidth,
            style: style,
            alignment: .right
        )
    }

    /// The look of somebody's name.
    mutating func nameStyle(_ name: SafeText, color: ChatColor?, isOwn: Bool = false) -> Style {
        if let color = color ?? people.color(of: name) { return theme.name(color: color, cache: &colors) }
        return isOwn ? theme.own : theme.text
    }

    private func drawMark(
        of line: ScrollbackLine,
        on grid: inout Grid,
        _ row: Int,
        _ region: Region,
        _ layout: MessagePane.Layout
    ) {
        let mark: (text: String, style: Style)?
        switch line.content {
        case .presence: mark = (glyphs.event, theme.dim)
        case .notice(_, let isFailure): mark = isFailure ? (glyphs.error, theme.error) : (glyphs.separator, theme.dim)
        case .entry(let entry):
            switch entry.kind {
            case .info: mark = (glyphs.event, theme.dim)
            case .warning: mark = (glyphs.warning, theme.warning)
            case .error: mark = (glyphs.error, theme.error)
            case .chat(_, .user, _, _) where !layout.showsArrowInText: mark = (glyphs.arrowRight, theme.whisper)
            case .chat: mark = nil
            }
        }
        guard let mark else { return }
        grid.write(
            mark.text,
            row: row,
            column: region.column + layout.columns.eventMark,
            maxColumns: 1,
            style: mark.style
        )
    }

    private mutating func drawText(
        _ wrapped: ScrollbackLine.Wrapped,
        row: Int,
        on grid: inout Grid,
        at gridRow: Int,
        _ region: Region,
        _ layout: MessagePane.Layout
    ) {
        var column = region.column + layout.columns.text
        var room = layout.columns.textWidth
        if wrapped.commands.contains(row) {
            column = region.column
            room = layout.columns.screenWidth
            // This also covers the line beside the list of people.
            let blank = String(repeating: " ", count: room)
            grid.write(blank, row: gridRow, column: column, maxColumns: room, style: theme.text)
        }
        for piece in wrapped.text.pieces(of: wrapped.rows[row].range) {
            let taken = grid.write(
                piece.text,
                row: gridRow,
                column: column,
                maxColumns: room,
                style: style(of: piece.look),
                overflow: .clip
            )
            column += taken
            room -= taken
        }
    }

    private mutating func style(of look: LineText.Look) -> Style {
        switch look {
        case .text: theme.text
        case .dim: theme.dim
        case .warning: theme.warning
        case .error: theme.error
        case .whisper: theme.whisper
        case .person(let name): nameStyle(name, color: nil)
        }
    }

    /// Draws how many lines are below, while the view is scrolled.
    private mutating func drawCountBelow(on grid: inout Grid, _ regions: ScreenRegions, _ layout: MessagePane.Layout) {
        let count = pane.countBelow(layout)
        guard count > 0 else { return }
        grid.write(
            " \(glyphs.arrowDown) \(count) more below ",
            row: regions.lowerRule ?? regions.pane.endRow - 1,
            column: regions.pane.column,
            maxColumns: regions.pane.columns - 1,
            style: theme.accent,
            alignment: .right
        )
    }
}
