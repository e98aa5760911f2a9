internal import ChatProtocol
internal import ChatSession

extension Interface {
    /// Handles an event of the terminal.
    mutating func update(_ event: TerminalEvent) -> [InterfaceEffect] {
        switch event {
        case .key(let key):
            return press(key)
        case .paste(let text):
            paste(text)
        case .unreadable:
            reportUnreadable()
        case .wheel(let lines, let row, let column):
            return turnWheel(lines: lines, at: Grid.Position(row: row, column: column))
        case .resize(let columns, let rows):
            size = ScreenSize(columns: columns, rows: rows)
        case .focus(let isFocused):
            pane.focus(isFocused)
        }
        return []
    }

    private mutating func press(_ key: KeyPress) -> [InterfaceEffect] {
        if key.modifiers == .control, case .character(let character) = key.key {
            switch character {
            case "c": return interrupt()
            case "l": return [.redraw]
            case "z": return [.suspend]
            default: break
            }
        }
        interruptDeadline = nil
        isPasswordSubmitted = false
        guard isFocusShown else { return [] }
        if login != nil { return pressInLogin(key) }
        pane.settle()
        if help != nil, pressInHelp(key) { return [] }
        switch prompt.mode {
        case .question(let question): return press(key, answering: question)
        case .password(let first): return press(key, inPassword: first)
        case .message: break
        }
        if let effects = pressInPane(key) { return effects }
        return pressInMessage(key)
    }

    /// Handles pasted text: it goes where keys go, with its line breaks, and runs nothing.
    private mutating func paste(_ text: String) {
        interruptDeadline = nil
        guard isFocusShown else { return }
        if let login {
            if !login.isAskingAboutPassword { self.login?.insert(text) }
            return
        }
        pane.settle()
        switch prompt.mode {
        case .message:
            pasteMessage(text)
        case .password:
            prompt.secret.insert(text)
        case .question:
            fail("Nothing was pasted: answer the question below first.")
        }
    }

    /// Inserts pasted text into the message.
    ///
    /// At its start it could be taken for a command, so a slash there is doubled, which makes it text.
    private mutating func pasteMessage(_ text: String) {
        prompt.completion = nil
        prompt.isTouched = true
        doubts.held = nil
        var composer = prompt.composer
        composer.insert(text)
        let isStart = CommandLine.isInvisible(prompt.composer[0..<prompt.composer.cursor])
        if isStart, CommandLine.startsWithSlash(composer.text) {
            prompt.composer.insert("/" + text)
            note("The pasted slash was doubled, so that it is text. Delete one of the two to make it a command.")
        } else {
            prompt.composer = composer
        }
    }

    /// Reports that something just typed could not be read, and was replaced by `�`.
    private mutating func reportUnreadable() {
        let advice = "Set the terminal to UTF-8."
        if login?.focus == .password || focus == .password {
            // Nobody can see it in there, and it would be a different password.
            let text = "The password had a character that could not be read. It was cleared. \(advice)"
            prompt.secret.setText("")
            guard login != nil else { return fail(text) }
            login?.password.setText("")
            login?.reason = SafeText(line: text)
        } else if login == nil, !isToldUnreadable {
            isToldUnreadable = true
            fail("The terminal sent a character that could not be read; � stands for it. \(advice)")
        }
    }

    private mutating func turnWheel(lines: Int, at position: Grid.Position) -> [InterfaceEffect] {
        guard login == nil else { return [] }
        // Nobody scrolls further at once, and adding to it must not overflow.
        let lines = min(max(lines, -1000), 1000)
        let regions = screenRegions()
        if help != nil {
            scrollHelp(by: lines)
        } else if let side = regions.sidebar, side.contains(position) {
            let shown = sidebar.clip(people: people.roster.members.count, rows: side.rows).shown
            sidebar.scroll = max(0, shown.lowerBound + lines)
        } else {
            return scroll(by: lines)
        }
        return []
    }

    /// Handles Ctrl-C: clears or closes what is open; with nothing open, quits when pressed twice.
    mutating func interrupt() -> [InterfaceEffect] {
        if login?.isAskingAboutPassword == true || prompt.mode == .question(.plainPassword) {
            return answerAboutPassword(false)
        }
        if prompt.mode == .question(.plainText) {
            leaveQuestion()
            return [.session(.allowPlainText(false))]
        }
        if login != nil {
            if login?.focused.isEmpty == false {
                login?.focused.setText("")
                interruptDeadline = nil
                return []
            }
        } else if prompt.mode != .message {
            leaveQuestion()
            return []
        } else if !prompt.composer.isEmpty {
            prompt.composer.setText("")
            doubts.held = nil
            prompt.completion = nil
            interruptDeadline = nil
            return []
        }
        if isQuitOffered { return [.session(.quit), .quit] }
        let (deadline, overflow) = now.unixMilliseconds.addingReportingOverflow(Self.interruptMilliseconds)
        interruptDeadline = overflow ? nil : deadline
        return []
    }

    /// How soon, in milliseconds, a second Ctrl-C has to follow.
    private static let interruptMilliseconds: Int64 = 3000

    /// Whether the next Ctrl-C ends the program.
    var isQuitOffered: Bool {
        guard let interruptDeadline else { return false }
        return now.unixMilliseconds <= interruptDeadline
    }
}
