/// A color as users choose it: `#RGB` or `#RRGGBB`.
public struct ChatColor: Hashable, Sendable {
    /// The text as it was given; it is sent unchanged to other programs.
    public let text: String
    /// Red, 0 to 255.
    public let red: UInt8
    /// Green, 0 to 255.
    public let green: UInt8
    /// Blue, 0 to 255.
    public let blue: UInt8

    /// White, which a CON gets if its color is not valid.
    public static let white = ChatColor(red: 255, green: 255, blue: 255)

    /// Creates a color from its parts; its text is `#RRGGBB`.
    public init(red: UInt8, green: UInt8, blue: UInt8) {
        let digits = Array("0123456789ABCDEF".unicodeScalars)
        var text = "#"
        for part in [red, green, blue] {
            text.unicodeScalars.append(digits[Int(part >> 4)])
            text.unicodeScalars.append(digits[Int(part & 15)])
        }
        self.text = text
        self.red = red
        self.green = green
        self.blue = blue
    }

    /// Reads `#RGB` or `#RRGGBB`; nil for anything else.
    public init?(_ text: String) {
        var digits: [UInt8] = []
        for (index, byte) in text.utf8.enumerated() {
            if index == 0 {
                guard byte == UInt8(ascii: "#") else { return nil }
                continue
            }
            guard index <= 6, let digit = Self.hexDigit(byte) else { return nil }
            digits.append(digit)
        }
        switch digits.count {
        case 3:
            self.red = digits[0] * 17
            self.green = digits[1] * 17
            self.blue = digits[2] * 17
        case 6:
            self.red = digits[0] << 4 | digits[1]
            self.green = digits[2] << 4 | digits[3]
            self.blue = digits[4] << 4 | digits[5]
        default:
            return nil
        }
        self.text = text
    }

    private static func hexDigit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
