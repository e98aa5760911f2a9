/// A search for messages.
///
/// All words must occur, in any order; case and diacritics are ignored. `"two words"` must be next to each other,
/// `wor*` matches the beginning of a word, and `from:ann` matches the author.
public struct SearchQuery: Hashable, Sendable {
    /// The query in SQLite's syntax; every word of the user is quoted, so that none is read as an operator.
    let match: String

    /// Reads a query as a user types it.
    ///
    /// - Returns: Nil if it contains no word.
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
            // A term without a letter or digit would become an empty phrase.
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
