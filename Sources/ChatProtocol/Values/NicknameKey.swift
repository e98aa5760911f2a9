/// The identity of a nickname: its text under Unicode case folding and
/// compatibility normalisation, so that `Alice`, `ALICE` and full-width
/// `Ａlice` share one key.
///
/// Keys can be made of any text, valid nickname or not: looking up who a
/// request means must never fail on what it says.
public struct NicknameKey: Hashable, Sendable {
    /// The folded text.
    ///
    /// Two canonically equivalent texts compare equal as
    /// Swift strings, so no further normalisation is needed to compare keys.
    public let folded: String

    /// Folds a text.
    ///
    /// - Parameter text: A nickname as somebody wrote it.
    public init(_ text: String) {
        let isASCII = text.utf8.allSatisfy { $0 < 0x80 }
        folded = isASCII ? text.lowercased() : CompatibilityFolding.fold(text)
    }
}
