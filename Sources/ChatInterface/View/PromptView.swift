internal import ChatProtocol
internal import ChatSession

extension Interface {
    /// The text before the typed text in the input line.
    private struct Label {
        enum Look: Hashable {
            case plain(Style)
            case name(SafeText, isOwn: Bool)
        }

        var pieces: [(text: String, look: Look)] = []

        var columns: Int { pieces.reduce(0) { $0 + DisplayWidth.of($1.text) } }

        mutating func append(_ text: String, _ style: Style) {
            pieces.append((text, .plain(style)))
        }
    }

    /// The size of the input line.
    struct PromptLayout: Hashable, Sendable {
        /// How many rows it takes.
        var rows: Int
    }

    /// How much room the input line needs now.
    func promptLayout() -> PromptLayout {
        let most = ScreenRegions.mostPromptRows(rows: size.rows)
        switch prompt.mode {
        case .message:
            let layout = composerLayout(prompt.composer, labelColumns: messageLabel().columns, most: most)
            return PromptLayout(rows: max(1, layout.rows.count))
        case .question(let question):
            let rows = LineWrapper(columns: max(1, size.columns - 2)).rows(of: text(of: question))
            return PromptLayout(rows: min(most, max(1, rows.count)))
        case .password:
            return PromptLayout(rows: 1)
        }
    }

    private func composerLayout(_ composer: Composer, labelColumns: Int, most: Int) -> Composer.Layout {
        composer.layout(columns: max(1, size.columns - labelColumns - 1), maximumRows: most, glyphs: glyphs)
    }

    /// Draws the input line and puts the cursor where the next character goes.
    mutating func drawPrompt(on grid: inout Grid, in region: Region) {
        switch prompt.mode {
        case .message:
            drawMessagePrompt(on: &grid, in: region)
        case .question(let question):
            draw(question, on: &grid, in: region)
        case .password(let first):
            var label = Label()
            let text = first == nil ? "new password" : "once more"
            let rule = first == nil ? ", \(Limits.passwordMinimumCharacters) or more characters" : ""
            let way = size.columns < 40 ? "" : size.columns < 60 ? ", empty to leave it" : "\(rule), empty to leave it"
            label.append(" \(text)\(way) ", theme.warning)
            label.append(glyphs.prompt + " ", theme.prompt)
            draw(prompt.secret, label, on: &grid, in: region)
        }
    }

    private mutating func drawMessagePrompt(on grid: inout Grid, in region: Region) {
        let label = messageLabel()
        draw(prompt.composer, label, on: &grid, in: region)
        guard prompt.composer.isEmpty else {
            drawMark(on: &grid, in: region)
            return
        }
        let hint =
            if isQuitOffered {
                "press Ctrl-C again to quit"
            } else if let waitingRequest {
                waitingRequest.hint
            } else if connection.isOver {
                ConnectionDisplay.wayOut
            } else if !prompt.isTouched {
                "type a message, or /help"
            } else {
                ""
            }
        let column = region.column + label.columns
        let room = region.columns - label.columns - 1
        grid.write(
            hint,
            row: region.row,
            column: column,
            maxColumns: room,
            style: isQuitOffered || waitingRequest != nil || connection.isOver ? theme.warning : theme.dim
        )
    }

    /// Draws above the end of the text by how much it is too long, or that it waits for one more Enter.
    private func drawMark(on grid: inout Grid, in region: Region) {
        let excess = prompt.excess
        let wait = doubts.held.map { "Enter again sends it to \($0.target?.name.text ?? "everyone")" }
        guard let mark = excess?.description ?? wait else { return }
        grid.write(
            " \(mark) ",
            row: region.row - 1,
            column: region.column,
            maxColumns: region.columns - 1,
            style: excess == nil ? theme.warning : theme.error,
            alignment: .right
        )
    }

