internal import ChatInterface

/// Turns the bytes of a terminal into events.
///
/// Bytes come in any chunking: what could still become something longer waits
/// until ``deadline`` and is then read as what it is by itself.
///
/// For example, `ESC [ A` is the arrow up however it is cut, `ESC` followed by
/// silence is the Escape key, and `ESC x` is Alt-x.
struct InputDecoder {
    /// How long an Escape waits for what may follow, in milliseconds.
    ///
    /// Longer makes the Escape key feel slow, shorter splits arrows on slow lines.
    static let escapePatience: Int64 = 25
    /// The longest escape sequence in bytes; a longer one is rubbish.
    static let sequenceBytes = 64

    private static let interrupt: [UInt8] = [0x03]

    private let typedText: TypedText
    private let terminalKeys: [[UInt8]: KeyPress]
    private let longestTerminalKey: Int
    private var buffer: [UInt8] = []
    private var lastInput: Int64 = 0
    private var paste: PasteBuffer?

    /// Creates a decoder.
    ///
    /// - Parameters:
    ///   - singleBytes: See ``TypedText/singleBytes``.
    ///   - terminalKeys: Sequences that this terminal has for its keys, beside the usual ones.
    init(singleBytes: [Character?] = [], terminalKeys: [[UInt8]: KeyPress] = [:]) {
        typedText = TypedText(singleBytes: singleBytes)
        self.terminalKeys = terminalKeys
        longestTerminalKey = terminalKeys.keys.lazy.map(\.count).max() ?? 0
    }

    /// Until when the input at hand waits for its rest, on the caller's clock in
    /// milliseconds; nil where nothing waits.
    var deadline: Int64? {
        paste?.deadline ?? (buffer.isEmpty ? nil : lastInput + Self.escapePatience)
    }

    /// Reads bytes as they came.
    mutating func decode(_ bytes: [UInt8], at now: Int64) -> [TerminalEvent] {
        lastInput = now
        // Only a key comes by itself: the same byte within a paste is text, or
        // a pasted Ctrl-C would make keys of what is pasted after it.
        if paste != nil, bytes == Self.interrupt { return endPaste() }
        paste?.note(bytes.count)
        buffer += bytes
        let events = drain(isOverdue: false)
        return paste?.isLost(at: now) == true ? events + endPaste() : events
    }

    /// Reads what has waited long enough as what it is by itself.
    mutating func decodeOverdue(at now: Int64) -> [TerminalEvent] {
        guard let deadline, now >= deadline else { return [] }
        guard paste != nil else { return drain(isOverdue: true) }
        return paste?.isLost(at: now) == true ? endPaste() : []
    }

    private mutating func endPaste() -> [TerminalEvent] {
        _ = paste?.append(upToEndIn: buffer[...])
        let pasted = paste?.bytesWithLineFeeds ?? []
        buffer.removeAll()
        paste = nil
        return pasted.isEmpty ? [] : pasteEvents(pasted)
    }

    private func pasteEvents(_ bytes: [UInt8]) -> [TerminalEvent] {
        let (text, isComplete) = typedText.read(bytes)
        return [.paste(text)] + (isComplete ? [] : [.unreadable])
    }

    /// What stands at the front of the buffer.
    private enum Front {
        /// Events, or nothing worth telling, in so many bytes.
        case events(Int, [TerminalEvent])
        /// The start of a paste.
        case paste(Int)
        /// The beginning of something.
        case incomplete
    }

    private mutating func drain(isOverdue: Bool) -> [TerminalEvent] {
        var events: [TerminalEvent] = []
        var position = 0
        defer { buffer.removeFirst(min(position, buffer.count)) }
        while true {
            if let (count, isEnded) = paste?.append(upToEndIn: buffer[position...]) {
                position += count
                guard isEnded else { return events }
                events += pasteEvents(paste?.bytesWithLineFeeds ?? [])
                paste = nil
            }
            guard position < buffer.count else { return events }
            switch front(buffer[position...], isOverdue: isOverdue) {
            case .events(let count, let found):
                position += max(1, count)
                events += found
            case .paste(let count):
                position += count
                paste = PasteBuffer(at: lastInput)
                paste?.note(buffer.count - position)
            case .incomplete:
                return events
            }
        }
    }

    private func front(_ bytes: ArraySlice<UInt8>, isOverdue: Bool) -> Front {
        guard let first = bytes.first else { return .incomplete }
        if first != 0x1B { return plain(bytes, isOverdue: isOverdue) }
        if let (count, key) = terminalKey(bytes) { return .events(count, [.key(key)]) }
        switch EscapeSequence.read(bytes.prefix(Self.sequenceBytes)) {
        case .complete(let count, .pasteStart): return .paste(count)
        case .complete(let count, let meaning): return .events(count, meaning.event.map { [$0] } ?? [])
        case .none: break
        case .incomplete:
            if !isOverdue, bytes.count < Self.sequenceBytes { return .incomplete }
        }
        return alt(bytes, isOverdue: isOverdue)
    }

    /// Escape and whatever follows, where the two are no sequence.
    private func alt(_ bytes: ArraySlice<UInt8>, isOverdue: Bool) -> Front {
        let rest = bytes.dropFirst()
        guard !rest.isEmpty else {
            return isOverdue ? .events(1, [.key(KeyPress(.escape))]) : .incomplete
        }
        // One Escape before a sequence is Alt; before that it is a key of its
        // own, and no run of them nests any deeper.
        if rest.prefix(2) == [0x1B, 0x1B] { return .events(1, [.key(KeyPress(.escape))]) }
        switch front(rest, isOverdue: isOverdue) {
        case .events(let count, let events):
            var events = events
            // Only the first key was meant: the run behind it is just text.
            if case .key(var key)? = events.first {
                key.modifiers.insert(.alt)
                events[0] = .key(key)
            }
            return .events(count + 1, events)
        case .paste(let count): return .paste(count + 1)
        case .incomplete: return .incomplete
        }
    }

    private func terminalKey(_ bytes: ArraySlice<UInt8>) -> (count: Int, key: KeyPress)? {
        var count = min(longestTerminalKey, bytes.count)
        while count > 1 {
            if let key = terminalKeys[Array(bytes.prefix(count))] { return (count, key) }
            count -= 1
        }
        return nil
    }

    private func plain(_ bytes: ArraySlice<UInt8>, isOverdue: Bool) -> Front {
        guard let first = bytes.first else { return .incomplete }
        if let key = ControlKey.press(for: first) { return .events(1, [.key(key)]) }
        var run = bytes.prefix { $0 >= 0x20 && $0 != 0x7F }
        if !isOverdue, run.endIndex == bytes.endIndex {
            run = run.dropLast(TypedText.incompleteTail(of: run))
        }
        guard !run.isEmpty else { return .incomplete }
        // Whole clusters, so that a typed emoji is one key press.
        let (text, isComplete) = typedText.read(run)
        let keys = text.filter { !Self.isControl($0) }.map { TerminalEvent.key(KeyPress(.character($0))) }
        return .events(run.count, keys + (isComplete ? [] : [.unreadable]))
    }

    private static func isControl(_ character: Character) -> Bool {
        character.unicodeScalars.contains { $0.properties.generalCategory == .control }
    }
}
