internal import ChatSession

/// The entries that a session reported, as a reader has to see them: in the order
/// of their places.
struct Transcript {
    private(set) var entries: [TimelineEntry] = []

    mutating func note(_ update: SessionUpdate) {
        switch update {
        case .appended(let new), .inserted(let new):
            entries += new
        case .changed(let entry):
            entries.removeAll { $0.id == entry.id }
            entries.append(entry)
        default:
            return
        }
        entries.sort { $0.place < $1.place }
    }
}
