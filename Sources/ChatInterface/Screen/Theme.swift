public import ChatProtocol

/// The colors of a theme as the user gives them; nil takes the default.
public struct ThemeColors: Hashable, Sendable {
    /// Behind everything.
    public var background: ChatColor?
    /// Ordinary text.
    public var text: ChatColor?
    /// What stays in the background: times, joins and leaves.
    public var dim: ChatColor?
    /// What draws the eye: mentions, the new-messages line.
    public var accent: ChatColor?
    /// The server did something to the user.
    public var warning: ChatColor?
    /// Something failed.
    public var error: ChatColor?
    /// The user's own nickname, where it is not in the user's color.
    public var own: ChatColor?
    /// Lines between the parts of the screen.
    public var border: ChatColor?
    /// Behind what is being typed.
    public var entryBackground: ChatColor?
    /// What is being typed.
    public var entryText: ChatColor?

    /// Creates a set that is all defaults.
    public init() {}
}

/// How each kind of thing on the screen looks.
public struct Theme: Hashable, Sendable {
    /// What turns the colors of people into those of the terminal.
    public let palette: Palette
    /// What paints every cell that no style gives a color to; see ``Grid/paintDefaults(foreground:background:)``.
    public let base: Style
    /// Ordinary text.
    public let text: Style
    /// What stays in the background: times, joins and leaves.
    public let dim: Style
    /// What draws the eye: mentions, the new-messages line, counts of unread messages.
    public let accent: Style
    /// The server did something to the user, or is away.
    public let warning: Style
    /// Something failed.
    public let error: Style
    /// The user's own nickname, where it is not in the user's color.
    public let own: Style
    /// Lines between the parts of the screen.
    public let border: Style
    /// The top line's text.
    public let status: Style
    /// The mark between the own nickname and what is being typed.
    public let prompt: Style
    /// What is being typed, with its background.
    public let entry: Style
    /// Marks that stand for something in what is being typed.
    public let entryMark: Style
    /// Private lines' mark.
    public let whisper: Style
    /// What is selected or searched for.
    public let selection: Style

    /// Creates the default theme with some colors replaced.
    public init(
        colors: ThemeColors = ThemeColors(),
        depth: Palette.Depth = .indexed256,
        background: Palette.Background = .dark
    ) {
        palette = Palette(depth: depth, background: background)
        base = .plain
        text = .plain
        dim = Style(attributes: .dim)
        accent = Style(attributes: .bold)
        warning = Style(attributes: .bold)
        error = Style(attributes: .bold)
        own = .plain
        border = Style(attributes: .dim)
        status = .plain
        prompt = .plain
        entry = .plain
        entryMark = Style(attributes: .dim)
        whisper = Style(attributes: .italic)
        selection = Style(attributes: .reverse)
    }

    /// How the name of someone with a given color looks.
    public func name(color: ChatColor, cache: inout Palette.Cache) -> Style {
        Style(foreground: palette.readable(color, cache: &cache))
    }
}
