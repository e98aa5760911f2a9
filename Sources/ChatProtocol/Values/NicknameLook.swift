/// What a nickname looks like to a reader who does not know its script.
///
/// `Вob` with a Cyrillic В looks like `Bob`. If two looks share a form and one of the nicknames is registered or
/// present, the other is refused.
public struct NicknameLook: Hashable, Sendable {
    /// The folded Latin forms that a reader may see in it.
    ///
    /// There are two, because capitals and small letters of one script look like different Latin letters: В like B, but
    /// в like nothing.
    public let forms: Set<String>

    /// Finds out what a text looks like.
    ///
    /// - Parameter text: A nickname as its owner writes it.
    public init(_ text: String) {
        let folded = NicknameKey(text).folded
        if text.utf8.allSatisfy({ $0 < 0x80 }) {
            forms = [folded]
            return
        }
        forms = [NicknameKey(Self.latin(text)).folded, NicknameKey(Self.latin(folded)).folded]
    }

    /// Whether a reader may mistake one for the other.
    public func resembles(_ other: NicknameLook) -> Bool {
        !forms.isDisjoint(with: other.forms)
    }

    private static func latin(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            result.unicodeScalars.append(table[scalar] ?? scalar)
        }
        return result
    }

    private static let table: [Unicode.Scalar: Unicode.Scalar] = {
        var table: [Unicode.Scalar: Unicode.Scalar] = [:]
        var letter: Unicode.Scalar?
        for scalar in LookalikeTable.pairs.unicodeScalars {
            if let known = letter {
                table[known] = scalar
                letter = nil
            } else {
                letter = scalar
            }
        }
        return table
    }()
}
