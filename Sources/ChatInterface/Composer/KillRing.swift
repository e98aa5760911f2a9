/// The texts that were cut, the latest last.
struct KillRing: Hashable, Sendable {
    /// How many texts are kept.
    static let limit = 30

    private var entries: [String] = []

    /// The latest text.
    var latest: String? { entries.last }

    /// Adds a new text.
    mutating func push(_ text: String) {
        entries.append(text)
        if entries.count > Self.limit { entries.removeFirst() }
    }

    /// Extends the latest text, as cutting several times in a row does.
    mutating func extend(with text: String, before: Bool) {
        guard let last = entries.popLast() else { return push(text) }
        entries.append(before ? text + last : last + text)
    }

    /// Makes the second-latest text the latest.
    mutating func rotate() {
        guard let last = entries.popLast() else { return }
        entries.insert(last, at: 0)
    }
}
