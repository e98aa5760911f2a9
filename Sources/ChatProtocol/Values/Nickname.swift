/// A nickname that keeps the rules of the protocol.
///
/// Two nicknames that differ only in case or in compatibility forms (`alice`,
/// `ALICE`, full-width `Ａlice`) are the same person to the server: compare
/// ``key``, show ``text``.
public struct Nickname: Sendable {
    /// The nickname as its owner writes it.
    public let text: String

    /// What makes it unique: equal for nicknames that may not stand side by side.
    public let key: NicknameKey

    /// Checks a nickname against the rules.
    ///
    /// - Parameter text: The nickname, unescaped.
    /// - Throws: ``NicknameError`` naming the first rule that it breaks.
    public init(_ text: String) throws(NicknameError) {
        guard let first = text.unicodeScalars.first, first.properties.isLetter else {
            throw .doesNotStartWithLetter
        }
        // Scalars first: counting the characters of a long run is the dearer look.
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
    /// Equal where spelled equally; ``key`` is the wider relation.
    public static func == (left: Nickname, right: Nickname) -> Bool {
        left.text == right.text
    }

    /// Hashes the spelling.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(text)
    }
}

/// Why a text is no nickname.
public enum NicknameError: Error, Hashable, Sendable {
    /// The first character is not a letter of any script (or there is none).
    case doesNotStartWithLetter
    /// Shorter or longer than ``Limits/nicknameCharacters``.
    case wrongLength
    /// It holds a control, format, invisible or line-separating character.
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
