internal import ChatProtocol

/// Lines that a test expects, written once for both framings.
///
/// What stands in braces is only for framed connections; a line that starts
/// with `framed|` or `unframed|` is only for those.
struct Script: ExpressibleByArrayLiteral {
    private let lines: [String]

    init(arrayLiteral elements: String...) {
        lines = elements
    }

    func lines(for framing: Framing) -> [String] {
        let isFramed = framing == .netstring
        return lines.compactMap { line in
            var line = line
            for (prefix, isMeant) in [("framed|", isFramed), ("unframed|", !isFramed)] where line.hasPrefix(prefix) {
                guard isMeant else { return nil }
                line.removeFirst(prefix.count)
            }
            var shown = ""
            var isInBraces = false
            for character in line {
                switch character {
                case "{": isInBraces = true
                case "}": isInBraces = false
                default: if isFramed || !isInBraces { shown.append(character) }
                }
            }
            return shown
        }
    }
}

/// Both ways to tell messages apart.
let framings: [Framing] = [.netstring, .none]
