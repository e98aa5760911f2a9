/// A nickname that follows the rules of the protocol.
///
/// Two nicknames that differ only in case or in compatibility forms (`alice`, `ALICE`, full-width `Ａlice`) are the same
/// person to the server. Compare ``key``, show ``text``.
public struct Nickname: Sendable {
    /// The nickname as its owner writes it.
    public let text: String

    /// The key that makes the nickname unique: equal for nicknames that can't be used at the same time.
    public let key: NicknameKey

    /// Checks a nickname against the rules.
    ///
    /// - Parameter text: The nickname, unescaped.
    /// - Throws: ``NicknameError`` for the first rule that the text breaks.
    public init(_ text: String) throws(NicknameError) {
        guard let first = text.unicodeScalars.first, first.properties.isLetter else {
            throw .doesNotStartWithLetter
        }
        // Check the scalars first: counting the characters of a long run costs more.
        guard text.unicodeScalars.count <= Limits.nicknameScalars,
            Limits.nicknameCharacters.contains(text.count)
        else { throw .wrongLength }
        guard text.unicodeScalars.allSatisfy(\.properties.isAllowedInNickname) else {
            throw .forbiddenCharacter
        }
        guard let last = text.unicodeScalars.last, !last.properties.isWhitespace else {
            throw .spaceAtEnd
        }
        self.text = text
        self.key = NicknameKey(text)
    }
}

extension Nickname: Hashable {
    /// Whether two nicknames have the same spelling; ``key`` also matches other spellings.
    public static func == (left: Nickname, right: Nickname) -> Bool {
        left.text == right.text
    }

    /// Hashes the spelling.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(text)
    }
}

/// Why a text is not a nickname.
public enum NicknameError: Error, Hashable, Sendable {
    /// The first character is not a letter of any script (or there is none).
    case doesNotStartWithLetter
    /// Shorter or longer than ``Limits/nicknameCharacters``.
    case wrongLength
    /// It contains a control, format, invisible or line-separating character.
    case forbiddenCharacter
    /// It ends in a space.
    case spaceAtEnd
}

extension Unicode.Scalar.Properties {
    fileprivate var isLetter: Bool {
        switch generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter:
            // A Hangul filler is a letter that nobody can see.
            !isDefaultIgnorableCodePoint
        default: false
        }
    }

    fileprivate var isAllowedInNickname: Bool {
        switch generalCategory {
        case .control, .format, .surrogate, .lineSeparator, .paragraphSeparator, .unassigned, .privateUse: false
        default: !isDefaultIgnorableCodePoint
        }
    }
}
