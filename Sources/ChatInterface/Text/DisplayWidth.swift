internal import ChatProtocol

/// How many cells of a terminal a text takes.
///
/// It uses its own table: the C library's depends on the locale, and a pure module has none.
public enum DisplayWidth {
    /// The cells of a single scalar: 0, 1 or 2.
    ///
    /// Controls count as 1, because ``CellText`` shows a mark instead of them.
    public static func of(_ scalar: Unicode.Scalar) -> Int {
        let value = scalar.value
        if value < 0x300 { return value == 0xAD ? 0 : 1 }
        // Most of Chinese, Japanese and Korean.
        if (0x4E00...0x9FFF).contains(value) || (0xAC00...0xD7A3).contains(value) { return 2 }
        let index = entries.partitioningIndex { $0.last >= value }
        guard index < entries.count, entries[index].first <= value else { return 1 }
        return Int(entries[index].width)
    }

    /// The cells of a grapheme cluster, as ``CellText`` draws it.
    public static func of(_ character: Character) -> Int {
        if character.utf8.count == 1 { return 1 }
        return CellText.cells(of: character).reduce(0) { $0 + $1.width }
    }

    /// The cells of a text on one row.
    public static func of(_ text: some StringProtocol) -> Int {
        var isASCII = true
        var count = 0
        for byte in text.utf8 {
            // CR LF is the only ASCII cluster with two bytes.
            if byte >= 0x80 || byte == 0x0D {
                isASCII = false
                break
            }
            count += 1
        }
        if isASCII { return count }
        return text.reduce(0) { $0 + of($1) }
    }

    struct Entry: Sendable {
        var first: UInt32
        var last: UInt32
        var width: UInt8
    }

    static let entries = decode(WidthTable.ranges)

    /// Reads the form that the table is written in.
    static func decode(_ text: String) -> [Entry] {
        var entries: [Entry] = []
        entries.reserveCapacity(WidthTable.count)
        var end: UInt32 = 0
        var gap: UInt32 = 0
        var number: UInt32 = 0
        var isAfterDash = false
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"):
                number = number &* 36 &+ UInt32(byte - UInt8(ascii: "0"))
            case UInt8(ascii: "A")...UInt8(ascii: "Z"):
                number = number &* 36 &+ UInt32(byte - UInt8(ascii: "A") + 10)
            case UInt8(ascii: "-"):
                gap = number
                number = 0
                isAfterDash = true
            default:
                let first = end &+ (isAfterDash ? gap : number)
                let last = first &+ (isAfterDash ? number : 0)
                entries.append(Entry(first: first, last: last, width: byte == UInt8(ascii: "w") ? 2 : 0))
                end = last &+ 1
                number = 0
                isAfterDash = false
            }
        }
        return entries
    }
}
