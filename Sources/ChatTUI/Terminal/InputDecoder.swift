internal import ChatInterface

/// Turns the bytes of a terminal into events.
///
/// Bytes come in any chunking: what could still become something longer waits
/// for ``patience`` and is then taken for what it is by itself.
///
/// For example, `ESC [ A` is the arrow up however it is cut, `ESC` followed by
/// silence is the Escape key, and `ESC x` is Alt-x.
struct InputDecoder {
    /// How typed characters are encoded.
    enum Encoding {
        /// UTF-8.
        case utf8
        /// One byte a character: 256 entries, nil where there is none.
        case singleByte([Character?])
    }

    /// How long an Escape waits for what may follow, in milliseconds.
    ///
    /// Longer makes the Escape key feel slow, shorter splits arrows on slow lines.
    static let escapePatience = 25
    /// How long a paste may pause, in milliseconds, before its lost end is
    /// given up: without a limit the keyboard would stay dead for ever.
    static let pastePatience = 10_000
    /// The longest paste in bytes; the rest of a longer one is dropped.
    static let pasteBytes = 1_048_576
    /// The longest escape sequence in bytes; a longer one is rubbish.
    static let sequenceBytes = 64

    private let encoding: Encoding
    private let terminalKeys: [[UInt8]: KeyPress]
    private let longestTerminalKey: Int
    private var buffer: [UInt8] = []
    private var paste: [UInt8]?

    /// Creates a decoder.
    ///
    /// - Parameters:
    ///   - encoding: How typed characters are encoded.
    ///   - terminalKeys: Sequences that this terminal has for its keys, beside the usual ones.
    init(encoding: Encoding = .utf8, terminalKeys: [[UInt8]: KeyPress] = [:]) {
        self.encoding = encoding
        self.terminalKeys = terminalKeys
        self.longestTerminalKey = terminalKeys.keys.lazy.map(\.count).max() ?? 0
    }

    /// How long the input at hand may wait for its rest, in milliseconds; nil
    /// where none waits.
    var patience: Int? {
        if paste != nil { return Self.pastePatience }
        return buffer.isEmpty ? nil : Self.escapePatience
    }

    /// Takes bytes as they came.
    mutating func decode(_ bytes: [UInt8]) -> [TerminalEvent] {
        buffer += bytes
        return drain(isOverdue: false)
    }

    /// Takes what waits for what it is by itself.
    mutating func giveUpWaiting() -> [TerminalEvent] {
        guard let pasted = paste else { return drain(isOverdue: true) }
        let text = pasted + buffer
        paste = nil
        buffer.removeAll()
        return text.isEmpty ? [] : [.paste(Self.pastedText(text))]
    }

    /// What stands at the front of the buffer.
    private enum Front {
        /// Events, or nothing worth telling, that took so many bytes.
        case taken(Int, [TerminalEvent])
        /// The start of a paste.
        case paste(Int)
        /// The beginning of something.
        case incomplete
    }

    private mutating func drain(isOverdue: Bool) -> [TerminalEvent] {
        var events: [TerminalEvent] = []
        var position = 0
        while true {
            if paste != nil {
                guard takePaste(&events, from: &position) else { break }
                continue
            }
            guard position < buffer.count else { break }
            switch front(buffer[position...], isOverdue: isOverdue) {
            case .taken(let count, let found):
                position += max(1, count)
                events += found
            case .paste(let count):
                position += count
                paste = []
            case .incomplete:
                buffer.removeFirst(position)
                return events
            }
        }
        buffer.removeFirst(min(position, buffer.count))
        return events
    }

