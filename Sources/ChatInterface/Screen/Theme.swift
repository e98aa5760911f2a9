public import ChatProtocol

/// The colors of a theme as the user sets them; nil is the default.
public struct ThemeColors: Hashable, Sendable {
    /// Behind everything.
    public var background: ChatColor?
    /// Ordinary text.
    public var text: ChatColor?
    /// Less important text: times, joins and leaves.
    public var dim: ChatColor?
    /// Text that should be noticed: mentions, the new-messages line.
    public var accent: ChatColor?
    /// Messages about something that the server did to the user.
    public var warning: ChatColor?
    /// Messages about something that failed.
    public var error: ChatColor?
    /// Private messages.
    public var whisper: ChatColor?
    /// The user's own nickname, if it is not in the user's color.
    public var own: ChatColor?
    /// Lines between the parts of the screen.
    public var border: ChatColor?
    /// The background of the text that is being typed.
    public var entryBackground: ChatColor?
    /// The text that is being typed.
    public var entryText: ChatColor?

    /// Creates a set of defaults.
    public init() {}
}

/// The looks of everything on the screen.
///
/// Every text color is readable on its background, even the user's own choices. If there are fewer than 256 colors, or
/// none, attributes are used instead.
public struct Theme: Hashable, Sendable {
    /// Converts the colors of people into those of the terminal.
    public let palette: Palette
    /// The style for every cell without a color of its own; see ``Grid/paintDefaults(foreground:background:)``.
    public let base: Style
    /// Ordinary text.
    public let text: Style
    /// Less important text: times, joins and leaves.
    public let dim: Style
    /// Text that should be noticed: mentions, the new-messages line, counts of unread messages.
    public let accent: Style
    /// Messages about something that the server did to the user, and a lost connection.
    public let warning: Style
    /// Messages about something that failed.
    public let error: Style
    /// Private messages.
    public let whisper: Style
    /// The user's own nickname, if it is not in the user's color.
    public let own: Style
    /// Lines between the parts of the screen.
    public let border: Style
    /// The top line's text.
    public let status: Style
    /// The mark between the user's nickname and the text that is being typed.
    public let prompt: Style
    /// The text that is being typed, with its background.
    public let entry: Style
    /// Marks that stand for something within the text that is being typed.
    public let entryMark: Style

    /// Creates the default theme with some colors replaced.
    ///
    /// The background is what is known about the terminal's own; it is not used if the colors contain one.
    public init(
        colors: ThemeColors = ThemeColors(),
        depth: Palette.Depth = .indexed256,
        background: Palette.Background = .dark
    ) {
        var palette = Palette(depth: depth, background: background)
        var base = Style.plain
        if let color = colors.background {
            (palette, base.background) = palette.on(color)
            // The terminal's own text color was made for its own background.
            base.foreground = palette.readable(colors.text ?? Self.defaultText(on: palette))
        } else if let color = colors.text {
            base.foreground = palette.readable(color)
        }
        let hasManyColors = depth == .indexed256 || depth == .direct

        func style(_ chosen: ChatColor?, _ usual: ChatColor, _ attributes: Style.Attributes = []) -> Style {
            Style(foreground: palette.readable(chosen ?? usual), attributes: attributes)
        }
        func quiet(_ chosen: ChatColor?, on palette: Palette) -> Style {
            // Among few colors, gray is missing or may be the same as the background.
            if chosen == nil, !hasManyColors { return Style(attributes: .dim) }
            return Style(foreground: palette.readable(chosen ?? Self.usualDim))
        }

        self.palette = palette
        self.base = base
        text = .plain
        dim = quiet(colors.dim, on: palette)
        accent = style(colors.accent, Self.usualAccent, .bold)
        warning = style(colors.warning, Self.usualWarning, .bold)
        error = style(colors.error, Self.usualError, .bold)
        whisper = style(colors.whisper, Self.usualWhisper, depth == .monochrome ? .underline : [])
        own = colors.own.map { style($0, $0, .bold) } ?? Style(attributes: .bold)
        status = .plain
        prompt = Style(foreground: accent.foreground)
        if let color = colors.border {
            border = Style(foreground: palette.nearest(color))
        } else if hasManyColors {
            // A line needs less contrast than text.
            let usual = palette.background.isDark ? Self.usualBorderOnDark : Self.usualBorderOnLight
            border = Style(foreground: palette.nearest(usual))
        } else {
            border = Style(attributes: .dim)
        }

        var entry = Style.plain
        var entryPalette = palette
        if let color = colors.entryBackground {
            (entryPalette, entry.background) = palette.on(color)
            entry.foreground = entryPalette.readable(colors.entryText ?? Self.defaultText(on: entryPalette))
        } else if let color = colors.entryText {
            entry.foreground = entryPalette.readable(color)
        }
        self.entry = entry
        var entryMark = quiet(colors.dim, on: entryPalette)
        entryMark.background = entry.background
        self.entryMark = entryMark
    }

    /// The look of a name in a given color.
    public func name(color: ChatColor, cache: inout Palette.Cache) -> Style {
        Style(foreground: palette.readable(color, cache: &cache))
    }

    private static func defaultText(on palette: Palette) -> ChatColor {
        palette.background.isDark ? usualTextOnDark : usualTextOnLight
    }

    private static let usualTextOnDark = ChatColor(red: 0xE4, green: 0xE4, blue: 0xE4)
    private static let usualTextOnLight = ChatColor(red: 0x1C, green: 0x1C, blue: 0x1C)
    private static let usualDim = ChatColor(red: 0x8A, green: 0x8A, blue: 0x8A)
    private static let usualAccent = ChatColor(red: 0x5F, green: 0xD7, blue: 0xFF)
    private static let usualWarning = ChatColor(red: 0xFF, green: 0xD7, blue: 0x5F)
    private static let usualError = ChatColor(red: 0xFF, green: 0x5F, blue: 0x5F)
    private static let usualWhisper = ChatColor(red: 0xD7, green: 0xAF, blue: 0xFF)
    private static let usualBorderOnDark = ChatColor(red: 0x58, green: 0x58, blue: 0x58)
    private static let usualBorderOnLight = ChatColor(red: 0xBC, green: 0xBC, blue: 0xBC)
}