    private mutating func draw(_ composer: Composer, _ label: Label, on grid: inout Grid, in region: Region) {
        var column = region.column
        for piece in label.pieces {
            let style =
                switch piece.look {
                case .plain(let style): style
                case .name(let name, let isOwn): nameStyle(name, color: nil, isOwn: isOwn)
                }
            column += grid.write(
                piece.text,
                row: region.row,
                column: column,
                maxColumns: region.endColumn - column,
                style: style,
                overflow: .clip
            )
        }
        let layout = composerLayout(composer, labelColumns: label.columns, most: region.rows)
        let text = Region(
            row: region.row,
            column: column,
            rows: region.rows,
            columns: max(1, region.endColumn - column)
        )
        grid.draw(layout, in: text, text: theme.entry, mark: theme.entryMark)
    }

    /// The label of a message: `tester ›`, or `tester → bob ›` for one person; shorter on a narrow screen.
    private func messageLabel() -> Label {
        var label = Label()
        let isNarrow = size.columns < 40
        if !isNarrow { label.append(" ", theme.text) }
        if !isNarrow, let name = people.name {
            label.pieces.append((shortened(name.text, to: 16), .name(name, isOwn: true)))
            label.append(" ", theme.text)
        }
        if let target {
            let isHere = people.roster.members.contains { $0.nickname == target.nickname }
            label.append(glyphs.arrowRight + " ", theme.whisper)
            let shown = shortened(target.name.text, to: isNarrow ? 6 : 16)
            label.pieces.append((shown, isHere ? .name(target.name, isOwn: false) : .plain(theme.warning)))
            label.append(isHere || isNarrow ? " " : " (not here) ", isHere ? theme.text : theme.warning)
        }
        let isTooLong = prompt.excess != nil
        label.append(glyphs.prompt, isTooLong ? theme.error : target == nil ? theme.prompt : theme.whisper)
        label.append(" ", theme.text)
        return label
    }

    /// A name, shortened to a number of cells.
    func shortened(_ name: String, to columns: Int) -> String {
        guard DisplayWidth.of(name) > columns else { return name }
        var short = ""
        var width = 0
        for character in name {
            width += DisplayWidth.of(character)
            if width >= columns { break }
            short.append(character)
        }
        return short + glyphs.ellipsis
    }

    /// What stands before the keys that answer a question.
    var answerLead: String { prompt.answer.isInLine ? "(Enter first) " : "" }

    private func text(of question: Prompt.Question) -> String {
        let first = answerLead
        switch question {
        case .kick(let person, let ban, let reason, let isHere):
            let why = reason.isEmpty ? "" : " (\(SafeText(line: reason)))"
            let who = isHere ? person.name.text : "\(person.name), who is not in the list"
            if let ban {
                let comma = isHere ? "" : ","
                return "Ban \(who)\(comma) \(ban.words)\(why)? \(first)y bans \(glyphs.separator) n leaves it"
            }
            return "Kick \(who)\(why)? \(first)y kicks \(glyphs.separator) n leaves it"
        case .plainPassword:
            return "\(Prompt.Question.plainPasswordText) \(first)y sends it \(glyphs.separator) n does not"
        case .plainText:
            return "Join without encryption? Others on the way could read everything. "
                + "\(first)y joins \(glyphs.separator) n does not"
        case .rename(let nickname):
            return "Rename your account to \(SafeText(line: nickname))? From then on you log in with that nickname. "
                + "\(first)y renames \(glyphs.separator) n leaves it"
        case .longMessage(let text, let target):
            let lines = text.utf8.count { $0 == 0x0A } + 1
            let size = lines > 1 ? "\(lines) lines" : "\(text.utf8.count) bytes"
            let whom = target?.name.text ?? "everyone"
            return "Send \(size) to \(whom)? \(first)Enter sends \(glyphs.separator) Esc goes back"
        }
    }

    private func draw(_ question: Prompt.Question, on grid: inout Grid, in region: Region) {
        let text = text(of: question)
        let rows = LineWrapper(columns: max(1, region.columns - 2)).rows(of: text)
        var end = Grid.Position(row: region.row, column: region.column)
        for (row, line) in zip(region.row..<region.endRow, rows) {
            let taken = grid.write(
                text.substring(utf8: line.range),
                row: row,
                column: region.column + 1,
                maxColumns: region.columns - 1,
                style: theme.warning
            )
            end = Grid.Position(row: row, column: min(region.column + 1 + taken, region.endColumn - 1))
        }
        grid.cursor = end
    }
}
