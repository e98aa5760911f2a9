/// The states of the text before each change, and before each undo.
struct UndoLog: Hashable, Sendable {
    struct Snapshot: Hashable, Sendable {
        var text: String
        var cursor: Int
        var historyPosition: Int
    }

    /// How many changes can be undone.
    static let limit = 100

    private var past: [Snapshot] = []
    private var future: [Snapshot] = []

    /// Records the state before a change, unless it is undone together with the previous one.
    mutating func record(_ snapshot: Snapshot, joiningPrevious: Bool = false) {
        future = []
        if joiningPrevious, !past.isEmpty { return }
        past.append(snapshot)
        if past.count > Self.limit { past.removeFirst() }
    }

    /// The state before the last change, given the current one.
    mutating func undo(from current: Snapshot) -> Snapshot? {
        guard let snapshot = past.popLast() else { return nil }
        future.append(current)
        return snapshot
    }

    /// The state before the last undo, given the current one.
    mutating func redo(from current: Snapshot) -> Snapshot? {
        guard let snapshot = future.popLast() else { return nil }
        past.append(current)
        return snapshot
    }
}