    private func front(_ bytes: ArraySlice<UInt8>, isOverdue: Bool) -> Front {
        guard let first = bytes.first else { return .incomplete }
        if first != 0x1B { return plain(bytes, isOverdue: isOverdue) }
        if let (count, key) = terminalKey(bytes) { return .taken(count, [.key(key)]) }
        switch EscapeSequence.read(bytes.prefix(Self.sequenceBytes)) {
        case .complete(let count, .pasteStart): return .paste(count)
        case .complete(let count, let meaning): return .taken(count, meaning.event.map { [$0] } ?? [])
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
            return isOverdue ? .taken(1, [.key(KeyPress(.escape))]) : .incomplete
        }
        // One Escape before a sequence is Alt; before that it is a key of its
        // own, and no run of them nests any deeper.
        if rest.prefix(2) == [0x1B, 0x1B] { return .taken(1, [.key(KeyPress(.escape))]) }
        switch front(rest, isOverdue: isOverdue) {
        case .taken(let count, let events):
            var events = events
            // Only the first key was meant: the run behind it is just text.
            if case .key(var key)? = events.first {
                key.modifiers.insert(.alt)
                events[0] = .key(key)
            }
            return .taken(count + 1, events)
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

    // MARK: - Characters

    private func plain(_ bytes: ArraySlice<UInt8>, isOverdue: Bool) -> Front {
        guard let first = bytes.first else { return .incomplete }
        if let key = ControlKey.press(for: first) { return .taken(1, [.key(key)]) }
        let run = bytes.prefix { $0 >= 0x20 && $0 != 0x7F }
        switch encoding {
        case .singleByte(let characters):
            return .taken(
                run.count,
                run.compactMap { byte in
                    characters.indices.contains(Int(byte)) ? characters[Int(byte)].map(Self.typed) : nil
                }
            )
        case .utf8:
            var usable = run
            if !isOverdue, run.endIndex == bytes.endIndex {
                usable = run.dropLast(Self.incompleteTail(of: run))
            }
            guard !usable.isEmpty else { return .incomplete }
            // Whole clusters, so that a typed emoji is one key press.
            let text = String(decoding: usable, as: UTF8.self)
            return .taken(usable.count, text.filter { !Self.isControl($0) }.map(Self.typed))
        }
    }

    private static func typed(_ character: Character) -> TerminalEvent {
        .key(KeyPress(.character(character)))
    }

    private static func isControl(_ character: Character) -> Bool {
        character.unicodeScalars.contains { $0.properties.generalCategory == .control }
    }

    /// How many bytes at the end are the beginning of a UTF-8 sequence.
    private static func incompleteTail(of bytes: ArraySlice<UInt8>) -> Int {
        for (index, byte) in bytes.reversed().prefix(3).enumerated() where byte & 0xC0 != 0x80 {
            let length =
                switch byte {
                case 0xC2...0xDF: 2
                case 0xE0...0xEF: 3
                case 0xF0...0xF4: 4
                default: 1
                }
            return length > index + 1 ? index + 1 : 0
        }
        return 0
    }

    // MARK: - Paste

    private static let pasteEnd: [UInt8] = [0x1B] + Array("[201~".utf8)

    /// Moves pasted bytes over; false where all of the buffer is used and the
    /// paste goes on.
    private mutating func takePaste(_ events: inout [TerminalEvent], from position: inout Int) -> Bool {
        let rest = buffer[position...]
        var end = rest.startIndex
        while let escape = rest[end...].firstIndex(of: 0x1B) {
            let mark = rest[escape...].prefix(Self.pasteEnd.count)
            if Array(mark) == Self.pasteEnd {
                appendPasted(rest[rest.startIndex..<escape])
                events.append(.paste(Self.pastedText(paste ?? [])))
                paste = nil
                position = escape + Self.pasteEnd.count
                return true
            }
            if mark.endIndex == rest.endIndex, Self.pasteEnd.starts(with: mark) {
                // It may be the first half of the end.
                appendPasted(rest[rest.startIndex..<escape])
                position = escape
                return false
            }
            end = escape + 1
        }
        appendPasted(rest)
        position = rest.endIndex
        return false
    }

    private mutating func appendPasted(_ bytes: ArraySlice<UInt8>) {
        let room = Self.pasteBytes - (paste?.count ?? 0)
        paste?.append(contentsOf: bytes.prefix(max(0, room)))
    }

    /// Terminals send a line break as CR, LF or both.
    private static func pastedText(_ bytes: [UInt8]) -> String {
        var text: [UInt8] = []
        text.reserveCapacity(bytes.count)
        var wasReturn = false
        for byte in bytes {
            if byte == 0x0D {
                text.append(0x0A)
            } else if byte != 0x0A || !wasReturn {
                text.append(byte)
            }
            wasReturn = byte == 0x0D
        }
        return String(decoding: text, as: UTF8.self)
    }
}

/// The keys that are one control byte.
private enum ControlKey {
    static func press(for byte: UInt8) -> KeyPress? {
        switch byte {
        case 0x00: KeyPress(.character(" "), .control)
        // Ctrl-H is what some terminals send for Backspace, Ctrl-J what a
        // return becomes on the way through others.
        case 0x08, 0x7F: KeyPress(.backspace)
        case 0x09: KeyPress(.tab)
        case 0x0A, 0x0D: KeyPress(.enter)
        case 0x01...0x1A: KeyPress(.character(Character(Unicode.Scalar(byte + 0x60))), .control)
        case 0x1B: KeyPress(.escape)
        case 0x1C...0x1F: KeyPress(.character(Character(Unicode.Scalar(byte + 0x40))), .control)
        default: nil
        }
    }
}
