/// The look of a cell.
public struct Style: Hashable, Sendable {
    /// A color in a form that the terminal understands.
    public enum Paint: Hashable, Sendable {
        /// The terminal's own foreground or background.
        case terminalDefault
        /// A number of the terminal's palette.
        case indexed(Int)
        /// Red, green, blue; only if the terminal supports direct colors.
        case direct(red: UInt8, green: UInt8, blue: UInt8)
    }

    /// Attributes other than color.
    public struct Attributes: OptionSet, Hashable, Sendable {
        /// The bits.
        public let rawValue: Int
        /// Bold.
        public static let bold = Attributes(rawValue: 1)
        /// Dim.
        public static let dim = Attributes(rawValue: 2)
        /// Foreground and background swapped.
        public static let reverse = Attributes(rawValue: 4)
        /// Underlined.
        public static let underline = Attributes(rawValue: 8)
        /// Italic.
        public static let italic = Attributes(rawValue: 16)

        /// Creates a set from its bits.
        public init(rawValue: Int) {
            self.rawValue = rawValue
        }
    }

    /// The text's color.
    public var foreground: Paint
    /// The color behind it.
    public var background: Paint
    /// The attributes.
    public var attributes: Attributes

    /// Creates a style.
    public init(
        foreground: Paint = .terminalDefault,
        background: Paint = .terminalDefault,
        attributes: Attributes = []
    ) {
        self.foreground = foreground
        self.background = background
        self.attributes = attributes
    }

    /// The terminal's own colors, no attributes.
    public static let plain = Style()
}
