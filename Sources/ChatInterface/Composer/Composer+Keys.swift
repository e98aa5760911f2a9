extension Composer {
    /// Handles a key, and returns whether it has a meaning here.
    ///
    /// Up and down move between the lines of a message and through the history. In a field they are left to the caller,
    /// and so is Ctrl-D if there is no text.
    public mutating func handle(_ key: KeyPress) -> Bool {
        let done =
            switch key.key {
            case .character(let character):
                handle(character, key.modifiers)
            case .backspace:
                key.modifiers.isDisjoint(with: [.alt, .control]) ? eraseBackward() : killWordBackward()
            case .delete:
                key.modifiers.isDisjoint(with: [.alt, .control]) ? eraseForward() : killWordForward()
            case .left, .right, .home, .end:
                handleMotion(key)
            case .up where key.modifiers.isEmpty:
                moveVertically(by: -1)
            case .down where key.modifiers.isEmpty:
                moveVertically(by: 1)
            case .enter where !key.modifiers.isEmpty && kind == .message:
                insertLineBreak()
            default:
                false
            }
        if !done { lastAction = .other }
        return done
    }

    private mutating func handle(_ character: Character, _ modifiers: KeyPress.Modifiers) -> Bool {
        switch modifiers.subtracting(.shift) {
        case []: return type(character)
        case .control: return handleControl(character)
        case .alt: return handleAlt(character)
        default: return false
        }
    }

    private mutating func handleControl(_ character: Character) -> Bool {
        switch character {
        case "a": return move(to: startOfLine(at: cursor))
        case "e": return move(to: endOfLine(at: cursor))
        case "b": return move(to: cursor - 1)
        case "f": return move(to: cursor + 1)
        case "h": return eraseBackward()
        case "d": return isEmpty ? false : eraseForward()
        case "w":
            return kill(startOfSpaced(before: cursor)..<cursor, backward: true)
        case "u":
            // At the start of a line, delete the line break before it.
            let start = startOfLine(at: cursor)
            return kill((start == cursor ? max(0, start - 1) : start)..<cursor, backward: true)
        case "k":
            let end = endOfLine(at: cursor)
            return kill(cursor..<(end == cursor ? min(characters.count, end + 1) : end), backward: false)
        case "y": return yank()
        case "t": return transpose()
        // Ctrl with underscore, slash or 7 sends the same byte on most terminals.
        case "_", "/", "7", "-": return undo()
        default: return false
        }
    }

    private mutating func handleAlt(_ character: Character) -> Bool {
        switch character {
        case "b": return move(to: startOfWord(before: cursor))
        case "f": return move(to: endOfWord(after: cursor))
        case "d": return killWordForward()
        case "y": return yankEarlier()
        case "_": return redo()
        default: return false
        }
    }

    private mutating func handleMotion(_ key: KeyPress) -> Bool {
        switch (key.key, key.modifiers) {
        case (.left, []), (.left, .shift): move(to: cursor - 1)
        case (.right, []), (.right, .shift): move(to: cursor + 1)
        case (.left, .control): move(to: startOfWord(before: cursor))
        case (.right, .control): move(to: endOfWord(after: cursor))
        case (.home, []): move(to: startOfLine(at: cursor))
        case (.end, []): move(to: endOfLine(at: cursor))
        case (.home, .shift): move(to: 0)
        case (.end, .shift): move(to: characters.count)
        default: false
        }
    }

    private mutating func move(to place: Int) -> Bool {
        cursor = min(max(0, place), characters.count)
        lastAction = .other
        return true
    }

    private mutating func type(_ character: Character) -> Bool {
        if character.isNewline
            || character.unicodeScalars.contains(where: { $0.properties.generalCategory == .control })
        {
            return false
        }
        // A word is undone as a whole, together with the space before it.
        let startsWord = !character.isWhitespace && cursor > 0 && characters[cursor - 1].isWhitespace
        let joins = lastAction == .typing && !startsWord
        edit(cursor..<cursor, with: String(character), joiningPrevious: joins)
        lastAction = .typing
        return true
    }

    private mutating func insertLineBreak() -> Bool {
        insert("\n")
        return true
    }

    private mutating func eraseBackward() -> Bool {
        erase(max(0, cursor - 1)..<cursor)
    }

    private mutating func eraseForward() -> Bool {
        erase(cursor..<min(characters.count, cursor + 1))
    }

    private mutating func erase(_ range: Range<Int>) -> Bool {
        edit(range, with: "", joiningPrevious: lastAction == .erasing)
        lastAction = .erasing
        return true
    }

    private mutating func killWordBackward() -> Bool {
        kill(startOfWord(before: cursor)..<cursor, backward: true)
    }

    private mutating func killWordForward() -> Bool {
        kill(cursor..<endOfWord(after: cursor), backward: false)
    }

    private mutating func kill(_ range: Range<Int>, backward: Bool) -> Bool {
        guard !range.isEmpty else { return true }
        if kind != .secret {
            if lastAction == .killing {
                killRing.extend(with: self[range], before: backward)
            } else {
                killRing.push(self[range])
            }
        }
        edit(range, with: "")
        lastAction = .killing
        return true
    }

    private mutating func yank() -> Bool {
        guard let text = killRing.latest else { return true }
        let start = cursor
        edit(cursor..<cursor, with: text)
        lastAction = .yanking(min(start, cursor)..<cursor)
        return true
    }

    /// Replaces the text that was just yanked with the one cut before it.
    private mutating func yankEarlier() -> Bool {
        guard case .yanking(let range) = lastAction else { return true }
        killRing.rotate()
        edit(range, with: killRing.latest ?? "", joiningPrevious: true)
        lastAction = .yanking(min(range.lowerBound, cursor)..<cursor)
        return true
    }

    /// Swaps the two characters around the cursor; at the end of a line, the two before it.
    private mutating func transpose() -> Bool {
        var second = cursor
        if second == endOfLine(at: cursor) { second -= 1 }
        guard second > startOfLine(at: cursor) else { return true }
        let swapped = String([characters[second], characters[second - 1]])
        edit((second - 1)..<(second + 1), with: swapped)
        lastAction = .other
        return true
    }

    private mutating func undo() -> Bool {
        if let snapshot = undoLog.undo(from: self.snapshot) { restore(snapshot) }
        return true
    }

    private mutating func redo() -> Bool {
        if let snapshot = undoLog.redo(from: self.snapshot) { restore(snapshot) }
        return true
    }

    private mutating func restore(_ snapshot: UndoLog.Snapshot) {
        restore(snapshot.text, cursor: snapshot.cursor)
        history.setPosition(snapshot.historyPosition)
        lastAction = .other
    }

    /// Moves between the lines of the text, and from its first or last line into the history.
    private mutating func moveVertically(by distance: Int) -> Bool {
        guard kind == .message else { return false }
        lastAction = .other
        let start = startOfLine(at: cursor)
        let end = endOfLine(at: cursor)
        // While the user looks through the history, lines with line breaks are passed like any other.
        if !history.isLookingBack {
            if distance < 0, start > 0 {
                let previous = startOfLine(at: start - 1)
                return move(to: min(previous + cursor - start, start - 1))
            }
            if distance > 0, end < characters.count {
                return move(to: min(end + 1 + cursor - start, endOfLine(at: end + 1)))
            }
        }
        let before = snapshot
        guard let line = history.move(by: distance, leaving: text) else { return true }
        undoLog.record(before)
        restore(line, cursor: line.count)
        return true
    }
}
