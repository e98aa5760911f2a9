internal import ChatProtocol
internal import ChatServerCore
internal import NIOCore
internal import Testing

@testable internal import ChatServer

@Suite("The queue to the store")
struct StoreQueueTests {
    private static let start = NIODeadline.uptimeNanoseconds(5_000_000_000)

    private func record(_ id: Int64, text: String = "hello") -> HistoryRecord {
        let message = ChatMessage(
            id: MessageID(id),
            sender: "ann",
            recipient: .everyone,
            color: "#FFF",
            text: text
        )
        return HistoryRecord(
            id: MessageID(id),
            moment: Timestamp(unixMilliseconds: id),
            visibility: .everyone,
            content: .chat(message)
        )
    }

    /// What the queue gives to the store at a moment; nil for nothing.
    private func batch(_ queue: inout StoreQueue, at now: NIODeadline = start) -> [Int64]? {
        guard case .store(let records) = queue.next(at: now) else { return nil }
        return records.map(\.id.number)
    }

    @Test("gives the store one batch at a time; what comes meanwhile is the next one")
    func batches() {
        var queue = StoreQueue()
        #expect(batch(&queue) == nil)
        queue.append(record(1))
        #expect(batch(&queue) == [1])
        for id in 2...4 { queue.append(record(Int64(id))) }
        #expect(batch(&queue) == nil)
        #expect(queue.count == 3)
        guard case .stored(count: 1) = queue.finishBatch(.success(()), at: Self.start) else {
            Issue.record("one record was stored")
            return
        }
        #expect(batch(&queue) == [2, 3, 4])
        #expect(!queue.isEmpty)
        _ = queue.finishBatch(.success(()), at: Self.start)
        #expect(queue.isEmpty)
    }

    @Test("pauses after a long fan-out, and has somebody come back once")
    func pause() {
        var queue = StoreQueue()
        queue.fannedOut(from: Self.start - .milliseconds(2), to: Self.start)
        queue.append(record(1))
        guard case .wait(until: Self.start + .milliseconds(1)) = queue.next(at: Self.start) else {
            Issue.record("it did not pause for half of what the fan-out took")
            return
        }
        #expect(batch(&queue, at: Self.start + .milliseconds(1)) == nil)
        queue.endWait()
        #expect(batch(&queue, at: Self.start + .milliseconds(1)) == [1])
    }

    @Test("is behind by the number of records or by their text")
    func behind() {
        var limits = ServerLimits()
        limits.waitingRecords = 3
        limits.waitingRecordBytes = 1_000
        var queue = StoreQueue()
        for id in 1...2 { queue.append(record(Int64(id))) }
        #expect(!queue.isBehind(limits))
        queue.append(record(3))
        #expect(queue.isBehind(limits))
        _ = queue.next(at: Self.start)
        #expect(!queue.isBehind(limits))
        queue.append(record(4, text: String(repeating: "z", count: 1_000)))
        #expect(queue.isBehind(limits))
    }

    @Test("remembers why the store failed until it works again, or for a while")
    func fault() {
        var queue = StoreQueue()
        func fail() {
            queue.append(record(1))
            _ = queue.next(at: Self.start)
            _ = queue.finishBatch(.failure(StoreError("disk full")), at: Self.start)
        }
        fail()
        queue.forgetFault(before: Self.start)
        #expect(queue.fault?.reason == "disk full")
        queue.forgetFault(before: Self.start + .nanoseconds(1))
        #expect(queue.fault == nil)
        fail()
        queue.append(record(2))
        _ = queue.next(at: Self.start)
        _ = queue.finishBatch(.success(()), at: Self.start)
        #expect(queue.fault == nil)
    }
}
