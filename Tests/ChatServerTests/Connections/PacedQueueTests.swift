internal import NIOCore
internal import Testing

@testable internal import ChatServer

@Suite("Paced queue")
struct PacedQueueTests {
    private static let start = NIODeadline.uptimeNanoseconds(1_000_000_000)

    private func message(_ text: String, _ kind: PacedMessage.Kind = .broadcast) -> PacedMessage {
        PacedMessage(ByteBuffer(string: text), kind: kind)
    }

    private func append(
        _ text: String,
        _ kind: PacedMessage.Kind = .broadcast,
        to queue: inout PacedQueue,
        expecting expected: Bool = true,
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        let isAccepted = queue.append(message(text, kind))
        #expect(isAccepted == expected, sourceLocation: sourceLocation)
    }

    /// Everything that is written, with the milliseconds since the start.
    private func drain(_ queue: inout PacedQueue) -> [String] {
        var now = Self.start
        var written: [String] = []
        while true {
            switch queue.next(at: now) {
            case .write(let bytes):
                written.append("\((now - Self.start).nanoseconds / 1_000_000) \(String(buffer: bytes))")
                queue.didWrite(at: now)
            case .wait(let moment): now = moment
            case .busy, .idle: return written
            }
        }
    }

    @Test("keeps its distance between two messages, and the first goes at once")
    func distance() {
        var queue = PacedQueue(interval: .milliseconds(50), capacity: 10)
        for text in ["a", "b", "c"] { append(text, to: &queue) }
        let written = drain(&queue)
        #expect(written == ["0 a", "50 b", "100 c"])
    }

    @Test("counts the distance from when a message was written, not from when it was due")
    func distanceFromTheWrite() {
        var queue = PacedQueue(interval: .milliseconds(50), capacity: 10)
        _ = queue.append(message("a"))
        _ = queue.append(message("b"))
        let steps = [0, 1000].map { queue.next(at: Self.start + .milliseconds($0)) }
        #expect(steps == [.write(ByteBuffer(string: "a")), .busy])
        queue.didWrite(at: Self.start + .seconds(1))
        let later = [1049, 1050].map { queue.next(at: Self.start + .milliseconds($0)) }
        #expect(later == [.wait(until: Self.start + .milliseconds(1050)), .write(ByteBuffer(string: "b"))])
    }

    @Test("puts a newer user list in the place of one that waits")
    func userLists() {
        var queue = PacedQueue(interval: .milliseconds(50), capacity: 3)
        _ = queue.append(message("joined"))
        _ = queue.append(message("one", .userList))
        _ = queue.append(message("left"))
        append("two", .userList, to: &queue)
        append("three", .userList, to: &queue)
        let written = drain(&queue)
        #expect(written == ["0 joined", "50 three", "100 left"])
        // Sent is sent: the next one is a message of its own.
        append("four", .userList, to: &queue)
        #expect(queue.count == 1)
    }

    @Test("takes no more than its capacity")
    func capacity() {
        var queue = PacedQueue(interval: .milliseconds(50), capacity: 2)
        append("a", to: &queue)
        append("b", to: &queue)
        append("c", to: &queue, expecting: false)
        let written = drain(&queue)
        #expect(written == ["0 a", "50 b"])
    }

    @Test("knows how many of what waits the peer brought about")
    func answers() {
        var queue = PacedQueue(interval: .milliseconds(50), capacity: 9)
        for kind in [PacedMessage.Kind.answer, .broadcast, .answer, .userList] { _ = queue.append(message("x", kind)) }
        #expect(queue.waitingAnswers == 2)
        _ = drain(&queue)
        #expect(queue.waitingAnswers == 0)
    }

    @Test("hurries so that everything is out by the deadline, in order")
    func hurry() {
        var queue = PacedQueue(interval: .milliseconds(50), capacity: 1000)
        for number in 0..<400 { _ = queue.append(message("\(number)")) }
        queue.hurry(at: Self.start, until: Self.start + .seconds(2))
        let written = drain(&queue)
        #expect(written.count == 400)
        #expect(written.map { $0.split(separator: " ")[1] } == (0..<400).map { "\($0)"[...] })
        #expect((written.last?.split(separator: " ").first).flatMap { Int($0) } ?? .max <= 2000)
    }

    @Test("does not hurry where there is time")
    func noHurry() {
        var queue = PacedQueue(interval: .milliseconds(50), capacity: 10)
        for text in ["a", "b"] { _ = queue.append(message(text)) }
        queue.hurry(at: Self.start, until: Self.start + .seconds(2))
        let written = drain(&queue)
        #expect(written == ["0 a", "50 b"])
    }
}
