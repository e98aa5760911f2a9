internal import ChatProtocol
internal import ChatServerCore
internal import Dispatch
internal import GRDB
internal import Synchronization

/// The one thread that writes the history.
///
/// Takes what waits, commits it in one transaction, completes it in order, and
/// looks again. Between commits it does a little housekeeping: at leisure when
/// nothing comes in, rarely when something does.
final class CommitWriter: Sendable {
    typealias Completion = @Sendable (Result<Void, StoreError>) -> Void

    private struct Batch {
        var records: [HistoryRecord]
        var completion: Completion
        /// Why it failed before its turn came; it is completed in its turn all the same.
        var failure: StoreError?
    }

    private struct State {
        var waiting: [Batch] = []
        var waitingRecords = 0
        /// Whether the writer is at work, or about to be.
        var isAwake = false
        var isClosed = false
        var lastAppend = ContinuousClock.now
        /// When the last step of housekeeping was over, and what it took.
        var lastStep = ContinuousClock.now
        var stepTime = Duration.zero
        /// When it was last seen what age alone has made due.
        var lastLook = ContinuousClock.now
        /// Names the timer that counts; those before it do nothing.
        var timer = 0
        /// When it rings, where one is set.
        var timerDeadline: ContinuousClock.Instant?
    }

    private let session: DatabaseSession
    private let housekeeping: Housekeeping
    private let flusher: WriteAheadLogFlusher?
    private let queue = DispatchQueue(label: "chat-tui.commit")
    private let state = Mutex(State())
    private let highestCommitted: Atomic<Int64>
    private let committed = Atomic(0)

    init(
        _ session: DatabaseSession,
        configuration: StorageConfiguration,
        clock: @escaping UnixClock,
        warn: @escaping StorageWarning
    ) {
        self.session = session
        housekeeping = Housekeeping(retention: configuration.retention, run: session.run, clock: clock, warn: warn)
        flusher = configuration.flush == .second ? WriteAheadLogFlusher(session.directory) : nil
        highestCommitted = Atomic(session.highest)
    }

    /// The highest id ever committed.
    var highest: Int64 { highestCommitted.load(ordering: .acquiring) }

    /// How many transactions were committed.
    var transactions: Int { committed.load(ordering: .relaxed) }

    /// Lets the housekeeping begin.
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

    /// Waits until everything handed over is written; false where it was closed before.
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
            if isHousekeepingDueUnderLoad { keepHouse() }
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
                // First: who hears of these and asks for the history finds them.
                highestCommitted.store(highest, ordering: .releasing)
                committed.wrappingAdd(1, ordering: .relaxed)
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

    /// What is wrong with a batch in itself, so that it does not fail others.
    private static func fault(in records: [HistoryRecord], above highest: inout Int64) -> StoreError? {
        var last = highest
        for record in records {
            guard record.id.number > last else { return StoreError("ids have to rise") }
            if case (.info, .between) = (record.content, record.audience) {
                return StoreError("an INFO is for everyone")
            }
            last = record.id.number
        }
        highest = last
        return nil
    }

    // MARK: Housekeeping

    /// How often housekeeping takes its turn.
    private enum Pace {
        /// After this long without a message there is leisure.
        static let idle = Duration.milliseconds(100)
        /// While messages come in, a step at most this often.
        static let betweenStepsUnderLoad = Duration.milliseconds(100)
        /// So many times what a step took is theirs before the next.
        static let shareUnderLoad = 9
        /// With nothing to do, how long until the next look at the clock.
        static let asleep = Duration.seconds(300)
    }

    private var isHousekeepingDueUnderLoad: Bool {
        housekeeping.hasWork
            && state.withLock { state in
                let pause = max(Pace.betweenStepsUnderLoad, state.stepTime * Pace.shareUnderLoad)
                return ContinuousClock.now - state.lastStep > pause
            }
    }

    private func keepHouse() {
        let start = ContinuousClock.now
        housekeeping.step(session.pool)
        state.withLock { state in
            state.lastStep = .now
            state.stepTime = state.lastStep - start
        }
    }

    /// Sets the timer, unless it rings before that anyway.
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

    /// Whether it is time to see what age alone has made due.
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
            if isHousekeepingDueUnderLoad { keepHouse() }
            schedule(after: Pace.idle)
        } else if housekeeping.hasWork {
            keepHouse()
            // By way of the queue: what came in meanwhile goes first.
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
