public import ChatProtocol

/// The input line as a value: text, cursor, and what each key does to them.
///
/// Everything counts grapheme clusters, so that the cursor is never inside of one visible character. It handles the
/// keys that WeeChat, irssi and readline agree on; Enter, Tab and all other keys are left to the caller.
public struct Composer: Hashable, Sendable {
    /// What the composer is for.
    public enum Kind: Hashable, Sendable {
        /// A message: it may have line breaks, and is kept in the history.
        case message
        /// One line that is not kept, such as a nickname.
        case field
        /// One line that is never shown, copied or kept: a password.
        case secret
    }

    /// The kind of the last key, because some keys do more when they are pressed in a row.
    enum Action: Hashable {
        case other
        case typing
        case erasing
        case killing
        case yanking(Range<Int>)
    }

    /// What the composer is for.
    public let kind: Kind
    /// The most bytes of UTF-8; longer text is cut off.
    public let maximumBytes: Int
    /// The text as grapheme clusters.
    public private(set) var characters: [Character] = []
    /// How many clusters are before the cursor.
    public internal(set) var cursor = 0

    var lastAction = Action.other
    var history = InputHistory()
    var undoLog = UndoLog()
    var killRing = KillRing()

    /// Creates an empty composer.
    public init(kind: Kind = .message, maximumBytes: Int = Limits.chatTextBytes) {
        self.kind = kind
        self.maximumBytes = maximumBytes
    }

    /// The text.
    public var text: String { String(characters) }

    /// Whether there is no text.
    public var isEmpty: Bool { characters.isEmpty }

    /// The text of a range; the part outside of the text is left out.
    public subscript(range: Range<Int>) -> String {
        String(characters[range.clamped(to: characters.indices)])
    }

    /// Inserts pasted text at the cursor; its line breaks are text, not Enter.
    public mutating func insert(_ text: String) {
        lastAction = .other
        edit(cursor..<cursor, with: text)
    }

    /// Replaces a range with a text and puts the cursor after it, as completion does.
    public mutating func replace(_ range: Range<Int>, with text: String) {
        lastAction = .other
        edit(range, with: text)
    }

    /// Replaces all text, and puts the cursor at its end.
    public mutating func setText(_ text: String) {
        replace(characters.indices, with: text)
    }

    /// Empties the composer and returns the text, as Enter does; a message is added to the history.
    ///
    /// - Parameter line: The line for the history, if it differs from the text.
    public mutating func take(remembering line: String? = nil) -> String {
        let taken = text
        if kind == .message { history.remember(line ?? taken) }
        history.rewind()
        undoLog = UndoLog()
        lastAction = .other
        restore("", cursor: 0)
        return taken
    }

    /// Drops everything that could bring deleted text back, so that no key does.
    mutating func forgetDrafts() {
        history.rewind()
        undoLog = UndoLog()
        killRing = KillRing()
        lastAction = .other
    }

    /// Changes the text, so that it can be undone.
    ///
    /// New text may form one cluster with what is before or after it, for example a combining mark typed by itself. A
    /// change that joins the previous one is undone together with it.
    mutating func edit(_ range: Range<Int>, with inserted: String, joiningPrevious: Bool = false) {
        let range = range.clamped(to: 0..<characters.count)
        let before = String(characters[..<range.lowerBound])
        let after = String(characters[range.upperBound...])
        let previous = range.lowerBound > 0 ? String(characters[range.lowerBound - 1]) : ""
        let inserted = fitting(clean(inserted, after: previous), beside: before.utf8.count + after.utf8.count)
        if inserted.isEmpty, range.isEmpty { return }
        if kind != .secret { undoLog.record(snapshot, joiningPrevious: joiningPrevious) }
        characters = Array(before + inserted + after)
        moveCursor(toByte: before.utf8.count + inserted.utf8.count)
    }

    /// Restores an earlier text.
    mutating func restore(_ text: String, cursor: Int) {
        characters = Array(text)
        self.cursor = min(max(0, cursor), characters.count)
    }

    var snapshot: UndoLog.Snapshot {
        UndoLog.Snapshot(text: text, cursor: cursor, historyPosition: history.position)
    }

    /// Moves the cursor behind the cluster that ends at a byte.
    private mutating func moveCursor(toByte offset: Int) {
        var bytes = 0
        cursor = 0
        while bytes < offset, cursor < characters.count {
            bytes += characters[cursor].utf8.count
            cursor += 1
        }
    }

    /// The part of a text from outside that may be inserted after the existing text.
    ///
    /// A mark typed by itself has no base only if there is nothing before it.
    private func clean(_ text: String, after previous: String) -> String {
        if kind == .secret {
            // Nothing else may be changed: it would become a different password.
            var scalars = String.UnicodeScalarView()
            scalars.append(contentsOf: text.unicodeScalars.filter { $0.value >= 0x20 && $0.value != 0x7F })
            return String(scalars)
        }
        let whole = safe(previous + text).unicodeScalars
        guard whole.starts(with: previous.unicodeScalars) else { return safe(text) }
        return String(whole.dropFirst(previous.unicodeScalars.count))
    }

    private func safe(_ text: String) -> String {
        kind == .message ? SafeText(block: text).text : SafeText(line: text).text
    }

    /// The longest start of a text that fits, in whole clusters.
    private func fitting(_ text: String, beside bytes: Int) -> String {
        var room = maximumBytes - bytes
        if text.utf8.count <= room { return text }
        return String(
            text.prefix { character in
                room -= character.utf8.count
                return room >= 0
            }
        )
    }
}
