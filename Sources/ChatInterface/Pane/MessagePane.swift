internal import ChatProtocol
internal import ChatSession

/// The lines of a conversation, and which of them are visible.
///
/// Nothing is laid out when lines arrive. Drawing asks for the visible rows, and only their lines are wrapped, once for
/// each width.
struct MessagePane: Sendable {
    /// Which part is visible.
    enum Position: Hashable, Sendable {
        /// The newest lines, whatever arrives.
        case newest
        /// The lines from this place on, whatever arrives.
        case top(Anchor)
    }

    /// A row that stays the same when lines arrive or the width changes.
    struct Anchor: Hashable, Sendable {
        /// The serial of the line.
        var serial: Int
        /// Where the row starts in the line's text, in bytes.
        ///
        /// A negative number says how many rows above the text it is: the day, the mark of new lines.
        var offset: Int
    }

    /// One row of a line.
    struct Place: Hashable, Sendable {
        /// The index of the line.
        var index: Int
        /// The index of its row; rows above its text have negative ones.
        var row: Int
    }

    /// A row that belongs to a line but is above its text.
    enum Heading: Hashable, Sendable {
        /// Information about older lines.
        case top(String)
        case day(WireTime)
        case new
    }

    /// The sizes and looks that the layout depends on.
    struct Layout: Hashable, Sendable {
        var columns: PaneColumns
        var rows: Int
        var glyphs: GlyphSet
    }

    var scrollback = Scrollback()
    var position = Position.newest
    /// The serial of the first new line.
    var newMark: Int?
    /// Whether the reader has seen that mark and is at the newest lines.
    private var isMarkSettled = false
    /// The serial of the last line that a `/clear` moved out of view.
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

    /// Handles that the terminal got or lost the focus.
    ///
    /// The lines that are visible when it loses the focus count as seen.
    mutating func focus(_ isFocused: Bool) {
        if !isFocused { settle() }
        self.isFocused = isFocused
    }

    /// Counts the visible lines as seen, because the reader is active.
    mutating func settle() {
        if isFocused, position == .newest { isMarkSettled = true }
    }

    /// Scrolls to the newest lines and marks none as new, because the reader says something.
    mutating func follow() {
        position = .newest
        newMark = nil
    }

    /// Moves all lines out of view, except the pending messages; scrolling shows them again.
    mutating func clear() {
        scrollback.settleNotices()
        clearedSerial = scrollback.lines.prefix(scrollback.settledCount).last?.serial
        position = .newest
        newMark = nil
    }

    /// Shows all lines again.
    mutating func showCleared() {
        clearedSerial = nil
        position = .newest
    }
}

extension MessagePane.Layout {
    /// Whether the arrow of private lines has to be part of the text.
    var showsArrowInText: Bool {
        columns.mark == nil || DisplayWidth.of(glyphs.arrowRight) > 1
    }
}
