/// Walks over the grapheme clusters of a text, with what the layout needs to know about each.
///
/// Most text is ASCII, and two ASCII bytes in a row are never one cluster, except CR LF. So only other text needs the
/// search for clusters.
struct ClusterCursor {
    enum Kind {
        case word
        /// A cluster of two cells, such as ideographs and emoji; a row may end on either side.
        case wide
        case space
        case lineBreak
    }

    struct Cluster {
        /// The start, an offset into the text's UTF-8.
        var start: Int
        var end: Int
        /// The width in cells.
        var width: Int
        var kind: Kind
        /// Whether it can't be separated from the previous cluster, or from the next.
        var staysWithPrevious = false
        var staysWithNext = false
    }

    private let text: String
    private let utf8: String.UTF8View
    private var index: String.Index
    private var offset = 0

    init(_ text: String) {
        self.text = text
        self.utf8 = text.utf8
        self.index = text.startIndex
    }

    mutating func next() -> Cluster? {
        guard index < utf8.endIndex else { return nil }
        let byte = utf8[index]
        let after = utf8.index(after: index)
        if byte < 0x80, byte != 0x0D, after == utf8.endIndex || utf8[after] < 0x80 {
            defer {
                offset += 1
                index = after
            }
            return Self.ascii(byte, at: offset)
        }
        let character = text[index]
        let end = text.index(after: index)
        let length = character.utf8.count
        defer {
            offset += length
            index = end
        }
        return Self.cluster(character, at: offset, length: length)
    }

    private static func ascii(_ byte: UInt8, at offset: Int) -> Cluster {
        switch byte {
        case 0x0A:
            Cluster(start: offset, end: offset + 1, width: 0, kind: .lineBreak)
        case 0x20:
            Cluster(start: offset, end: offset + 1, width: 1, kind: .space)
        case UInt8(ascii: "("), UInt8(ascii: "["), UInt8(ascii: "{"):
            Cluster(start: offset, end: offset + 1, width: 1, kind: .word, staysWithNext: true)
        case UInt8(ascii: ")"), UInt8(ascii: "]"), UInt8(ascii: "}"), UInt8(ascii: "!"), UInt8(ascii: "?"),
            UInt8(ascii: ","), UInt8(ascii: "."), UInt8(ascii: ":"), UInt8(ascii: ";"), UInt8(ascii: "%"):
            Cluster(start: offset, end: offset + 1, width: 1, kind: .word, staysWithPrevious: true)
        default:
            Cluster(start: offset, end: offset + 1, width: 1, kind: .word)
        }
    }

    private static func cluster(_ character: Character, at offset: Int, length: Int) -> Cluster {
        let end = offset + length
        guard let first = character.unicodeScalars.first?.value else {
            return Cluster(start: offset, end: end, width: 0, kind: .word)
        }
        switch first {
        // This includes CR and CR LF, which safe text does not contain.
        case 0x0A, 0x0D:
            return Cluster(start: offset, end: end, width: 0, kind: .lineBreak)
        // The spaces at which a line may end, so not the no-break ones.
        case 0x20 where length == 1:
            return Cluster(start: offset, end: end, width: 1, kind: .space)
        case 0x1680, 0x2000...0x2006, 0x2008...0x200B, 0x205F, 0x3000:
            return Cluster(start: offset, end: end, width: DisplayWidth.of(character), kind: .space)
        default:
            break
        }
        let width = DisplayWidth.of(character)
        // Korean separates its words with spaces.
        let isHangul = (0xAC00...0xD7A3).contains(first) || (0x1100...0x11FF).contains(first)
        return Cluster(
            start: offset,
            end: end,
            width: width,
            kind: width == 2 && !isHangul ? .wide : .word,
            staysWithPrevious: closing.contains(first),
            staysWithNext: opening.contains(first)
        )
    }

    /// Whether a row may end between two neighbours that are not spaces.
    static func mayBreak(between left: Cluster, and right: Cluster) -> Bool {
        (left.kind == .wide || right.kind == .wide) && left.kind != .space
            && !left.staysWithNext && !right.staysWithPrevious
    }

    /// Characters that do not begin a row in Japanese and Chinese: closing punctuation, and signs that lengthen or
    /// repeat the character before them.
    private static let closing: Set<UInt32> = Set(
        "、。，．）」』】〉》〕］｝！？：；・ー～…‥’”々ゝゞヽヾぁぃぅぇぉっゃゅょァィゥェォッャュョ".unicodeScalars.map(\.value)
    )

    /// Characters that do not end a row.
    private static let opening: Set<UInt32> = Set("（「『【〈《〔［｛‘“".unicodeScalars.map(\.value))
}

extension String {
    /// The part between two offsets into the UTF-8; anything outside of the text is left out.
    func substring(utf8 range: Range<Int>) -> Substring {
        let start = utf8.index(startIndex, offsetBy: range.lowerBound, limitedBy: endIndex) ?? endIndex
        let end = utf8.index(startIndex, offsetBy: range.upperBound, limitedBy: endIndex) ?? endIndex
        return self[start..<end]
    }
}
