internal import ChatInterface

/// Decodes the bytes of a terminal into events.
///
/// The bytes may arrive in pieces of any size. Input that could still become something longer waits until ``deadline``,
/// and is then decoded as it is.
///
/// For example, `ESC [ A` is the arrow up however it is cut, `ESC` followed by silence is the Escape key, and `ESC x`
/// is Alt-x.
struct InputDecoder {
    /// How long an Escape waits for more bytes, in milliseconds.
    ///
    /// A longer time would make the Escape key feel slow; a shorter one would split arrow keys on slow lines.
    static let escapePatience: Int64 = 25
    /// The longest escape sequence in bytes; anything longer is not valid.
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
    ///   - terminalKeys: The sequences that this terminal sends for its keys, in addition to the usual ones.
    init(singleBytes: [Character?] = [], terminalKeys: [[UInt8]: KeyPress] = [:]) {
        typedText = TypedText(singleBytes: singleBytes)
        self.terminalKeys = terminalKeys
        longestTerminalKey = terminalKeys.keys.lazy.map(\.count).max() ?? 0
    }

    /// Until when incomplete input waits for more, on the caller's clock in milliseconds; nil if nothing waits.
    var deadline: Int64? {
        paste?.deadline ?? (buffer.isEmpty ? nil : lastInput + Self.escapePatience)
    }

    /// Decodes bytes that have arrived.
    mutating func decode(_ bytes: [UInt8], at now: Int64) -> [TerminalEvent] {
        lastInput = now
        // Only a typed Ctrl-C arrives alone. The same byte inside a paste is text; otherwise a pasted Ctrl-C would turn
        // the rest of the paste into keys.
        if paste != nil, bytes == Self.interrupt { return endPaste() }
        paste?.note(bytes.count)
        buffer += bytes
        let events = drain(isOverdue: false)
        return paste?.isLost(at: now) == true ? events + endPaste() : events
    }

    /// Decodes input that has waited long enough, as it is.
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

    /// What is at the beginning of the buffer.
    private enum Front {
        /// Events (or none, if nothing matters to us) from this many bytes.
        case events(Int, [TerminalEvent])
        /// The start of a paste.
        case paste(Int)
        /// Incomplete input.
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

    /// Decodes an Escape and what follows it, if they don't form a sequence.
    private func alt(_ bytes: ArraySlice<UInt8>, isOverdue: Bool) -> Front {
        let rest = bytes.dropFirst()
        guard !rest.isEmpty else {
            return isOverdue ? .events(1, [.key(KeyPress(.escape))]) : .incomplete
        }
        // An Escape directly before a sequence means Alt. In a longer run of Escapes each earlier one is a key of its
        // own, so they never nest deeper.
        if rest.prefix(2) == [0x1B, 0x1B] { return .events(1, [.key(KeyPress(.escape))]) }
        switch front(rest, isOverdue: isOverdue) {
        case .events(let count, let events):
            var events = events
            // Alt applies only to the first key; what follows is ordinary text.
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
        // Whole grapheme clusters, so that a typed emoji is one key press.
        let (text, isComplete) = typedText.read(run)
        let keys = text.filter { !Self.isControl($0) }.map { TerminalEvent.key(KeyPress(.character($0))) }
        return .events(run.count, keys + (isComplete ? [] : [.unreadable]))
    }

    private static func isControl(_ character: Character) -> Bool {
        character.unicodeScalars.contains { $0.properties.generalCategory == .control }
    }
}
