internal import ChatProtocol

/// The form of text that the cells of a screen can show.
///
/// A cell of ncurses holds one spacing scalar and up to four combining ones. Terminals and libraries disagree about
/// longer clusters: one draws a family of emoji in two cells, another needs eight, and everything to the right moves.
/// So a cluster is reduced to what all of them draw alike:
///
/// - of several joined emoji the first stays; skin tones and the choice between text and emoji form are left out;
/// - a flag becomes the two letters of its country;
/// - the separate letters of a Hangul syllable become the syllable;
/// - a second spacing scalar, such as the vowel signs of Indian scripts, gets a cell of its own;
/// - marks without a base get a dotted circle, and anything invisible is left out;
/// - a vowel or final of Hangul without a syllable, and a control, become a replacement character. Controls should
///   already be replaced before this.
public enum CellText {
    /// The text of one cell, or of two for a wide character.
    public struct Piece: Hashable, Sendable {
        /// One spacing scalar with at most four combining marks.
        public var text: String
        /// The number of cells, 1 or 2.
        public var width: Int

        /// Creates a piece.
        public init(_ text: String, width: Int) {
            self.text = text
            self.width = width
        }
    }

    /// The pieces that show a grapheme cluster, from left to right; none if it is invisible.
    public static func cells(of character: Character) -> [Piece] {
        let scalars = character.unicodeScalars
        guard let first = scalars.first else { return [] }
        if scalars.count == 1 {
            return cells(ofSingle: first)
        }
        if isRegionalIndicator(first) {
            return scalars.filter(isRegionalIndicator).map { Piece(letter(of: $0), width: 1) }
        }
        if let syllable = hangulSyllable(scalars) {
            return [Piece(String(syllable), width: 2)]
        }
        return cells(ofCluster: scalars)
    }

    private static func cells(ofSingle scalar: Unicode.Scalar) -> [Piece] {
        if isControl(scalar) { return [Piece(replacement, width: 1)] }
        if isRegionalIndicator(scalar) { return [Piece(letter(of: scalar), width: 1)] }
        switch DisplayWidth.of(scalar) {
        case 0 where isHangulVowelOrFinal(scalar):
            return [Piece(replacement, width: 1)]
        case 0:
            return isMark(scalar) ? [Piece(markBase + String(scalar), width: 1)] : []
        case let width:
            return [Piece(String(scalar), width: width)]
        }
    }

    private static func cells(ofCluster scalars: Character.UnicodeScalarView) -> [Piece] {
        var pieces: [Piece] = []
        var marks = 0
        for scalar in scalars {
            if scalar.value == zeroWidthJoiner {
                // What is joined to an emoji would be drawn into it; what is joined to a letter is another letter.
                if let base = pieces.last?.text.unicodeScalars.first, base.properties.isEmoji { break }
                continue
            }
            if isControl(scalar) {
                // CR LF is one cluster, and is shown as one mark.
                if pieces.isEmpty { pieces.append(Piece(replacement, width: 1)) }
                continue
            }
            if isHangulVowelOrFinal(scalar), pieces.last?.width != 2 {
                if pieces.isEmpty { pieces.append(Piece(replacement, width: 1)) }
                continue
            }
            let width = DisplayWidth.of(scalar)
            if width > 0 {
                if scalar.properties.isEmojiModifier, !pieces.isEmpty { continue }
                pieces.append(Piece(String(scalar), width: width))
                marks = 0
            } else if isMark(scalar) {
                if pieces.isEmpty { pieces.append(Piece(markBase, width: 1)) }
                guard marks < Limits.shownCombiningMarks else { continue }
                marks += 1
                pieces[pieces.count - 1].text.unicodeScalars.append(scalar)
            }
        }
        return pieces
    }

    private static let replacement = "\u{FFFD}"
    private static let markBase = "\u{25CC}"
    private static let zeroWidthJoiner: UInt32 = 0x200D

    /// Whether a scalar has no visible form: C0, DEL, C1, the line and paragraph separators, and noncharacters.
    private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0..<0x20, 0x7F..<0xA0, 0x2028, 0x2029, 0xFDD0...0xFDEF: true
        case let value: value & 0xFFFE == 0xFFFE
        }
    }

    /// Whether a scalar without a cell of its own is drawn onto the previous one.
    private static func isMark(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        // A keycap around a digit takes two cells on some terminals.
        case 0x20E3: false
        default: !scalar.properties.isDefaultIgnorableCodePoint && scalar.value != 0xAD
        }
    }

    /// Whether a scalar is drawn into the syllable before it, and not drawn by itself.
    private static func isHangulVowelOrFinal(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x1161...0x11FF, 0xD7B0...0xD7FB: true
        default: false
        }
    }

    private static func isRegionalIndicator(_ scalar: Unicode.Scalar) -> Bool {
        (0x1F1E6...0x1F1FF).contains(scalar.value)
    }

    private static func letter(of indicator: Unicode.Scalar) -> String {
        String(UnicodeScalar(UInt8(truncatingIfNeeded: indicator.value &- 0x1F1E6 &+ 0x41)))
    }

    /// The composed syllable of a leading consonant, a vowel and an optional final.
    private static func hangulSyllable(_ scalars: Character.UnicodeScalarView) -> Unicode.Scalar? {
        var lead: UInt32?
        var vowel: UInt32?
        var final: UInt32 = 0
        for (index, scalar) in scalars.enumerated() {
            switch (index, scalar.value) {
            case (0, 0x1100...0x1112): lead = scalar.value - 0x1100
            case (1, 0x1161...0x1175): vowel = scalar.value - 0x1161
            case (2, 0x11A8...0x11C2): final = scalar.value - 0x11A7
            default: return nil
            }
        }
        guard let lead, let vowel else { return nil }
        return Unicode.Scalar(0xAC00 + (lead * 21 + vowel) * 28 + final)
    }
}
