/// The lines that were sent, and which of them is being looked at.
///
/// A line that is changed while looking keeps the change until something is
/// sent, and so does the draft that was begun before looking.
struct InputHistory: Hashable, Sendable {
    /// How many lines are kept.
    static let limit = 500

    private(set) var lines: [String] = []
    /// The line in view; their count stands for the draft.
    private(set) var position = 0
    private var changed: [Int: String] = [:]

    /// Whether a line, not the draft, is in view.
    var isLookingBack: Bool { position < lines.count }

    /// Adds a line, unless it is empty or the same as the last one.
    mutating func remember(_ line: String) {
        guard !line.isEmpty, line != lines.last else { return }
        lines.append(line)
        if lines.count > Self.limit { lines.removeFirst() }
        rewind()
    }

    /// Goes back to an empty draft.
    mutating func rewind() {
        changed = [:]
        position = lines.count
    }

    /// Goes a number of lines on (or back, when negative) and returns the text
    /// there; nil where there is none.
    mutating func move(by distance: Int, leaving text: String) -> String? {
        let target = position + distance
        guard target >= 0, target <= lines.count else { return nil }
        let original = isLookingBack ? lines[position] : ""
        changed[position] = text == original ? nil : text
        position = target
        return textInView
    }

    /// Sets the line in view, as undoing does.
    mutating func setPosition(_ position: Int) {
        self.position = min(max(0, position), lines.count)
    }

    private var textInView: String {
        changed[position] ?? (isLookingBack ? lines[position] : "")
    }
}
