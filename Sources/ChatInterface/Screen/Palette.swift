public import ChatProtocol

/// Turns the colors that people choose into those that a terminal has.
public struct Palette: Hashable, Sendable {
    /// How many colors the terminal takes.
    public enum Depth: Hashable, Sendable {
        /// None, or none wanted (`NO_COLOR`).
        case monochrome
        /// The eight of old.
        case eight
        /// Those and their bright forms.
        case sixteen
        /// xterm's 256.
        case indexed256
        /// Any red, green and blue.
        case direct
    }

    /// What is known of a terminal's background.
    public enum Background: Hashable, Sendable {
        /// Black or nearly; taken where nothing is known.
        case dark
        /// White or nearly.
        case light
        /// This very color.
        case color(ChatColor)
    }

    /// Colors already turned; whoever draws keeps it, and makes a new one for another palette.
    public struct Cache: Sendable {
        var paints: [UInt32: Style.Paint] = [:]

        /// Creates an empty cache.
        public init() {}
    }

    /// How many colors there are.
    public let depth: Depth
    /// What colors are to be readable on.
    public let background: Background

    /// Creates a palette.
    public init(depth: Depth, background: Background = .dark) {
        self.depth = depth
        self.background = background
    }

    /// The terminal's color nearest to a chosen one of those that are readable on the background.
    public func readable(_ color: ChatColor) -> Style.Paint {
        .terminalDefault
    }

    /// The same, looked up first among those already turned.
    public func readable(_ color: ChatColor, cache: inout Cache) -> Style.Paint {
        readable(color)
    }

    /// The terminal's color nearest to a chosen one, readable or not: for backgrounds.
    public func nearest(_ color: ChatColor) -> Style.Paint {
        .terminalDefault
    }
}
