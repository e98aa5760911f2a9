internal import ChatProtocol

/// A color in the OKLab space, where distance is close to how different two colors look.
///
/// The space and its matrices are by Björn Ottosson ("A perceptual color space for image processing", 2020).
struct OKLab: Hashable, Sendable {
    /// From 0, black, to 1, white.
    var lightness: Double
    /// Green to red.
    var a: Double
    /// Blue to yellow.
    var b: Double

    init(lightness: Double, a: Double, b: Double) {
        self.lightness = lightness
        self.a = a
        self.b = b
    }

    init(_ color: ChatColor) {
        let red = LinearLight.of(color.red)
        let green = LinearLight.of(color.green)
        let blue = LinearLight.of(color.blue)
        let long = cubeRoot(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue)
        let medium = cubeRoot(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue)
        let short = cubeRoot(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue)
        lightness = 0.2104542553 * long + 0.7936177850 * medium - 0.0040720468 * short
        a = 1.9779984951 * long - 2.4285922050 * medium + 0.4505937099 * short
        b = 0.0259040371 * long + 0.7827717662 * medium - 0.8086757660 * short
    }

    /// The color on a screen; nil if no screen can show it.
    var color: ChatColor? {
        let long = lightness + 0.3963377774 * a + 0.2158037573 * b
        let medium = lightness - 0.1055613458 * a - 0.0638541728 * b
        let short = lightness - 0.0894841775 * a - 1.2914855480 * b
        let (l, m, s) = (long * long * long, medium * medium * medium, short * short * short)
        guard
            let red = LinearLight.byte(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s),
            let green = LinearLight.byte(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s),
            let blue = LinearLight.byte(-0.0041960863 * l - 0.7034186147 * m + 1.7076147010 * s)
        else { return nil }
        return ChatColor(red: red, green: green, blue: blue)
    }

    /// The color of this lightness and hue, as colorful as a screen can show it.
    var nearestShown: ChatColor {
        if let color { return color }
        // Gray, in the middle, can always be shown.
        var possible = 0.0
        var impossible = 1.0
        for _ in 0..<16 {
            let middle = (possible + impossible) / 2
            if OKLab(lightness: lightness, a: a * middle, b: b * middle).color == nil {
                impossible = middle
            } else {
                possible = middle
            }
        }
        let shown = OKLab(lightness: lightness, a: a * possible, b: b * possible)
        return shown.color ?? (lightness > 0.5 ? .white : ChatColor(red: 0, green: 0, blue: 0))
    }

    /// The square of the distance to another color.
    func squaredDistance(to other: OKLab) -> Double {
        let (dl, da, db) = (lightness - other.lightness, a - other.a, b - other.b)
        return dl * dl + da * da + db * db
    }

    /// How colorful it is, from 0 for grays to about 0.3.
    var chroma: Double { (a * a + b * b).squareRoot() }

    /// Whether it looks gray.
    var isGray: Bool { chroma < 0.04 }

    /// How different the hue of another color is, from 0 for the same to 2 for the opposite.
    ///
    /// The length of the chord between the two on a circle of radius 1: for 60
    /// degrees it is 1. Grays have no hue.
    func hueDistance(to other: OKLab) -> Double {
        let (chroma, otherChroma) = (chroma, other.chroma)
        guard chroma > 0, otherChroma > 0 else { return 2 }
        let (da, db) = (a / chroma - other.a / otherChroma, b / chroma - other.b / otherChroma)
        return (da * da + db * db).squareRoot()
    }
}

/// The amount of light that a byte of sRGB stands for, from 0 to 1.
enum LinearLight {
    static func of(_ byte: UInt8) -> Double {
        table[Int(byte)]
    }

    /// The byte nearest to an amount of light; nil if no screen can show it.
    static func byte(_ light: Double) -> UInt8? {
        // A little slack, for rounding.
        guard light > -0.0005, light < 1.0005 else { return nil }
        // Between two bytes, choose the one nearer in light.
        return UInt8((0..<255).partitioningIndex { (table[$0] + table[$0 + 1]) / 2 >= light })
    }

    private static let table: [Double] = (0...255).map { byte in
        let value = Double(byte) / 255
        if value <= 0.04045 { return value / 12.92 }
        let base = (value + 0.055) / 1.055
        // The result is the base to the power of 2.4.
        return base * base * fifthRoot(base * base)
    }

    /// The fifth root of a number from 0 to 1, by Newton's method.
    private static func fifthRoot(_ value: Double) -> Double {
        var root = 1.0
        for _ in 0..<40 {
            let fourth = root * root * root * root
            root -= (root - value / fourth) / 5
        }
        return root
    }
}

/// The cube root of a number from 0 to about 1, by Newton's method.
private func cubeRoot(_ value: Double) -> Double {
    guard value > 0 else { return 0 }
    var root = 1.0
    while true {
        let next = root - (root - value / (root * root)) / 3
        // Coming from above, the value falls until rounding stops it.
        if next >= root { return root }
        root = next
    }
}

extension ChatColor {
    /// The luminance that WCAG measures contrast by, from 0 to 1.
    var luminance: Double {
        0.2126 * LinearLight.of(red) + 0.7152 * LinearLight.of(green) + 0.0722 * LinearLight.of(blue)
    }

    /// The contrast to another color as WCAG defines it, from 1 to 21.
    func contrast(to other: ChatColor) -> Double {
        let (first, second) = (luminance, other.luminance)
        return (max(first, second) + 0.05) / (min(first, second) + 0.05)
    }
}
