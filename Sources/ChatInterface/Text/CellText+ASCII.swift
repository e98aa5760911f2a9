extension CellText {
    /// One ASCII character instead of a piece: the same one, the closest one on a keyboard, or `?`.
    static func ascii(for text: String) -> String {
        guard let scalar = text.unicodeScalars.first else { return "?" }
        if scalar.isASCII { return String(scalar) }
        return switch scalar {
        case "\u{A0}", "\u{2007}", "\u{202F}", "\u{3000}", "\u{2000}"..."\u{200A}", "\u{205F}": " "
        case "‘", "’", "‚", "′": "'"
        case "“", "”", "„", "″", "«", "»": "\""
        case "‐", "‑", "‒", "–", "—", "−", "─", "━": "-"
        case "…": "~"
        case "•", "·": "*"
        case "│", "┃": "|"
        default: "?"
        }
    }
}
