/// A notice in rows, with the commands in it laid out for being copied.
///
/// A line that is a command to type starts at the pane's first cell and has all
/// of its width; where that is too little, all of the screen's, as a mouse takes
/// rows whole. Where that is too little, too, it goes on after a backslash, so that
/// what is copied from all of its rows is the same command to a shell.
struct CommandRows: Hashable, Sendable {
    /// Where the commands are.
    struct Places: Hashable, Sendable {
        /// Which rows start at the pane's first cell.
        var flush: Set<Int> = []
        /// Which of them need all of the screen.
        var across: Set<Int> = []
    }

    /// The notice, with the line breaks that were put into commands.
    private(set) var text = ""
    private(set) var rows: [LineWrapper.Row] = []
    private(set) var commands = Places()

    /// How a line starts that is a command; the first line of a notice has the
    /// time before it and is none.
    private static let start = "chat-tui connect "

    /// Lays out a notice.
    init(_ notice: String, columns: PaneColumns) {
        for line in notice.split(separator: "\n", omittingEmptySubsequences: false) {
            guard !rows.isEmpty, line.hasPrefix(Self.start) else {
                append(String(line), columns: columns.textWidth)
                continue
            }
            let first = rows.count
            let goesAcross = DisplayWidth.of(line) > columns.width
            let width = goesAcross ? columns.screenWidth : columns.width
            for part in Self.fold(line, columns: width) { append(part, columns: width) }
            commands.flush.formUnion(first..<rows.count)
            if goesAcross { commands.across.formUnion(first..<rows.count) }
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

    /// Divides a command before an option, or between words where an option
    /// and its value have no room in one row.
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
        var lines: [String] = []
        for part in fits ? options : words {
            if let last = lines.last,
                DisplayWidth.of(last) + 1 + DisplayWidth.of(part) + continuation.count <= columns
            {
                lines[lines.count - 1] = "\(last) \(part)"
            } else {
                lines.append(part)
            }
        }
        return lines.dropLast().map { $0 + continuation } + lines.suffix(1)
    }

    private static let continuation = " \\"
}
