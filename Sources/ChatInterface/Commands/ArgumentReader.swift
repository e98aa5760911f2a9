/// Reads the arguments of a command line one by one.
///
/// An argument ends at white space. An argument that starts with a quote ends at the next quote; in it `\"` and `\\`
/// stand for a quote and a backslash. So every nickname can be written: `"bob smith"`.
struct ArgumentReader {
    private(set) var rest: Substring

    init(_ text: Substring) {
        rest = text
    }

    /// Whether nothing but white space is left.
    var isAtEnd: Bool { rest.allSatisfy(\.isWhitespace) }

    /// The next argument; nil if there is none.
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
        // Without a closing quote the argument extends to the end.
        return argument
    }

    /// Returns the rest of the line, without the white space before it.
    mutating func takeRest() -> String {
        defer { rest = rest[rest.endIndex...] }
        return String(rest.drop(while: \.isWhitespace))
    }

    /// Quotes an argument so that ``next()`` reads it back unchanged.
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
