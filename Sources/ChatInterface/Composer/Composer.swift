public import ChatProtocol

/// The input line as a value: text, cursor, and all that a key does to them.
///
/// Everything counts in grapheme clusters, so that the cursor never stands in
/// the middle of what is seen as one character. Knows the keys that WeeChat,
/// irssi and readline agree on; Enter, Tab and all other keys are the caller's.
public struct Composer: Hashable, Sendable {
    /// What is typed into it.
    public enum Kind: Hashable, Sendable {
        /// A message: may have line breaks, and is remembered in the history.
        case message
        /// One line that is not remembered, such as a nickname.
        case field
        /// One line that is never shown, copied or remembered: a password.
        case secret
    }

    /// What is typed into it.
    public let kind: Kind
    /// The most bytes of UTF-8 that fit; what would go beyond is cut off.
    public let maximumBytes: Int
    /// The text, cluster by cluster.
    public internal(set) var characters: [Character] = []
    /// How many clusters are before the cursor.
    public internal(set) var cursor = 0

    /// Creates an empty one.
    public init(kind: Kind = .message, maximumBytes: Int = Limits.chatTextBytes) {
        self.kind = kind
        self.maximumBytes = maximumBytes
    }

    /// The text.
    public var text: String { String(characters) }

    /// Whether there is no text.
    public var isEmpty: Bool { characters.isEmpty }

    /// Where the word before the cursor lies; empty where a space is before it.
    public var wordBeforeCursor: Range<Int> { cursor..<cursor }

    /// The text of a range; what lies outside is left out.
    public subscript(range: Range<Int>) -> String {
        String(characters[range.clamped(to: characters.indices)])
    }

    /// Does what a key means, and says whether it means anything here.
    public mutating func handle(_ key: KeyPress) -> Bool { false }

    /// Inserts pasted text at the cursor: its line breaks are text, not Enter.
    public mutating func insert(_ text: String) {}

    /// Puts text in place of a range and the cursor after it, as completion does.
    public mutating func replace(_ range: Range<Int>, with text: String) {}

    /// Puts text in place of all, and the cursor at its end.
    public mutating func setText(_ text: String) {}

    /// Takes the text out, as Enter does: remembers it in the history and leaves nothing.
    public mutating func take() -> String { "" }
}
