/// Text that may be shown: the only way text from outside reaches any output.
///
/// Made once, where text comes in. What could move the cursor, change the
/// terminal or reorder a line is replaced, visibly.
public struct SafeText: Hashable, Sendable, CustomStringConvertible {
    /// The text; holds no control character but, in a block, the line feed.
    public let text: String

    /// The text.
    public var description: String { text }

    /// Makes text safe that stands on one line: line breaks become spaces.
    public init(line untrusted: String) {
        self.text = untrusted
    }

    /// Makes text safe that may have several lines: CR LF, CR and LF become LF.
    public init(block untrusted: String) {
        self.text = untrusted
    }
}
