/// Cuts long texts into parts for messages of bounded length.
public enum TextSplitting {
    /// Splits a text between grapheme clusters.
    ///
    /// A cluster that is larger than the maximum is split between Unicode scalars, so every part is valid text.
    ///
    /// - Parameters:
    ///   - text: The text.
    ///   - maximumBytes: The most bytes of UTF-8 in a part; at least 4, because a scalar can take that many.
    /// - Returns: The parts, which give the text when joined. An empty text gives one empty part.
    public static func split(_ text: String, maximumBytes: Int) -> [Substring] {
        let maximum = max(maximumBytes, 4)
        guard text.utf8.count > maximum else { return [text[...]] }
        var parts: [Substring] = []
        var start = text.startIndex
        var count = 0
        var index = text.startIndex
        while index < text.endIndex {
            let next = text.index(after: index)
            let size = text.utf8.distance(from: index, to: next)
            if count + size > maximum {
                if start < index { parts.append(text[start..<index]) }
                start = index
                count = 0
                if size > maximum {
                    let pieces = scalars(text[index..<next], maximum: maximum)
                    parts += pieces.dropLast()
                    start = pieces.last?.startIndex ?? index
                    count = text.utf8.distance(from: start, to: next)
                    index = next
                    continue
                }
            }
            count += size
            index = next
        }
        if start < text.endIndex { parts.append(text[start...]) }
        return parts
    }

    /// Splits one cluster between its scalars.
    private static func scalars(_ cluster: Substring, maximum: Int) -> [Substring] {
        var parts: [Substring] = []
        var start = cluster.startIndex
        var count = 0
        var index = cluster.startIndex
        while index < cluster.endIndex {
            let next = cluster.unicodeScalars.index(after: index)
            let size = cluster.utf8.distance(from: index, to: next)
            if count + size > maximum {
                parts.append(cluster[start..<index])
                start = index
                count = 0
            }
            count += size
            index = next
        }
        parts.append(cluster[start...])
        return parts
    }
}
