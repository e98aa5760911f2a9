/// Replaces what must not be shown, scalar by scalar.
struct TextSanitizer {
    private var output = ""
    /// Whether line breaks and harmless invisible characters stay.
    private let isBlock: Bool
    /// What is before the next scalar on its line.
    private var preceding = Preceding.nothing
    /// How many marks without a cell of their own the last character has.
    private var markCount = 0
    /// How many marks that may take a cell the last character has.
    private var spacingMarkCount = 0
    /// How many invisible characters are directly before the next scalar.
    private var invisibleCount = 0
    private var isAfterReturn = false

    private enum Preceding: Equatable {
        /// The start of a line: a mark has no base here.
        case nothing
        /// A character that takes marks.
        case character
        /// A black flag, with this many of the tags that name its region.
        case flag(Int)
        /// `�` instead of something else; a run of such characters gets only one, and it takes no marks.
        case replacement
    }

    private init(isBlock: Bool) {
        self.isBlock = isBlock
    }

    static func sanitize(_ text: String, isBlock: Bool) -> String {
        let isPlain = text.utf8.allSatisfy { byte in
            (0x20...0x7E).contains(byte) || (byte == 0x0A && isBlock)
        }
        if isPlain { return text }
        var sanitizer = TextSanitizer(isBlock: isBlock)
        sanitizer.output.reserveCapacity(text.utf8.count)
        for scalar in text.unicodeScalars { sanitizer.add(scalar) }
        return sanitizer.output
    }

    private mutating func add(_ scalar: Unicode.Scalar) {
        defer { isAfterReturn = scalar == "\r" }
        if isBlock, Self.isHarmless(scalar) { return addInvisible(scalar) }
        invisibleCount = 0
        switch scalar.value {
        case 0x0A where isAfterReturn:
            break
        case 0x0A, 0x0D:
            addBase(isBlock ? "\n" : " ")
            if isBlock { preceding = .nothing }
        case 0x09:
            for _ in 0..<4 { addBase(" ") }
        case 0x20...0x7E:
            addBase(scalar)
        case 0x00...0x1F, 0x7F:
            addBase(scalar.controlPicture)
        default:
            switch scalar.showing {
            case .base: addBase(scalar)
            case .mark: addMark(scalar)
            case .spacingMark: addSpacingMark(scalar)
            // A skin tone without an emoji to color is a picture of its own.
            case .modifier where preceding == .nothing: addBase(scalar)
            case .modifier: addMark(scalar)
            case .tag: addTag(scalar)
            case .hidden: addReplacement()
            }
        }
    }

    /// Whether an invisible scalar does no harm in a text.
    ///
    /// These are places where a line may or may not end, soft hyphens, direction marks, which affect no more than a
    /// letter does, invisible signs of mathematics and the byte-order mark.
    static func isHarmless(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0xAD, 0x061C, 0x180E, 0x200B, 0x200E, 0x200F, 0x2060...0x2064, 0xFEFF: true
        default: false
        }
    }

    /// Adds an invisible scalar: a few are typography, a long run hides a message in a message.
    private mutating func addInvisible(_ scalar: Unicode.Scalar) {
        if preceding == .replacement { return }
        guard invisibleCount < Limits.shownCombiningMarks else { return addReplacement() }
        invisibleCount += 1
        output.unicodeScalars.append(scalar)
        preceding = .nothing
    }

    /// Adds a tag: tags spell the region of a flag, such as Scotland's, and would hide text anywhere else.
    private mutating func addTag(_ scalar: Unicode.Scalar) {
        guard isBlock, case .flag(let count) = preceding, count < Self.flagTags else { return addReplacement() }
        output.unicodeScalars.append(scalar)
        preceding = scalar.value == 0xE007F ? .character : .flag(count + 1)
    }

    /// How many tags a flag has: six for the region, and the end.
    private static let flagTags = 7

    private mutating func addBase(_ scalar: Unicode.Scalar) {
        output.unicodeScalars.append(scalar)
        preceding = scalar.value == 0x1F3F4 ? .flag(0) : .character
        markCount = 0
        spacingMarkCount = 0
    }

    private mutating func addReplacement() {
        guard preceding != .replacement else { return }
        addBase("\u{FFFD}")
        preceding = .replacement
    }

    private mutating func addMark(_ scalar: Unicode.Scalar) {
        guard startMark(scalar, markCount < Limits.shownCombiningMarks) else { return }
        markCount += 1
    }

    private mutating func addSpacingMark(_ scalar: Unicode.Scalar) {
        guard startMark(scalar, spacingMarkCount < Limits.shownCombiningMarks) else { return }
        spacingMarkCount += 1
    }

    /// Appends a mark if there is room for it and a base before it.
    private mutating func startMark(_ scalar: Unicode.Scalar, _ hasRoom: Bool) -> Bool {
        guard preceding != .replacement, hasRoom else {
            addReplacement()
            return false
        }
        if preceding == .nothing {
            guard !scalar.isJoiner else {
                addReplacement()
                return false
            }
            addBase("\u{25CC}")
        }
        output.unicodeScalars.append(scalar)
        return true
    }
}

/// How a scalar above U+007F may be shown.
private enum Showing {
    /// As it is, in a place of its own.
    case base
    /// On the character before it, without a cell of its own.
    case mark
    /// With the character before it, perhaps with a cell of its own.
    case spacingMark
    /// On the emoji before it.
    case modifier
    /// Part of a flag.
    case tag
    /// Not at all.
    case hidden
}

extension Unicode.Scalar {
    /// The visible symbol for a control character.
    fileprivate var controlPicture: Unicode.Scalar {
        value == 0x7F ? "\u{2421}" : Unicode.Scalar(0x2400 + value) ?? "\u{FFFD}"
    }

    /// Whether the scalar is U+200C or U+200D.
    fileprivate var isJoiner: Bool { value == 0x200C || value == 0x200D }

    fileprivate var showing: Showing {
        switch value {
        case 0x80...0x9F: return .hidden
        case 0xA0...0xAC, 0xAE...0x2FF: return .base
        case 0x200C, 0x200D: return .mark
        // Separate vowels and finals of Hangul join the consonant before them.
        case 0x1161...0x11FF, 0xD7B0...0xD7FF: return .mark
        case 0x3400...0x9FFF, 0xAC00...0xD7A3: return .base
        case 0xE0020...0xE007F: return .tag
        default: break
        }
        switch properties.generalCategory {
        case .nonspacingMark, .enclosingMark: return .mark
        case .spacingMark: return .spacingMark
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate: return .hidden
        default: break
        }
        if properties.isEmojiModifier { return .modifier }
        if properties.isDefaultIgnorableCodePoint || properties.isNoncharacterCodePoint { return .hidden }
        return .base
    }
}
