/// The identity of a nickname, whatever its spelling.
///
/// It is the text after Unicode case folding and compatibility normalisation, so `Alice`, `ALICE` and full-width
/// `Ａlice` have the same key. A key can be made of any text, even if it is not a valid nickname: finding the user that
/// a request names must never fail because of the text.
public struct NicknameKey: Hashable, Sendable {
    /// The folded text.
    ///
    /// Swift compares canonically equivalent strings as equal, so keys need no further normalisation.
    public let folded: String

    /// Folds a text.
    ///
    /// - Parameter text: A nickname as somebody wrote it.
    public init(_ text: String) {
        let isASCII = text.utf8.allSatisfy { $0 < 0x80 }
        folded = isASCII ? text.lowercased() : CompatibilityFolding.fold(text)
    }
}
