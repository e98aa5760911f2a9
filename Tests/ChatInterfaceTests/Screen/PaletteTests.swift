internal import ChatProtocol
internal import Testing

@testable internal import ChatInterface

@Suite("Palette")
struct PaletteTests {
    static let backgrounds: [Palette.Background] = [
        .dark, .light,
        .color(ChatColor(red: 0, green: 0, blue: 0)),
        .color(ChatColor(red: 255, green: 255, blue: 255)),
        // The hardest: white and black are equally far.
        .color(ChatColor(red: 118, green: 118, blue: 118)),
        .color(ChatColor(red: 0, green: 43, blue: 54)),
        .color(ChatColor(red: 200, green: 0, blue: 0)),
    ]

    /// Sixteen steps of each of red, green and blue, or fewer.
    static func lattice(step: Int) -> [ChatColor] {
        let levels = stride(from: 0, through: 255, by: step).map { UInt8($0) }
        return levels.flatMap { red in
            levels.flatMap { green in
                levels.map { ChatColor(red: red, green: green, blue: $0) }
            }
        }
    }

    @Test("Every color is readable on dark and light, with 256 colors and direct", arguments: backgrounds)
    func contrast(_ background: Palette.Background) throws {
        // All of the lattice on the two that are assumed, a part of it on the others.
        let colors = Self.lattice(step: background == .dark || background == .light ? 17 : 51)
        for depth in [Palette.Depth.indexed256, .direct] {
            let palette = Palette(depth: depth, background: background)
            var least = 21.0
            for color in colors {
                let shown = try #require(Palette.color(of: palette.readable(color)))
                least = min(least, shown.contrast(to: background.color))
            }
            #expect(least >= Palette.minimumContrast)
        }
    }

    @Test("With 8 and 16 colors, the unreadable ones are not taken", arguments: [Palette.Depth.eight, .sixteen])
    func fewColors(_ depth: Palette.Depth) throws {
        for background in [Palette.Background.dark, .light] {
            let palette = Palette(depth: depth, background: background)
            var taken: Set<Int> = []
            for color in Self.lattice(step: 51) {
                guard case .indexed(let index) = palette.readable(color) else {
                    Issue.record("\(color.text) is not mapped")
                    continue
                }
                taken.insert(index)
            }
            #expect(taken.allSatisfy { $0 < (depth == .eight ? 8 : 16) })
            #expect(taken.isDisjoint(with: background == .dark ? [0, 4] : [2, 3, 6, 7, 10, 11, 14, 15]))
            #expect(taken.count >= 4, "people would look alike")
        }
    }

    @Test("The first sixteen are left alone where there are 256")
    func userColors() {
        let palette = Palette(depth: .indexed256)
        for color in Self.lattice(step: 85) {
            for paint in [palette.readable(color), palette.nearest(color)] {
                guard case .indexed(let index) = paint else {
                    Issue.record("\(color.text) is not mapped")
                    continue
                }
                #expect((16...255).contains(index))
            }
        }
    }

    @Test(
        "Colors that the terminal has are taken as they are",
        arguments: [
            ("#FFFFFF", 231), ("#FFD700", 220), ("#00FF00", 46), ("#00FFFF", 51), ("#FF87FF", 213), ("#A8A8A8", 248),
            ("#5FAFFF", 75),
        ]
    )
    func exact(_ text: String, _ index: Int) throws {
        let color = try #require(ChatColor(text))
        #expect(Palette(depth: .indexed256).readable(color) == .indexed(index))
    }

    @Test(
        "The nearest keeps the hue",
        arguments: [
            (Palette.Depth.eight, "#FF2020", 1), (.eight, "#30E030", 2), (.eight, "#FFFF40", 3), (.eight, "#D333FF", 5),
            (.eight, "#40E0E0", 6), (.eight, "#EEEEEE", 7), (.sixteen, "#FF2020", 9), (.sixteen, "#3030FF", 12),
            (.sixteen, "#909090", 8), (.eight, "#000000", 7), (.eight, "#0000FF", 5), (.sixteen, "#808000", 3),
            (.sixteen, "#008080", 6), (.sixteen, "#FF8800", 9), (.indexed256, "#D333FF", 165),
            (.indexed256, "#FE0101", 196),
            (.indexed256, "#000080", 33),
        ]
    )
    func hue(_ depth: Palette.Depth, _ text: String, _ index: Int) throws {
        let color = try #require(ChatColor(text))
        #expect(Palette(depth: depth).readable(color) == .indexed(index))
    }

