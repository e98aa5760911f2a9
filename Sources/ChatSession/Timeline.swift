/// The entries of a chat in the order in which a reader sees them.
///
/// Keeps what ``SessionUpdate``s bring, sorted by ``TimelineEntry/place``, and
/// forgets the oldest beyond a capacity.
public struct Timeline: Sendable {
    /// The entries, oldest first; own pending messages last.
    public private(set) var entries: [TimelineEntry]

    /// The most entries that are kept.
    public let capacity: Int

    /// Creates an empty timeline.
    ///
    /// - Parameter capacity: The most entries that are kept; at least one is.
    public init(capacity: Int = 10_000) {
        self.entries = []
        self.capacity = max(1, capacity)
    }

    /// Takes the entries of an update; updates without entries change nothing.
    public mutating func apply(_ update: SessionUpdate) {
        switch update {
        case .appended(let new), .inserted(let new):
            if new.count < 8 {
                for entry in new { place(entry) }
            } else {
                merge(new)
            }
            trim()
        case .changed(let entry):
            if let index = entries.lastIndex(where: { $0.id == entry.id }) { entries.remove(at: index) }
            place(entry)
        case .status, .loginNeeded, .identity, .roster, .olderHistory, .notice, .plainPasswordQuestion,
            .plainTextQuestion:
            break
        }
    }

    /// Adds many entries at once: one pass over all, wherever they go.
    private mutating func merge(_ new: [TimelineEntry]) {
        let new = new.sorted { $0.place < $1.place }
        var merged: [TimelineEntry] = []
        merged.reserveCapacity(entries.count + new.count)
        var next = 0
        for entry in entries {
            while next < new.count, new[next].place < entry.place {
                merged.append(new[next])
                next += 1
            }
            merged.append(entry)
        }
        merged += new[next...]
        entries = merged
    }

    private mutating func place(_ entry: TimelineEntry) {
        // Nearly everything goes to the end, before the few that are pending.
        var index = entries.count
        while index > 0, entries.count - index < 8, entry.place < entries[index - 1].place { index -= 1 }
        if index > 0, entry.place < entries[index - 1].place {
            var low = 0
            var high = index - 1
            while low < high {
                let middle = (low + high) / 2
                if entry.place < entries[middle].place { high = middle } else { low = middle + 1 }
            }
            index = low
        }
        entries.insert(entry, at: index)
    }

    // In slabs, because removing from the front moves everything else.
    private mutating func trim() {
        guard entries.count > capacity + capacity / 8 else { return }
        entries.removeFirst(entries.count - capacity)
    }
}
