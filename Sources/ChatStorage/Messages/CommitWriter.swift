internal import ChatProtocol
internal import ChatServerCore
internal import Dispatch
internal import GRDB
internal import Synchronization

/// The only thread that writes the history.
///
/// It takes what waits, commits it in one transaction, completes it in order, and repeats. Between commits it does a
/// little housekeeping: more when nothing comes in, less under load.
final class CommitWriter: Sendable {
    typealias Completion = @Sendable (Result<Void, StoreError>) -> Void

    private struct Batch {
        var records: [HistoryRecord]
        var completion: Completion
        /// The failure of a batch that was refused before its turn; it is still completed in order.
        var failure: StoreError?
    }

    private struct State {
        var waiting: [Batch] = []
        var waitingRecords = 0
        /// Whether the writer is running or about to run.
        var isAwake = false
        var isClosed = false
        var lastAppend = ContinuousClock.now
        /// When the last step of housekeeping ended, and how long it took.
        var lastStep = ContinuousClock.now
        var stepTime = Duration.zero
        /// When we last checked for records that are now too old.
        var lastLook = ContinuousClock.now
        /// The number of the current timer; older timers do nothing when they fire.
        var timer = 0
        /// When the timer fires, if one is set.
        var timerDeadline: ContinuousClock.Instant?
    }

    private let session: DatabaseSession
    private let housekeeping: Housekeeping
    private let flusher: WriteAheadLogFlusher?
    private let queue = DispatchQueue(label: "chat-tui.commit")
    private let state = Mutex(State())
    private let highestCommitted: Atomic<Int64>

    init(
        _ session: DatabaseSession,
        configuration: StorageConfiguration,
        clock: @escaping UnixClock,
        warn: @escaping StorageWarning
    ) {
        self.session = session
        housekeeping = Housekeeping(retention: configuration.retention, run: session.run, clock: clock, warn: warn)
        flusher = configuration.flush == .second ? WriteAheadLogFlusher(session.files.log) : nil
        highestCommitted = Atomic(session.highest)
    }

    /// The highest id ever committed.
    var highest: Int64 { highestCommitted.load(ordering: .acquiring) }

    /// Starts the housekeeping.
    func start() {
        schedule(after: Pace.idle)
    }

    func keep(_ retention: Retention) {
        housekeeping.keep(retention)
        schedule(after: Pace.idle)
    }

    func append(_ records: [HistoryRecord], completion: @escaping Completion) {
        var batch = Batch(records: records, completion: completion)
        let (isClosed, wakes) = state.withLock { state -> (Bool, Bool) in
            guard !state.isClosed else { return (true, false) }
            if state.waitingRecords + records.count > SQLiteMessageStore.maximumWaiting {
                batch.records = []
                batch.failure = StoreError("too many messages are waiting for the disk")
            }
            state.waitingRecords += batch.records.count
            state.waiting.append(batch)
            let wakes = !state.isAwake
            state.isAwake = true
            return (false, wakes)
        }
        if isClosed { return completion(.failure(StoreError("the store is closed"))) }
        if wakes { queue.async { self.work() } }
    }

    /// Waits until everything handed over is written; returns false if it was closed already.
    func close() -> Bool {
        let isFirst = state.withLock { state in
            defer { state.isClosed = true }
            return !state.isClosed
        }
        if isFirst {
            queue.sync { self.work() }
            flusher?.close()
        }
        return isFirst
    }

    // MARK: On the writer's thread

    private func work() {
        while let batches = take() {
            commit(batches)
            if isHousekeepingDueUnderLoad { runHousekeepingStep() }
        }
        schedule(after: Pace.idle)
    }

    private func take() -> ArraySlice<Batch>? {
        state.withLock { state in
            guard !state.waiting.isEmpty else {
                state.isAwake = false
                return nil
            }
            var count = 0
            var records = 0
            while count < state.waiting.count, records < SQLiteMessageStore.maximumTransaction {
                records += state.waiting[count].records.count
                count += 1
            }
            let batches = state.waiting.prefix(count)
            state.waiting.removeFirst(count)
            state.waitingRecords -= records
            state.lastAppend = .now
            return batches
        }
    }

