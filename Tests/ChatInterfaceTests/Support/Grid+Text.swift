public import ChatInterface
internal import ChatProtocol

extension Grid {
    /// The rows as plain text, without the spaces at their ends.
    var lines: [String] {
        (0..<rows).map { row in
            var line = ""
            var pending = ""
            for column in 0..<columns {
                let text = self[row, column].text
                pending += text
                if text != " " {
                    line += pending
                    pending = ""
                }
            }
            return line
        }
    }

    /// The screen as plain text, rows joined by line feeds.
    var text: String {
        lines.joined(separator: "\n")
    }

    /// The rows as text in which what is not plain is marked: `‹bold fg=9|alice›`.
    var styledLines: [String] {
        (0..<rows).map { row in
            var runs: [(style: Style, text: String)] = []
            for column in 0..<columns {
                let cell = self[row, column]
                if let last = runs.last, last.style == cell.style {
                    runs[runs.count - 1].text += cell.text
                } else {
                    runs.append((cell.style, cell.text))
                }
            }
            if let last = runs.last, last.style == .plain {
                let trimmed = last.text.reversed().drop { $0 == " " }.reversed()
                runs[runs.count - 1].text = String(trimmed)
            }
            return runs.map { run in
                run.style == .plain ? run.text : "‹\(run.style)|\(run.text)›"
            }.joined()
        }
    }

    /// The screen as text in which what is not plain is marked, rows joined by line feeds.
    var styledText: String { styledLines.joined(separator: "\n") }
}

extension Style: CustomStringConvertible {
    /// What differs from plain, such as `bold fg=9 bg=#101010`; empty when nothing does.
    public var description: String {
        var parts: [String] = []
        if attributes.contains(.bold) { parts.append("bold") }
        if attributes.contains(.dim) { parts.append("dim") }
        if attributes.contains(.reverse) { parts.append("reverse") }
        if attributes.contains(.underline) { parts.append("underline") }
        if attributes.contains(.italic) { parts.append("italic") }
        if foreground != .terminalDefault { parts.append("fg=\(foreground)") }
        if background != .terminalDefault { parts.append("bg=\(background)") }
        return parts.joined(separator: " ")
    }
}

extension Style.Paint: CustomStringConvertible {
    /// `default`, the number in the palette, or `#RRGGBB`.
    public var description: String {
        switch self {
        case .terminalDefault: "default"
        case .indexed(let index): String(index)
        case .direct(let red, let green, let blue): ChatColor(red: red, green: green, blue: blue).text
        }
    }
}
