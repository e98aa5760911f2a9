internal import ChatInterface

/// What a terminal can do, according to its description and the environment.
struct TerminalCapabilities: Hashable, Sendable {
    /// How many colors to use.
    var depth: Palette.Depth
    /// What is known about the background color.
    var background: Palette.Background
    /// The characters for the screen's own decorations.
    var glyphs: GlyphSet
}

extension Palette.Depth {
    /// Chooses the color depth.
    ///
    /// - Parameters:
    ///   - colors: The number of colors in the terminal's description.
    ///   - isDirect: Whether a color number is red, green and blue instead of an index into a palette.
    ///   - noColor: The value of `NO_COLOR`; any value asks for no colors (no-color.org).
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
    /// Reads `COLORFGBG`, in which some terminals put the palette numbers of their colors: `0;15` or `0;default;15` is
    /// dark on light.
    init(colorFGBG: String?) {
        let last = colorFGBG?.split(separator: ";").last.flatMap { Int($0) }
        self = last == 7 || last == 15 ? .light : .dark
    }
}

/// Chooses the locale for characters.
enum CharacterLocale {
    /// Decides whether to use another locale than the one in the environment.
    ///
    /// - Parameters:
    ///   - variable: Looks up an environment variable; nil if it is missing or empty.
    ///   - isAccepted: Whether the system accepted the environment's locale.
    /// - Returns: The locale to use instead; nil to use the environment's.
    static func replacement(variable: (String) -> String?, isAccepted: Bool) -> String? {
        let named = variable("LC_ALL") ?? variable("LC_CTYPE") ?? variable("LANG")
        // No locale is set, as in a bare container or a service. Terminals use UTF-8 today.
        guard let named else { return "C.UTF-8" }
        // The locale was passed on by ssh but is not installed here.
        let wantsUTF8 = named.uppercased().hasSuffix("UTF-8") || named.uppercased().hasSuffix("UTF8")
        return !isAccepted && wantsUTF8 ? "C.UTF-8" : nil
    }
}
