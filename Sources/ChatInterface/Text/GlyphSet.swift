/// The characters for the screen's own decorations.
///
/// They also limit other text to what the terminal can show: with ``ascii``, a grid replaces every other character with
/// `?`.
public struct GlyphSet: Hashable, Sendable {
    /// Whether only ASCII may reach the terminal.
    public let isASCII: Bool
    /// A horizontal line, one cell.
    public let horizontalRule: String
    /// A vertical line, one cell.
    public let verticalRule: String
    /// The start of a vertical line under a horizontal one, one cell.
    public let teeDown: String
    /// The end of a vertical line above a horizontal one, one cell.
    public let teeUp: String
    /// A vertical line with a horizontal one on its right, one cell.
    public let teeRight: String
    /// A vertical line with a horizontal one on its left, one cell.
    public let teeLeft: String
    /// The mark for text that did not fit, one cell.
    public let ellipsis: String
    /// The mark for something above.
    public let arrowUp: String
    /// The mark for something below.
    public let arrowDown: String
    /// The arrow from one person to another.
    public let arrowRight: String
    /// The mark for somebody who joined, left or changed.
    public let event: String
    /// The mark of a warning.
    public let warning: String
    /// The mark of an error.
    public let error: String
    /// The mark before the name of an admin, one cell.
    public let admin: String
    /// The text between the parts of a status line.
    public let separator: String
    /// The mark between the user's name and the text that is being typed, one cell.
    public let prompt: String
    /// The replacement for each character of a password, one cell.
    public let mask: String
    /// The replacement for a line break if there is only one row, one cell.
    public let lineBreak: String
    /// A fully colored cell, to show a color.
    public let swatch: String

    /// For terminals with UTF-8 and a font with lines and arrows.
    public static let unicode = GlyphSet(
        isASCII: false,
        horizontalRule: "─",
        verticalRule: "│",
        teeDown: "┬",
        teeUp: "┴",
        teeRight: "├",
        teeLeft: "┤",
        ellipsis: "…",
        arrowUp: "↑",
        arrowDown: "↓",
        arrowRight: "→",
        event: "↪",
        warning: "!",
        error: "✗",
        admin: "★",
        separator: "·",
        prompt: "›",
        mask: "•",
        lineBreak: "↲",
        swatch: "█"
    )

    /// For every other terminal.
    public static let ascii = GlyphSet(
        isASCII: true,
        horizontalRule: "-",
        verticalRule: "|",
        teeDown: "+",
        teeUp: "+",
        teeRight: "+",
        teeLeft: "+",
        ellipsis: "~",
        arrowUp: "^",
        arrowDown: "v",
        arrowRight: "->",
        event: "*",
        warning: "!",
        error: "X",
        admin: "@",
        separator: "|",
        prompt: ">",
        mask: "*",
        lineBreak: "$",
        swatch: "#"
    )
}
