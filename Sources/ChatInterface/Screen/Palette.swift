public import ChatProtocol

/// Turns the colors that people choose into those that a terminal has.
///
/// Every color stays readable. One with too little contrast to the background gets lighter (or darker) in OKLab until
/// it has enough, and keeps its hue. Of the terminal's colors only readable ones are used.
public struct Palette: Hashable, Sendable {
    /// How many colors the terminal can show.
    public enum Depth: Hashable, Sendable {
        /// None, or none wanted (`NO_COLOR`).
        case monochrome
        /// The eight basic colors.
        case eight
        /// The eight basic colors and their bright forms.
        case sixteen
        /// xterm's 256 colors; the first 16 are the user's own and not used.
        case indexed256
        /// Any red, green and blue.
        case direct
    }

    /// What is known about a terminal's background.
    public enum Background: Hashable, Sendable {
        /// Black or nearly black; also if nothing is known.
        case dark
        /// White or nearly white.
        case light
        /// Exactly this color.
        case color(ChatColor)

        /// The color against which contrast is measured.
        ///
        /// No dark terminal is darker than black, and few are much lighter than this color: what is readable on it is
        /// readable on those. Pure red is only just readable.
        public var color: ChatColor {
            switch self {
            case .dark: ChatColor(red: 0x12, green: 0x12, blue: 0x12)
            case .light: ChatColor(red: 0xEE, green: 0xEE, blue: 0xEE)
            case .color(let color): color
            }
        }

        /// Whether white is easier to read on it than black.
        public var isDark: Bool {
            // Here the contrast to white equals the contrast to black.
            color.luminance < 0.179
        }
    }

    /// The colors that were already converted.
    ///
    /// The drawing code keeps it, and makes a new one for another palette.
    public struct Cache: Hashable, Sendable {
        /// The most colors kept, because other people choose them and there may be any number.
        static let limit = 4096

        var paints: [UInt32: Style.Paint] = [:]

        /// Creates an empty cache.
        public init() {}
    }

    /// One of a terminal's numbered colors.
    struct Entry: Hashable, Sendable {
        var index: Int
        var color: ChatColor
        var lab: OKLab

        init(index: Int, color: ChatColor) {
            self.index = index
            self.color = color
            self.lab = OKLab(color)
        }
    }

    /// The least contrast to the background, as WCAG asks of text.
    public static let minimumContrast = 4.5

    /// The least contrast of the first sixteen colors.
    ///
    /// The user chooses how they really look. With xterm's colors this bound leaves out what nobody can read (blue on
    /// black, yellow on white) and keeps red.
    public static let minimumContrastOfSixteen = 2.5

    /// How many colors there are.
    public let depth: Depth
    /// The background on which colors have to be readable.
    public let background: Background

    private let backgroundLuminance: Double
    private let readableEntries: [Entry]

    /// Creates a palette.
    public init(depth: Depth, background: Background = .dark) {
        self.depth = depth
        self.background = background
        let backgroundColor = background.color
        backgroundLuminance = backgroundColor.luminance
        let minimum = depth == .indexed256 ? Self.minimumContrast : Self.minimumContrastOfSixteen
        readableEntries = Self.entries(depth).filter { $0.color.contrast(to: backgroundColor) >= minimum }
    }

    /// The terminal's color nearest to a chosen one, among those readable on the background.
    public func readable(_ color: ChatColor) -> Style.Paint {
        guard depth != .monochrome else { return .terminalDefault }
        let adjusted = withContrast(color)
        if depth == .direct { return Self.direct(adjusted) }
        guard let entry = nearestEntry(to: adjusted, in: readableEntries) else { return .terminalDefault }
        return .indexed(entry.index)
    }

    /// The terminal's color nearest to a chosen one and readable; converted colors come from the cache.
    public func readable(_ color: ChatColor, cache: inout Cache) -> Style.Paint {
        let key = UInt32(color.red) << 16 | UInt32(color.green) << 8 | UInt32(color.blue)
        if let paint = cache.paints[key] { return paint }
        if cache.paints.count >= Cache.limit { cache.paints.removeAll() }
        let paint = readable(color)
        cache.paints[key] = paint
        return paint
    }

    /// The terminal's color nearest to a chosen one, even if it is not readable: for backgrounds and lines.
    public func nearest(_ color: ChatColor) -> Style.Paint {
        switch depth {
        case .monochrome: return .terminalDefault
        case .direct: return Self.direct(color)
        default: break
        }
        guard let entry = nearestEntry(to: color, in: Self.entries(depth)) else { return .terminalDefault }
        return .indexed(entry.index)
    }

    /// A palette for drawing on another background, together with the paint of that background.
    public func on(_ background: ChatColor) -> (palette: Palette, paint: Style.Paint) {
        let paint = nearest(background)
        let shown = Self.color(of: paint).map(Background.color)
        return (Palette(depth: depth, background: shown ?? self.background), paint)
    }

