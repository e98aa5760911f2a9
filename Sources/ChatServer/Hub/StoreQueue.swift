internal import ChatServerCore
internal import NIOCore

/// The records on their way to the store.
///
/// The store works on one batch at a time; records that arrive meanwhile make the next one.
struct StoreQueue {
    /// What to do next.
    enum Step {
        /// Give this batch to the store, then report its answer.
        case store([HistoryRecord])
        /// Ask again at this time.
        case wait(until: NIODeadline)
        /// Nothing: the store is busy, nothing waits, or a timer is set already.
        case nothing
    }

    /// When the next batch may go.
    private(set) var pacing = BatchPacing()
    /// Why the store last failed, and since when; nil if it works.
    private(set) var fault: (reason: String, since: NIODeadline)?

    private var waiting: [HistoryRecord] = []
    private var waitingTextBytes = 0
    /// How many records the store is working on.
    private var underWay = 0

    /// How many records wait.
    var count: Int { waiting.count }

    /// Whether the store has answered for everything.
    var isEmpty: Bool { waiting.isEmpty && underWay == 0 }

    /// Whether too much waits.
    func isBehind(_ limits: ServerLimits) -> Bool {
        waiting.count >= limits.waitingRecords || waitingTextBytes >= limits.waitingRecordBytes
    }

    /// Adds a record.
    mutating func append(_ record: HistoryRecord) {
        waiting.append(record)
        waitingTextBytes += record.textBytes
    }

    /// Starts a pause after a fan-out.
    mutating func fannedOut(from start: NIODeadline, to end: NIODeadline) {
        pacing.fannedOut(from: start, to: end)
    }

    /// Says what to do now.
    mutating func next(at now: NIODeadline) -> Step {
        guard underWay == 0, !waiting.isEmpty, !pacing.isWaiting else { return .nothing }
        guard now >= pacing.end else {
            pacing.isWaiting = true
            return .wait(until: pacing.end)
        }
        let batch = waiting
        waiting = []
        waitingTextBytes = 0
        underWay = batch.count
        return .store(batch)
    }

    /// Ends the wait that ``next(at:)`` asked for.
    mutating func endWait() {
        pacing.isWaiting = false
    }

    /// Handles the store's answer to the current batch.
    ///
    /// - Returns: The event for the room.
    mutating func finishBatch(_ result: Result<Void, StoreError>, at now: NIODeadline) -> RoomEvent {
        let count = underWay
        underWay = 0
        switch result {
        case .success:
            fault = nil
            return .stored(count: count)
        case .failure(let error):
            fault = (error.reason, now)
            return .storeFailed(count: count)
        }
    }

    /// Forgets an old failure.
    ///
    /// While nobody says anything, nothing shows whether the store works again.
    mutating func forgetFault(before moment: NIODeadline) {
        if let fault, fault.since < moment { self.fault = nil }
    }
}
