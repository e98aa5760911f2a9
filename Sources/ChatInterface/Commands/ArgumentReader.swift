/// Reads the arguments of a command line one by one.
///
/// An argument ends at white space; one that starts with a quote ends at the
/// next quote, and in it `\"` and `\\` stand for a quote and a backslash, so
/// that every nickname can be written: `"bob smith"`.
struct ArgumentReader {
    private(set) var rest: Substring

    init(_ text: Substring) {
        rest = text
    }

    /// Whether nothing but white space is left.
    var isAtEnd: Bool { rest.allSatisfy(\.isWhitespace) }

    /// The next argument, or nil where there is none.
    mutating func next() -> String? {
        rest = rest.drop(while: \.isWhitespace)
        guard let first = rest.first else { return nil }
        guard first == "\"" else {
            let word = rest.prefix { !$0.isWhitespace }
            rest = rest.dropFirst(word.count)
            return String(word)
        }
        rest.removeFirst()
        var argument = ""
        var isEscaped = false
        while let character = rest.popFirst() {
            if isEscaped {
                argument.append(character)
                isEscaped = false
            } else if character == "\\" {
                isEscaped = true
            } else if character == "\"" {
                return argument
            } else {
                argument.append(character)
            }
        }
        // Without its closing quote, what was opened reaches to the end.
        return argument
    }

    /// Everything that is left, without the white space before it.
    mutating func takeRest() -> String {
        defer { rest = rest[rest.endIndex...] }
        return String(rest.drop(while: \.isWhitespace))
    }

    /// Writes an argument so that ``next()`` reads it back as it is.
    static func quote(_ argument: String) -> String {
        let isPlain =
            !argument.isEmpty && argument.first != "\"" && !argument.contains(where: \.isWhitespace)
        if isPlain { return argument }
        var quoted = "\""
        for character in argument {
            if character == "\"" || character == "\\" { quoted.append("\\") }
            quoted.append(character)
        }
        quoted.append("\"")
        return quoted
    }
}

extension StringProtocol {
    /// The text without white space at either end.
    func trimmingSpaces() -> String {
        var text = drop(while: \.isWhitespace)
        while text.last?.isWhitespace == true { text.removeLast() }
        return String(text)
    }
}
