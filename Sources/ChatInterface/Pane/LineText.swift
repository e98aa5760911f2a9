internal import ChatProtocol
internal import ChatSession

/// The text of a line, with the looks of its parts.
struct LineText: Hashable, Sendable {
    /// The look of a part of a line, independent of the theme.
    enum Look: Hashable, Sendable {
        case text
        case dim
        case warning
        case error
        /// The other person of a private line, in their color if it is known.
        case person(SafeText)
        case whisper
    }

    /// A part of the text that looks different from the rest.
    struct Part: Hashable, Sendable {
        /// Offsets into the text's UTF-8.
        var range: Range<Int>
        var look: Look
    }

    private(set) var text = ""
    private(set) var parts: [Part] = []
    var look = Look.text

    /// Adds to the text.
    mutating func append(_ addition: String, _ look: Look? = nil) {
        let start = text.utf8.count
        text += addition
        guard let look else { return }
        parts.append(Part(range: start..<text.utf8.count, look: look))
    }

    /// The pieces of a row, from left to right.
    func pieces(of range: Range<Int>) -> [(text: Substring, look: Look)] {
        var pieces: [(text: Substring, look: Look)] = []
        var position = range.lowerBound
        for part in parts {
            let start = max(position, part.range.lowerBound)
            let end = min(range.upperBound, part.range.upperBound)
            guard start < end else { continue }
            if position < start { pieces.append((text.substring(utf8: position..<start), look)) }
            pieces.append((text.substring(utf8: start..<end), part.look))
            position = end
        }
        if position < range.upperBound { pieces.append((text.substring(utf8: position..<range.upperBound), look)) }
        return pieces
    }
}

extension ScrollbackLine {
    /// The text for the text column.
    ///
    /// - Parameters:
    ///   - showsArrow: Whether the arrow of a private line is part of it, because there is no room before it.
    ///   - glyphs: The characters for marks.
    func text(showsArrow: Bool, glyphs: GlyphSet) -> LineText {
        var line = LineText()
        switch content {
        case .notice(let text, let isFailure):
            line.look = isFailure ? .error : .dim
            line.append(text.text)
        case .presence(let changes):
            line.look = .dim
            line.append(PresenceChange.sentence(changes, separator: glyphs.separator).text)
        case .entry(let entry):
            switch entry.kind {
            case .chat(_, let recipient, _, let isOwn):
                if case .user(let name) = recipient {
                    if showsArrow { line.append(glyphs.arrowRight + " ", .whisper) }
                    line.append(isOwn ? name.text : "you", isOwn ? .person(name) : .whisper)
                    line.append("  ")
                }
                line.append(entry.text.text)
                switch entry.delivery {
                case .accepted: break
                case .pending: line.look = .dim
                case .failed(let reason):
                    line.look = .dim
                    line.append("\n\(glyphs.error) not sent: \(reason.text)", .error)
                case .uncertain(let reason):
                    line.look = .dim
                    line.append("\n\(glyphs.error) may not have arrived: \(reason.text)", .error)
                }
            case .info:
                line.look = .dim
                line.append(entry.text.text)
            case .warning:
                line.look = .warning
                line.append(entry.text.text)
            case .error:
                line.look = .error
                line.append(entry.text.text)
            }
        }
        return line
    }
}
