/// An event of the terminal.
public enum TerminalEvent: Hashable, Sendable {
    /// A key was pressed.
    case key(KeyPress)
    /// Text was pasted in one piece.
    ///
    /// Line breaks are line feeds; it is not yet safe to show.
    case paste(String)
    /// Something in the text just typed or pasted could not be read, and was replaced by `�`.
    case unreadable
    /// The mouse wheel was turned; negative lines scroll up (back in time).
    case wheel(lines: Int, row: Int, column: Int)
    /// The window has a new size, in cells.
    case resize(columns: Int, rows: Int)
    /// The terminal's window got or lost the focus.
    case focus(Bool)
}

/// A key, together with the modifier keys that were held down.
public struct KeyPress: Hashable, Sendable {
    /// The keys that the interface knows.
    public enum Key: Hashable, Sendable {
        /// A character as typed; with control, the lower-case letter.
        case character(Character)
        /// Return or Enter.
        case enter
        /// Tab.
        case tab
        /// Backspace: deletes before the cursor.
        case backspace
        /// Delete: deletes after the cursor.
        case delete
        /// An arrow.
        case up
        /// An arrow.
        case down
        /// An arrow.
        case left
        /// An arrow.
        case right
        /// Home.
        case home
        /// End.
        case end
        /// Page up.
        case pageUp
        /// Page down.
        case pageDown
        /// Insert.
        case insert
        /// Escape by itself.
        case escape
        /// F1 is 1.
        case function(Int)
    }

    /// The modifier keys that terminals report.
    public struct Modifiers: OptionSet, Hashable, Sendable {
        /// The bits.
        public let rawValue: Int
        /// Control.
        public static let control = Modifiers(rawValue: 1)
        /// Alt or Meta; an Escape right before a key means the same.
        public static let alt = Modifiers(rawValue: 2)
        /// Shift, unless it already shows in the character.
        public static let shift = Modifiers(rawValue: 4)

        /// Creates a set from its bits.
        public init(rawValue: Int) {
            self.rawValue = rawValue
        }
    }

    /// The key.
    public var key: Key
    /// The modifier keys that were held down.
    public var modifiers: Modifiers

    /// Creates a key press.
    public init(_ key: Key, _ modifiers: Modifiers = []) {
        self.key = key
        self.modifiers = modifiers
    }
}
