/// What to look for in the messages.
///
/// All words have to occur, in any order; upper and lower case and diacritics
/// don't count. `"two words"` have to stand beside each other, `wor*` is the
/// beginning of a word, `from:ann` says who wrote it.
public struct SearchQuery: Hashable, Sendable {
    /// The query in SQLite's language, every word of the user's quoted: none
    /// of them is an operator.
    let match: String

    /// Reads a query as a user types it.
    ///
    /// - Returns: Nil where it holds no word.
    public init?(_ text: String) {
        var terms: [String] = []
        for part in Self.parts(of: text) {
            var body = part
            var column = "text"
            if body.lowercased().hasPrefix("from:") {
                body.removeFirst("from:".count)
                column = "sender"
            }
            let isPrefix = body.last == "*"
            // A term without a letter or digit would be an empty phrase.
            guard body.unicodeScalars.contains(where: \.isPartOfWord) else { continue }
            let quoted = body.filter { $0 != "\"" && $0 != "*" && $0 != "\0" }
            terms.append("\(column) : \"\(quoted)\"\(isPrefix ? " *" : "")")
        }
        guard !terms.isEmpty else { return nil }
        match = terms.joined(separator: " AND ")
    }

    /// Splits at spaces outside quotation marks.
    private static func parts(of text: String) -> [String] {
        var parts: [String] = []
        var part = ""
        var isQuoted = false
        for character in text {
            if character == "\"" { isQuoted.toggle() }
            if character.isWhitespace, !isQuoted {
                parts.append(part)
                part = ""
            } else {
                part.append(character)
            }
        }
        return (parts + [part]).filter { !$0.isEmpty }
    }
}

extension Unicode.Scalar {
    fileprivate var isPartOfWord: Bool {
        properties.isAlphabetic || properties.numericType != nil
    }
}