    /// The color of a paint, by xterm's colors; nil for the terminal's own.
    static func color(of paint: Style.Paint) -> ChatColor? {
        switch paint {
        case .terminalDefault: nil
        case .direct(let red, let green, let blue): ChatColor(red: red, green: green, blue: blue)
        case .indexed(let index): (sixteen + cubeAndGrays).first { $0.index == index }?.color
        }
    }

    /// The chosen color, or the one closest to it in lightness that has enough contrast to the background.
    func withContrast(_ color: ChatColor) -> ChatColor {
        if hasContrast(color) { return color }
        let lab = OKLab(color)
        var short = lab.lightness
        var enough = background.isDark ? 1.0 : 0.0
        // At the end the steps are smaller than one byte.
        for _ in 0..<12 {
            let middle = (short + enough) / 2
            if hasContrast(OKLab(lightness: middle, a: lab.a, b: lab.b).nearestShown) {
                enough = middle
            } else {
                short = middle
            }
        }
        return OKLab(lightness: enough, a: lab.a, b: lab.b).nearestShown
    }

    private func hasContrast(_ color: ChatColor) -> Bool {
        let luminance = color.luminance
        let lighter = max(luminance, backgroundLuminance) + 0.05
        let darker = min(luminance, backgroundLuminance) + 0.05
        return lighter >= darker * Self.minimumContrast
    }

    private func nearestEntry(to color: ChatColor, in entries: [Entry]) -> Entry? {
        let lab = OKLab(color)
        if depth == .indexed256 {
            return Self.least(entries) { $0.lab.squaredDistance(to: lab) }
        }
        // Among few colors, some gray is nearest to all but pure colors. So choose by the nearest hue, and choose a
        // gray only if no hue is near.
        let alike =
            lab.isGray ? [] : entries.filter { !$0.lab.isGray && lab.hueDistance(to: $0.lab) <= Self.farthestHue }
        if let nearest = Self.least(
            alike,
            by: { $0.lab.hueDistance(to: lab) + abs($0.lab.lightness - lab.lightness) / 2 }
        ) {
            return nearest
        }
        let grays = entries.filter(\.lab.isGray)
        return Self.least(grays.isEmpty ? entries : grays) { abs($0.lab.lightness - lab.lightness) }
    }

    /// How far a hue may be from the one that replaces it: 75 degrees.
    private static let farthestHue = 1.22

    /// The entry with the lowest score; the first if there are several.
    private static func least(_ entries: [Entry], by score: (Entry) -> Double) -> Entry? {
        var least: (entry: Entry, score: Double)?
        for entry in entries {
            let score = score(entry)
            if let least, least.score <= score { continue }
            least = (entry, score)
        }
        return least?.entry
    }

    private static func direct(_ color: ChatColor) -> Style.Paint {
        // Terminals with direct colors read the numbers 0 to 7 as the eight basic colors.
        let blue = color.red == 0 && color.green == 0 ? max(8, color.blue) : color.blue
        return .direct(red: color.red, green: color.green, blue: blue)
    }
}

extension Palette {
    static func entries(_ depth: Depth) -> [Entry] {
        switch depth {
        case .monochrome, .direct: []
        case .eight: Array(sixteen.prefix(8))
        case .sixteen: sixteen
        case .indexed256: cubeAndGrays
        }
    }

    /// The first sixteen colors of xterm.
    private static let sixteen: [Entry] = [
        ChatColor(red: 0, green: 0, blue: 0),
        ChatColor(red: 205, green: 0, blue: 0),
        ChatColor(red: 0, green: 205, blue: 0),
        ChatColor(red: 205, green: 205, blue: 0),
        ChatColor(red: 0, green: 0, blue: 238),
        ChatColor(red: 205, green: 0, blue: 205),
        ChatColor(red: 0, green: 205, blue: 205),
        ChatColor(red: 229, green: 229, blue: 229),
        ChatColor(red: 127, green: 127, blue: 127),
        ChatColor(red: 255, green: 0, blue: 0),
        ChatColor(red: 0, green: 255, blue: 0),
        ChatColor(red: 255, green: 255, blue: 0),
        ChatColor(red: 92, green: 92, blue: 255),
        ChatColor(red: 255, green: 0, blue: 255),
        ChatColor(red: 0, green: 255, blue: 255),
        ChatColor(red: 255, green: 255, blue: 255),
    ].enumerated().map { Entry(index: $0.offset, color: $0.element) }

    /// The colors from 16 on: a cube of 6 by 6 by 6, then 24 grays.
    private static let cubeAndGrays: [Entry] = {
        let levels: [UInt8] = [0, 95, 135, 175, 215, 255]
        var entries: [Entry] = []
        for red in levels {
            for green in levels {
                for blue in levels {
                    let color = ChatColor(red: red, green: green, blue: blue)
                    entries.append(Entry(index: 16 + entries.count, color: color))
                }
            }
        }
        for step in UInt8(0)..<24 {
            let level = 8 + 10 * step
            entries.append(Entry(index: 16 + entries.count, color: ChatColor(red: level, green: level, blue: level)))
        }
        return entries
    }()
}
