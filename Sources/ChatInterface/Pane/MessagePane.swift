internal import ChatProtocol
internal import ChatSession

/// The lines of a conversation and which of them are in view.
///
/// Nothing is laid out when lines arrive: whoever draws asks for the rows in
/// view, and only those lines are wrapped, once for each width.
struct MessagePane: Sendable {
    /// Which part is in view.
    enum Position: Hashable, Sendable {
        /// The newest lines, whatever arrives.
        case newest
        /// This place at the top, whatever arrives.
        case top(Anchor)
    }

    /// A row that stays the same when lines arrive or the width changes.
    struct Anchor: Hashable, Sendable {
        /// The line.
        var serial: Int
        /// Where the row starts in the line's text, in bytes; below zero, how
        /// many rows above it: the day, the mark of what is new.
        var offset: Int
    }

    /// One row of a line.
    struct Place: Hashable, Sendable {
        /// Which line, by its index.
        var index: Int
        /// Which of its rows; those above its text count below zero.
        var row: Int
    }

    /// A row that belongs to a line but stands above its text.
    enum Heading: Hashable, Sendable {
        /// What is known of older lines.
        case top(String)
        case day(WireTime)
        case new
    }

    /// What laying out goes by.
    struct Layout: Hashable, Sendable {
        var columns: PaneColumns
        var rows: Int
        var glyphs: GlyphSet
    }

    var scrollback = Scrollback()
    var position = Position.newest
    /// Where what is new starts, by serial.
    var newMark: Int?
    /// Whether the reader has seen that mark and is where things happen.
    private var isMarkSettled = false
    /// The last line above those that a `/clear` left in view.
    var clearedSerial: Int?
    /// Whether the terminal has the focus, as far as is known.
    private var isFocused = true
    /// Whether the server has older lines.
    var hasOlder = false
    /// Whether older lines have been asked for.
    var isLoadingOlder = false

    /// Adds an entry at the end.
    mutating func append(_ item: Scrollback.Item) {
        let serial = scrollback.append(item)
        let isAway = !isFocused || position != .newest
        guard isAway, newMark == nil || isMarkSettled, let index = scrollback.index(ofSerial: serial),
            scrollback.lines[index].isNews
        else { return }
        newMark = serial
        isMarkSettled = false
    }

    /// The terminal got or lost the focus.
    ///
    /// What was in view when it lost it counts as seen.
    mutating func focus(_ isFocused: Bool) {
        if !isFocused { settle() }
        self.isFocused = isFocused
    }

    /// The reader is active: what is in view counts as seen.
    mutating func settle() {
        if isFocused, position == .newest { isMarkSettled = true }
    }

    /// The reader says something: the newest lines come into view and none is new any more.
    mutating func follow() {
        position = .newest
        newMark = nil
    }

    /// Moves all lines out of view; scrolling brings them back.
    mutating func clear() {
        clearedSerial = scrollback.lines.last?.serial
        position = .newest
        newMark = nil
    }

    /// Brings all lines back into view.
    mutating func showCleared() {
        clearedSerial = nil
        position = .newest
    }
}

extension MessagePane.Layout {
    /// Whether the arrow of private lines has to stand in the text.
    var showsArrowInText: Bool {
        columns.mark == nil || DisplayWidth.of(glyphs.arrowRight) > 1
    }
}
