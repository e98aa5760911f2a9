/// The lines that were sent, and which of them is shown.
///
/// Changes to a line while looking through the history are kept until something is sent, and so is the draft that was
/// begun before.
struct InputHistory: Hashable, Sendable {
    /// How many lines are kept.
    static let limit = 500

    private(set) var lines: [String] = []
    /// The index of the shown line; the number of lines stands for the draft.
    private(set) var position = 0
    private var changed: [Int: String] = [:]

    /// Whether a line of the history is shown, not the draft.
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

    /// Moves a number of lines forward (back if negative) and returns the text there; nil if there is none.
    mutating func move(by distance: Int, leaving text: String) -> String? {
        let target = position + distance
        guard target >= 0, target <= lines.count else { return nil }
        let original = isLookingBack ? lines[position] : ""
        changed[position] = text == original ? nil : text
        position = target
        return textInView
    }

    /// Sets which line is shown, as undoing does.
    mutating func setPosition(_ position: Int) {
        self.position = min(max(0, position), lines.count)
    }

    private var textInView: String {
        changed[position] ?? (isLookingBack ? lines[position] : "")
    }
}
