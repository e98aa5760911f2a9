/// The characters that the screen's own decorations are made of.
///
/// Text is drawn in what the terminal can show too: with ``ascii``, a grid
/// puts `?` in place of every other character.
public struct GlyphSet: Hashable, Sendable {
    /// Whether only ASCII may reach the terminal.
    public let isASCII: Bool
    /// A horizontal line, one cell.
    public let horizontalRule: String
    /// A vertical line, one cell.
    public let verticalRule: String
    /// Where a vertical line begins under a horizontal one, one cell.
    public let teeDown: String
    /// Where a vertical line ends above a horizontal one, one cell.
    public let teeUp: String
    /// Where a vertical line passes a horizontal one on its right, one cell.
    public let teeRight: String
    /// Where a vertical line passes a horizontal one on its left, one cell.
    public let teeLeft: String
    /// In place of text that had no room, one cell.
    public let ellipsis: String
    /// Something is above.
    public let arrowUp: String
    /// Something is below.
    public let arrowDown: String
    /// From one person to another.
    public let arrowRight: String
    /// Someone came, left or changed.
    public let event: String
    /// A warning.
    public let warning: String
    /// An error.
    public let error: String
    /// Before the name of an admin, one cell.
    public let admin: String
    /// Between the parts of a status line.
    public let separator: String
    /// Between the own name and what is being typed, one cell.
    public let prompt: String
    /// In place of each character of a password, one cell.
    public let mask: String
    /// In place of a line break where there is one row only, one cell.
    public let lineBreak: String
    /// A cell full of color, for showing one.
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