    @Test("A readable color is not changed, an unreadable one keeps its hue")
    func adjustment() throws {
        let palette = Palette(depth: .direct)
        let fine = try #require(ChatColor("#D333FF"))
        #expect(palette.withContrast(fine) == fine)
        for text in ["#000080", "#004400", "#550000", "#402060"] {
            let color = try #require(ChatColor(text))
            let shown = OKLab(palette.withContrast(color))
            let asked = OKLab(color)
            #expect(shown.lightness > asked.lightness)
            // The cosine of the angle between the two hues.
            let product = shown.a * asked.a + shown.b * asked.b
            let lengths = ((shown.a * shown.a + shown.b * shown.b) * (asked.a * asked.a + asked.b * asked.b))
                .squareRoot()
            #expect(product / lengths > 0.97, "\(text)")
        }
    }

    @Test("A dark color is lightened just as far as needed")
    func justEnough() throws {
        let palette = Palette(depth: .direct)
        let black = palette.withContrast(ChatColor(red: 0, green: 0, blue: 0))
        #expect(black.red == black.green && black.green == black.blue)
        #expect(black.contrast(to: palette.background.color) < Palette.minimumContrast * 1.03)
    }

    @Test("No color means no color")
    func monochrome() {
        let palette = Palette(depth: .monochrome)
        #expect(palette.readable(.white) == .terminalDefault)
        #expect(palette.nearest(.white) == .terminalDefault)
        #expect(palette.on(.white).palette == palette)
    }

    @Test("The cache gives what the palette gives, and is bounded")
    func cache() {
        let palette = Palette(depth: .eight)
        var cache = Palette.Cache()
        for value in 0..<6000 {
            let color = ChatColor(red: UInt8(value >> 8), green: UInt8(value & 255), blue: 77)
            let paint = palette.readable(color, cache: &cache)
            #expect(paint == palette.readable(color, cache: &cache))
            if value % 100 == 0 { #expect(paint == palette.readable(color)) }
            #expect(cache.paints.count <= Palette.Cache.limit)
        }
        #expect(!cache.paints.isEmpty)
    }

    @Test("Direct colors keep clear of the numbers that mean others")
    func directNumbers() {
        let palette = Palette(depth: .direct, background: .light)
        #expect(palette.nearest(ChatColor(red: 0, green: 0, blue: 3)) == .direct(red: 0, green: 0, blue: 8))
        #expect(palette.nearest(ChatColor(red: 0, green: 1, blue: 3)) == .direct(red: 0, green: 1, blue: 3))
    }
}

@Suite("OKLab")
struct OKLabTests {
    @Test(
        "Known colors have their known places",
        arguments: [
            ("#FFFFFF", 1.0, 0.0, 0.0), ("#000000", 0, 0, 0), ("#FF0000", 0.627955, 0.224863, 0.125846),
            ("#00FF00", 0.866440, -0.233888, 0.179498), ("#0000FF", 0.452014, -0.032457, -0.311528),
            ("#808080", 0.599871, 0, 0),
        ]
    )
    func known(_ text: String, _ lightness: Double, _ a: Double, _ b: Double) throws {
        let lab = OKLab(try #require(ChatColor(text)))
        #expect(abs(lab.lightness - lightness) < 0.0001)
        #expect(abs(lab.a - a) < 0.0001)
        #expect(abs(lab.b - b) < 0.0001)
    }

    @Test("There and back is the same color")
    func roundTrip() {
        for color in PaletteTests.lattice(step: 17) {
            #expect(OKLab(color).color == color)
        }
    }

    @Test("A color that no screen has becomes one that it has")
    func outside() {
        for lightness in [0.0, 0.1, 0.5, 0.9, 1.0] {
            let shown = OKLab(OKLab(lightness: lightness, a: 0.4, b: -0.4).nearestShown)
            // Next to black, a single step of a byte is much in OKLab.
            #expect(abs(shown.lightness - lightness) < (lightness == 0 ? 0.1 : 0.02))
        }
    }

    @Test(
        "Contrast is as WCAG has it",
        arguments: [("#FFFFFF", "#000000", 21.0), ("#777777", "#FFFFFF", 4.48), ("#FF0000", "#FFFFFF", 4.0)]
    )
    func contrast(_ first: String, _ second: String, _ contrast: Double) throws {
        let (first, second) = (try #require(ChatColor(first)), try #require(ChatColor(second)))
        #expect(abs(first.contrast(to: second) - contrast) < 0.01)
        #expect(first.contrast(to: second) == second.contrast(to: first))
    }
}
