internal import ChatProtocol
internal import ChatSession

/// Collects the updates of one turn of the event loop, so that a flood of messages reaches the user interface as one
/// batch.
struct UpdateOutlet {
    private enum Run {
        case appended, inserted
    }

    private let onUpdates: @Sendable ([SessionUpdate]) -> Void
    private var updates: [SessionUpdate] = []
    private var rosterIndex: Int?
    /// Consecutive entries from updates of one kind, which become one update.
    ///
    /// Kept separate from the other updates, so that they can grow without copying.
    private var run: Run?
    private var entries: [TimelineEntry] = []

    init(onUpdates: @escaping @Sendable ([SessionUpdate]) -> Void) {
        self.onUpdates = onUpdates
    }

    /// Adds an update.
    ///
    /// - Returns: Whether it is the first since the last delivery, so that the caller has to schedule one.
    mutating func append(_ update: SessionUpdate) -> Bool {
        let isFirst = updates.isEmpty && run == nil
        switch update {
        case .appended(let new):
            extend(.appended, with: new)
        case .inserted(let new):
            extend(.inserted, with: new)
        case .roster:
            // Only the newest list has to be shown. It replaces the first one in place, because nothing else depends on
            // its position.
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

    /// Delivers everything collected.
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
