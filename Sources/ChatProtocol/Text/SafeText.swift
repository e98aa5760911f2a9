/// Text that may be shown: the only form in which text from outside reaches any output.
///
/// It is made once, where the text comes in. Whatever could move the cursor, change the terminal, reorder a line or
/// hide text is replaced visibly:
///
/// - a control character by its picture (`␛`), a tab by four spaces;
/// - U+0080 to U+009F, line and paragraph separators, embeddings and overrides of writing direction, tags, other
///   invisible characters and noncharacters by `�`, one for a run of them;
/// - marks above ``Limits/shownCombiningMarks`` on one character by `�`; a mark without a base character gets a dotted
///   circle.
///
/// Joiners (U+200C, U+200D) stay, because scripts and emoji need them; they count as marks. A block also keeps
/// invisible characters that typography needs: zero-width spaces, soft hyphens, direction marks
/// (``TextSanitizer/isHarmless``). A line does not, because two nicknames must not look the same. Making safe text safe
/// again does not change it.
public struct SafeText: Hashable, Sendable, CustomStringConvertible {
    /// The text.
    ///
    /// It has no control character, except line feeds in a block.
    public let text: String

    /// The text.
    public var description: String { text }

    /// Makes text safe for one line: line breaks become spaces.
    ///
    /// - Parameter untrusted: Any text.
    public init(line untrusted: String) {
        self.text = TextSanitizer.sanitize(untrusted, isBlock: false)
    }

    /// Makes text safe that may have several lines: CR LF and CR become LF.
    ///
    /// - Parameter untrusted: Any text.
    public init(block untrusted: String) {
        self.text = TextSanitizer.sanitize(untrusted, isBlock: true)
    }
}