    private func commit(_ batches: ArraySlice<Batch>) {
        var highest = self.highest
        var outcomes = batches.map { batch in
            batch.failure ?? Self.fault(in: batch.records, above: &highest)
        }
        if zip(batches, outcomes).contains(where: { !$0.records.isEmpty && $1 == nil }) {
            do {
                try session.write { database in
                    var insertion = try RecordInsertion(database, run: session.run)
                    for (batch, fault) in zip(batches, outcomes) where fault == nil {
                        for record in batch.records { try insertion.insert(record) }
                    }
                    try insertion.finish()
                }
                // Do this first: somebody who learns of these records and asks for the history must find them.
                highestCommitted.store(highest, ordering: .releasing)
                housekeeping.noteAppended()
                flusher?.noteCommit()
            } catch {
                let failure = StoreError(storage: error)
                outcomes = outcomes.map { $0 ?? failure }
            }
        }
        for (batch, failure) in zip(batches, outcomes) {
            batch.completion(failure.map(Result.failure) ?? .success(()))
        }
    }

    /// What is wrong with a batch itself; such a batch is refused alone, so that others don't fail with it.
    private static func fault(in records: [HistoryRecord], above highest: inout Int64) -> StoreError? {
        var last = highest
        for record in records {
            guard record.id.number > last else { return StoreError("ids have to rise") }
            if case (.info, .between) = (record.content, record.visibility) {
                return StoreError("an INFO is for everyone")
            }
            last = record.id.number
        }
        highest = last
        return nil
    }

    // MARK: Housekeeping

    /// How often housekeeping runs.
    private enum Pace {
        /// The writer counts as idle after this long without a message.
        static let idle = Duration.milliseconds(100)
        /// While messages come in, the least time between two steps.
        static let betweenStepsUnderLoad = Duration.milliseconds(100)
        /// After a step, messages get this many times the step's duration before the next step.
        static let shareUnderLoad = 9
        /// If there is nothing to do, how long until the next check for old records.
        static let asleep = Duration.seconds(300)
    }

    private var isHousekeepingDueUnderLoad: Bool {
        housekeeping.hasWork
            && state.withLock { state in
                let pause = max(Pace.betweenStepsUnderLoad, state.stepTime * Pace.shareUnderLoad)
                return ContinuousClock.now - state.lastStep > pause
            }
    }

    private func runHousekeepingStep() {
        let start = ContinuousClock.now
        housekeeping.step(session.pool)
        state.withLock { state in
            state.lastStep = .now
            state.stepTime = state.lastStep - start
        }
    }

    /// Sets the timer, unless it already fires earlier.
    private func schedule(after delay: Duration) {
        let deadline = ContinuousClock.now + delay
        let timer = state.withLock { state -> Int? in
            if state.isClosed { return nil }
            if let other = state.timerDeadline, other <= deadline { return nil }
            state.timer += 1
            state.timerDeadline = deadline
            return state.timer
        }
        guard let timer else { return }
        queue.asyncAfter(deadline: .now() + .milliseconds(delay.wholeMilliseconds)) { [weak self] in
            self?.ring(timer)
        }
    }

    /// Whether it is time to check for records that are now too old.
    private func takesLook() -> Bool {
        let isTime = state.withLock { state in
            let now = ContinuousClock.now
            guard now - state.lastLook >= Pace.asleep else { return false }
            state.lastLook = now
            return true
        }
        if isTime { housekeeping.noteTime() }
        return isTime
    }

    private func ring(_ timer: Int) {
        let (counts, isBusy) = state.withLock { state in
            guard state.timer == timer, !state.isClosed else { return (false, false) }
            state.timerDeadline = nil
            return (true, state.isAwake || ContinuousClock.now - state.lastAppend < Pace.idle)
        }
        guard counts else { return }
        if isBusy {
            if isHousekeepingDueUnderLoad { runHousekeepingStep() }
            schedule(after: Pace.idle)
        } else if housekeeping.hasWork {
            runHousekeepingStep()
            // Goes through the queue, so that messages that came in meanwhile go first.
            schedule(after: .zero)
        } else {
            schedule(after: takesLook() ? .zero : Pace.asleep)
        }
    }
}

extension Duration {
    fileprivate var wholeMilliseconds: Int {
        let (seconds, attoseconds) = components
        return Int(clamping: seconds) * 1000 + Int(clamping: attoseconds / 1_000_000_000_000_000)
    }
}
