internal import ChatProtocol

/// Finds a nickname in what somebody says.
struct Mention: Hashable, Sendable {
    private let wanted: [Unicode.Scalar]

    /// Looks for one nickname, in any case and compatibility form.
    init(of nickname: String) {
        wanted = Array(NicknameKey(nickname).folded.unicodeScalars)
    }

    /// Whether a text names the nickname as a word of its own.
    ///
    /// Scripts without letter case, such as Chinese, are written without
    /// spaces; a nickname in one of them is found inside a longer run too.
    func isFound(in text: SafeText) -> Bool {
        guard let first = wanted.first, let last = wanted.last else { return false }
        let folded = Array(NicknameKey(text.text).folded.unicodeScalars)
        guard folded.count >= wanted.count else { return false }
        var start = 0
        while start + wanted.count <= folded.count {
            if folded[start] == first, folded[start..<start + wanted.count].elementsEqual(wanted) {
                let end = start + wanted.count
                let isWordStart = start == 0 || !Self.isOneWord(folded[start - 1], first)
                let isWordEnd = end == folded.count || !Self.isOneWord(last, folded[end])
                if isWordStart, isWordEnd { return true }
            }
            start += 1
        }
        return false
    }

    private static func isOneWord(_ left: Unicode.Scalar, _ right: Unicode.Scalar) -> Bool {
        isWordPart(left) && isWordPart(right)
    }

    private static func isWordPart(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.isASCII {
            return scalar.properties.isAlphabetic || scalar == "_" || ("0"..."9").contains(scalar)
        }
        return scalar.properties.isCased || scalar.properties.canonicalCombiningClass != .notReordered
    }
}
