internal import ChatProtocol
internal import ChatSession

/// Collects the updates of one turn of the event loop, so that a flood of
/// messages reaches the user interface in one piece.
struct UpdateOutlet {
    private enum Run {
        case appended, inserted
    }

    private let onUpdates: @Sendable ([SessionUpdate]) -> Void
    private var updates: [SessionUpdate] = []
    private var rosterIndex: Int?
    /// Entries of updates of one kind in a row, which become one update.
    ///
    /// Kept apart from the others, so that they grow in place.
    private var run: Run?
    private var entries: [TimelineEntry] = []

    init(onUpdates: @escaping @Sendable ([SessionUpdate]) -> Void) {
        self.onUpdates = onUpdates
    }

    /// Adds an update.
    ///
    /// - Returns: Whether it is the first since the last delivery, so that one
    ///   has to be arranged for.
    mutating func append(_ update: SessionUpdate) -> Bool {
        let isFirst = updates.isEmpty && run == nil
        switch update {
        case .appended(let new):
            extend(.appended, with: new)
        case .inserted(let new):
            extend(.inserted, with: new)
        case .roster:
            // Only the newest list is worth drawing; it stands where the first
            // one stood, since nothing else depends on it.
            if let rosterIndex {
                updates[rosterIndex] = update
            } else {
                endRun()
                rosterIndex = updates.count
                updates.append(update)
            }
        case .status, .loginNeeded, .identity, .changed, .olderHistory, .notice, .plainPasswordQuestion,
            .plainTextQuestion:
            endRun()
            updates.append(update)
        }
        return isFirst
    }

    /// Hands over what there is.
    mutating func deliver() {
        endRun()
        guard !updates.isEmpty else { return }
        let delivered = updates
        updates = []
        rosterIndex = nil
        onUpdates(delivered)
    }

    private mutating func extend(_ run: Run, with new: [TimelineEntry]) {
        if run != self.run { endRun() }
        self.run = run
        entries += new
    }

    private mutating func endRun() {
        switch run {
        case .appended?: updates.append(.appended(entries))
        case .inserted?: updates.append(.inserted(entries))
        case nil: return
        }
        run = nil
        entries = []
    }
}
