/// A notice in rows, with its commands laid out for copying.
///
/// A line with a command to type gets whole rows of the screen, because a mouse selects whole rows. If one row is too
/// short, the command continues after a backslash, so that all of its rows copied together are the same command to a
/// shell.
struct CommandRows: Hashable, Sendable {
    /// The notice, including the line breaks that were inserted into commands.
    private(set) var text = ""
    private(set) var rows: [LineWrapper.Row] = []
    /// Which rows belong to a command.
    private(set) var commands: Set<Int> = []

    /// How a line with a command starts.
    ///
    /// The first line of a notice has the time before it, so it is never one.
    private static let start = "chat-tui connect "

    /// Lays out a notice.
    init(_ notice: String, columns: PaneColumns) {
        for line in notice.split(separator: "\n", omittingEmptySubsequences: false) {
            guard !rows.isEmpty, line.hasPrefix(Self.start) else {
                append(String(line), columns: columns.textWidth)
                continue
            }
            let first = rows.count
            for part in Self.fold(line, columns: columns.screenWidth) { append(part, columns: columns.screenWidth) }
            commands.formUnion(first..<rows.count)
        }
    }

    private mutating func append(_ line: String, columns: Int) {
        if let last = rows.indices.last {
            text += "\n"
            rows[last].extent = rows[last].extent.lowerBound..<text.utf8.count
        }
        let offset = text.utf8.count
        text += line
        rows += LineWrapper(columns: columns).rows(of: line).map { row in
            var row = row
            row.range = row.range.lowerBound + offset..<row.range.upperBound + offset
            row.extent = row.extent.lowerBound + offset..<row.extent.upperBound + offset
            return row
        }
    }

    /// Breaks a command before an option, or between words if an option and its value do not fit into one row.
    private static func fold(_ command: Substring, columns: Int) -> [String] {
        guard DisplayWidth.of(command) > columns else { return [String(command)] }
        let words = command.split(separator: " ").map(String.init)
        var options: [String] = []
        for word in words {
            if word.hasPrefix("--") || options.isEmpty {
                options.append(word)
            } else {
                options[options.count - 1] += " \(word)"
            }
        }
        let fits = options.allSatisfy { DisplayWidth.of($0) + continuation.count <= columns }
        let parts = fits ? options : words
        var lines: [String] = []
        for (number, part) in parts.enumerated() {
            let isLast = number == parts.count - 1
            if let last = lines.last, !last.hasSuffix(cut),
                DisplayWidth.of(last) + 1 + DisplayWidth.of(part) + continuation.count <= columns
            {
                lines[lines.count - 1] = "\(last) \(part)"
                continue
            }
            var rest = part[...]
            // A word that is longer than a row continues in the first cell of the next one.
            while rest.count > (isLast ? columns : columns - continuation.count), columns > 1 {
                lines.append(rest.prefix(columns - 1) + cut)
                rest = rest.dropFirst(columns - 1)
            }
            lines.append(String(rest))
        }
        return lines.dropLast().map { $0.hasSuffix(cut) ? $0 : $0 + continuation } + lines.suffix(1)
    }

    /// The mark after a part of a word.
    private static let cut = "\\"

    /// The mark after a word.
    private static let continuation = " \\"
}
