internal import ChatProtocol
internal import ChatSession

extension Interface {
    /// Draws the login screen: three fields in the middle, and what is wrong below them.
    mutating func draw(_ form: LoginForm, on grid: inout Grid) {
        let screen = Region(row: 0, column: 0, rows: size.rows, columns: size.columns)
        let isRoomy = size.rows >= 11
        let width = min(size.columns, 60)
        let reasons = reasonRows(form, columns: width)
        let keys =
            form.isAskingAboutPassword
            ? "\(answerLead)y sends it \(glyphs.separator) n does not"
            : "Enter joins \(width < 40 ? "" : "\(glyphs.separator) Tab moves ")\(glyphs.separator) Esc leaves"
        var rows = isRoomy ? 2 : 0
        if size.rows >= 5 { rows += 1 }
        rows += 3
        let rest = max(0, size.rows - rows)
        let needed = (isRoomy ? 1 : 0) + reasons.count + (isRoomy ? 2 : 0)
        var box = screen.centered(rows: rows + min(rest, max(needed, isRoomy ? 5 : 1)), columns: width)
        if size.rows >= 5 { drawLoginTitle(on: &grid, in: box.takeTop(1)) }
        if isRoomy { _ = box.takeTop(1) }
        for field in LoginForm.Field.allCases {
            draw(field, of: form, on: &grid, in: box.takeTop(1))
        }
        if isRoomy { _ = box.takeTop(1) }
        for (text, style) in reasons {
            let row = box.takeTop(1)
            guard row.rows > 0 else { return }
            grid.write(text, row: row.row, column: row.column, maxColumns: row.columns, style: style)
        }
        if isRoomy { _ = box.takeTop(reasons.isEmpty ? 2 : 1) }
        let row = box.takeTop(1)
        if row.rows > 0 {
            grid.write(keys, row: row.row, column: row.column, maxColumns: row.columns, style: theme.dim)
        }
    }

    private func drawLoginTitle(on grid: inout Grid, in region: Region) {
        let dot = " \(glyphs.separator) "
        var style = theme.status
        style.attributes.insert(.bold)
        // Whether others can read it has to be seen on every screen, so the rest makes room for it.
        let security = connection.channel.map { $0.isEncrypted ? "tls" : "not encrypted" } ?? ""
        let room = region.columns - (security.isEmpty ? 0 : DisplayWidth.of(dot + security))
        var name = "chat-tui\(dot)\(serverName.text)"
        if DisplayWidth.of(name) > room { name = shortened(serverName.text, to: room) }
        var parts = [(name, style)]
        if let channel = connection.channel {
            parts.append((dot, style))
            parts.append((security, channel.isPrivate ? style : theme.warning))
        }
        var column = region.column
        for (text, style) in parts {
            column += grid.write(
                text,
                row: region.row,
                column: column,
                maxColumns: region.endColumn - column,
                style: style
            )
        }
    }

    /// The text below the fields: what is wrong, or what is going on.
    private func reasonRows(_ form: LoginForm, columns: Int) -> [(text: String, style: Style)] {
        let text: String
        let style: Style
        if form.isAskingAboutPassword {
            text = Prompt.Question.plainPasswordText
            style = theme.warning
        } else if let reason = form.mistake ?? form.reason {
            text = reason.text
            style = theme.error
        } else {
            (text, style) = loginProgress(form)
        }
        guard !text.isEmpty else { return [] }
        let rows = LineWrapper(columns: columns).rows(of: text).prefix(4).map {
            (text: String(text.substring(utf8: $0.range)), style: style)
        }
        guard form.mistake == nil, form.isPasswordWanted, size.rows >= 11 else { return rows }
        let way = "Type the nickname's password, or choose another nickname."
        return rows + [(text: way, style: theme.dim)]
    }

    private func loginProgress(_ form: LoginForm) -> (String, Style) {
        if isQuitOffered { return ("press Ctrl-C again to quit", theme.warning) }
        switch connection.status {
        case nil, .connecting: return ("connecting…", theme.dim)
        case .waiting(let reason, _, _):
            let seconds = connection.secondsLeft(at: now)
            return ("\(SafeText(line: reason)); next try in \(seconds) s", theme.warning)
        case .ended(let reason), .distrusted(let reason): return (SafeText(line: reason).text, theme.error)
        case .loggingIn, .online: return form.isJoining ? ("joining…", theme.dim) : ("", theme.dim)
        }
    }

    private mutating func draw(
        _ field: LoginForm.Field,
        of form: LoginForm,
        on grid: inout Grid,
        in region: Region
    ) {
        guard region.rows > 0 else { return }
        let isFocused = form.focus == field
        let isNarrow = region.columns < 30
        let labelColumns = isNarrow ? 6 : 11
        let (label, composer, hint): (String, Composer, String) =
            switch field {
            case .nickname: (isNarrow ? "Name" : "Nickname", form.nickname, "")
            case .password: (isNarrow ? "Pass" : "Password", form.password, "only for registered nicknames")
            case .color: ("Color", form.color, "")
            }
        grid.write(
            label,
            row: region.row,
            column: region.column,
            maxColumns: labelColumns - 1,
            style: isFocused ? theme.accent : theme.dim,
            overflow: .clip
        )
        let fieldColumns = min(17, max(1, region.columns - labelColumns))
        let box = Region(row: region.row, column: region.column + labelColumns, rows: 1, columns: fieldColumns)
        draw(composer, isFocused: isFocused, on: &grid, in: box)
        let rest = Region(
            row: region.row,
            column: box.endColumn + 2,
            rows: 1,
            columns: region.endColumn - box.endColumn - 2
        )
        if field == .color {
            drawColorPreview(form, on: &grid, in: rest)
        } else if !rest.isEmpty {
            grid.write(hint, row: rest.row, column: rest.column, maxColumns: rest.columns, style: theme.dim)
        }
    }

    private func draw(_ composer: Composer, isFocused: Bool, on grid: inout Grid, in box: Region) {
        var line = theme.entry
        line.attributes.insert(.underline)
        grid.fill(box, style: line)
        let layout = composer.layout(columns: box.columns, maximumRows: 1, glyphs: glyphs)
        let cursor = grid.cursor
        grid.draw(layout, in: box, text: line, mark: theme.entryMark)
        if !isFocused { grid.cursor = cursor }
    }

    private mutating func drawColorPreview(_ form: LoginForm, on grid: inout Grid, in region: Region) {
        guard !region.isEmpty else { return }
        guard let color = form.chosenColor else {
            grid.write(
                "#RRGGBB or a name",
                row: region.row,
                column: region.column,
                maxColumns: region.columns,
                style: theme.error
            )
            return
        }
        let style = theme.name(color: color, cache: &colors)
        let swatch = String(repeating: glyphs.swatch, count: 2)
        let name = form.nickname.isEmpty ? "you" : form.nickname.text
        grid.write(
            "\(swatch) \(name)",
            row: region.row,
            column: region.column,
            maxColumns: region.columns,
            style: style
        )
    }
}
