/// Text that may be shown: the only way text from outside reaches any output.
///
/// Made once, where text comes in. What could move the cursor, change the
/// terminal, reorder a line or hide is replaced, visibly:
///
/// - a control character by its picture (`␛`), a tab by four spaces;
/// - U+0080 to U+009F, line and paragraph separators, embeddings and overrides of
///   writing direction, tags and other invisible characters and noncharacters by
///   `�`, one for a run of them;
/// - what exceeds ``Limits/shownCombiningMarks`` on one character by `�`; a mark
///   with nothing to stand on gets a dotted circle.
///
/// Joiners (U+200C, U+200D) stay, because scripts and emoji need them; they
/// count as marks. A block also keeps what typography needs and nobody sees:
/// zero-width spaces, soft hyphens, direction marks (``TextSanitizer/isHarmless``).
/// A line does not: two nicknames must not look the same. Text that is safe is
/// not changed by making it safe again.
public struct SafeText: Hashable, Sendable, CustomStringConvertible {
    /// The text.
    ///
    /// It holds no control character but, in a block, the line feed.
    public let text: String

    /// The text.
    public var description: String { text }

    /// Makes text safe that stands on one line: line breaks become spaces.
    ///
    /// - Parameter untrusted: Any text.
    public init(line untrusted: String) {
        self.text = TextSanitizer.sanitize(untrusted, isBlock: false)
    }

    /// Makes text safe that may have several lines: CR LF, CR and LF become LF.
    ///
    /// - Parameter untrusted: Any text.
    public init(block untrusted: String) {
        self.text = TextSanitizer.sanitize(untrusted, isBlock: true)
    }
}
