internal import ChatProtocol
internal import Testing

@testable internal import ChatInterface

@Suite("Theme")
struct ThemeTests {
    static let textStyles: [any KeyPath<Theme, Style> & Sendable] = [
        \.dim, \.accent, \.warning, \.error, \.whisper, \.own, \.prompt, \.entryMark,
    ]

    @Test("Without colors, attributes tell things apart")
    func monochrome() {
        let theme = Theme(depth: .monochrome)
        for style in Self.textStyles + [\.text, \.base, \.entry, \.border] {
            #expect(theme[keyPath: style].foreground == .terminalDefault)
            #expect(theme[keyPath: style].background == .terminalDefault)
        }
        #expect(theme.dim.attributes == .dim)
        #expect(theme.error.attributes == .bold)
    }

    @Test("By default, text and background are the terminal's own")
    func defaults() {
        for depth in [Palette.Depth.eight, .sixteen, .indexed256, .direct] {
            let theme = Theme(depth: depth)
            #expect(theme.base == .plain)
            #expect(theme.text == .plain)
            #expect(theme.entry == .plain)
        }
    }

    @Test(
        "Whatever is chosen can be read on what is chosen behind it",
        arguments: ["#000000", "#FFFFFF", "#808080", "#002B36", "#FF00FF"]
    )
    func readable(_ text: String) throws {
        let color = try #require(ChatColor(text))
        var colors = ThemeColors()
        // The worst choice: everything in one color.
        colors.background = color
        colors.text = color
        colors.dim = color
        colors.accent = color
        colors.warning = color
        colors.error = color
        colors.whisper = color
        colors.own = color
        colors.entryBackground = color
        colors.entryText = color
        for depth in [Palette.Depth.indexed256, .direct] {
            let theme = Theme(colors: colors, depth: depth)
            let background = try #require(Palette.color(of: theme.base.background))
            for path in Self.textStyles + [\.base, \.entry] {
                let foreground = try #require(Palette.color(of: theme[keyPath: path].foreground))
                #expect(foreground.contrast(to: background) >= Palette.minimumContrast)
            }
        }
    }

    @Test("A background of one's own brings a text color that suits it")
    func background() throws {
        var colors = ThemeColors()
        colors.background = .white
        let theme = Theme(colors: colors, depth: .indexed256, background: .dark)
        #expect(theme.base.background == .indexed(231))
        #expect(theme.base.foreground == .indexed(234))
        var cache = Palette.Cache()
        let name = theme.name(color: .white, cache: &cache)
        let shown = try #require(Palette.color(of: name.foreground))
        #expect(shown.contrast(to: .white) >= Palette.minimumContrast)
    }

    @Test("The input line's colors are its own")
    func entry() throws {
        var colors = ThemeColors()
        colors.entryBackground = ChatColor("#303030")
        let theme = Theme(colors: colors, depth: .indexed256)
        #expect(theme.entry == Style(foreground: .indexed(254), background: .indexed(236)))
        #expect(theme.entryMark.background == .indexed(236))
        #expect(theme.base == .plain)
    }
}
