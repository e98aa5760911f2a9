internal import ChatInterface

/// What a terminal can do, as far as its description and the environment tell.
struct TerminalCapabilities: Hashable, Sendable {
    /// How many colors to use.
    var depth: Palette.Depth
    /// What is known of the background.
    var background: Palette.Background
    /// What the screen's own decorations are made of.
    var glyphs: GlyphSet
}

extension Palette.Depth {
    /// Chooses the depth.
    ///
    /// - Parameters:
    ///   - colors: The number of colors that the terminal's description names.
    ///   - isDirect: Whether a color number is red, green and blue rather than a place in a palette.
    ///   - noColor: The environment's `NO_COLOR`; set to anything, it asks for none (no-color.org).
    init(colors: Int, isDirect: Bool, noColor: String?) {
        self =
            if noColor != nil {
                .monochrome
            } else if isDirect, colors >= 1 << 24 {
                .direct
            } else if colors >= 256 {
                .indexed256
            } else if colors >= 16 {
                .sixteen
            } else if colors >= 8 {
                .eight
            } else {
                .monochrome
            }
    }
}

extension Palette.Background {
    /// Reads `COLORFGBG`, which some terminals set to the palette numbers of
    /// their colors: `0;15` or `0;default;15` is dark on light.
    init(colorFGBG: String?) {
        let last = colorFGBG?.split(separator: ";").last.flatMap { Int($0) }
        self = last == 7 || last == 15 ? .light : .dark
    }
}

/// Which locale to take for characters.
enum CharacterLocale {
    /// What the environment asks for.
    ///
    /// - Parameters:
    ///   - variable: Looks up an environment variable; nil for missing or empty.
    ///   - isAccepted: Whether the system took that locale.
    /// - Returns: A locale to ask the system for in its place, or nil where
    ///   what the environment asks for stands.
    static func replacement(variable: (String) -> String?, isAccepted: Bool) -> String? {
        let named = variable("LC_ALL") ?? variable("LC_CTYPE") ?? variable("LANG")
        // Nobody has said anything: a bare container, a service. Terminals
        // speak UTF-8 today.
        guard let named else { return "C.UTF-8" }
        // The locale came along through ssh and is not installed here.
        let wantsUTF8 = named.uppercased().hasSuffix("UTF-8") || named.uppercased().hasSuffix("UTF8")
        return !isAccepted && wantsUTF8 ? "C.UTF-8" : nil
    }
}
