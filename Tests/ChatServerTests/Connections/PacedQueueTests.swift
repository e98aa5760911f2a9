internal import ChatProtocol
internal import NIOCore
internal import Testing

@testable internal import ChatServer

@Suite("Paced queue")
struct PacedQueueTests {
    private static let start = NIODeadline.uptimeNanoseconds(1_000_000_000)

    private static func queue(capacity: Int, joining: Int? = nil, cutting: Int? = nil) -> PacedQueue {
        PacedQueue(
            .init(
                interval: .milliseconds(50),
                capacity: capacity,
                joining: joining ?? capacity,
                cutting: cutting ?? capacity
            )
        )
    }

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
        let isAccepted = queue.append([message(text, kind)])
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
        var queue = Self.queue(capacity: 10)
        for text in ["a", "b", "c"] { append(text, to: &queue) }
        let written = drain(&queue)
        #expect(written == ["0 a", "50 b", "100 c"])
    }

    @Test("counts the distance from when a message was written, not from when it was due")
    func distanceFromTheWrite() {
        var queue = Self.queue(capacity: 10)
        _ = queue.append([message("a")])
        _ = queue.append([message("b")])
        let steps = [0, 1000].map { queue.next(at: Self.start + .milliseconds($0)) }
        #expect(steps == [.write(ByteBuffer(string: "a")), .busy])
        queue.didWrite(at: Self.start + .seconds(1))
        let later = [1049, 1050].map { queue.next(at: Self.start + .milliseconds($0)) }
        #expect(later == [.wait(until: Self.start + .milliseconds(1050)), .write(ByteBuffer(string: "b"))])
    }

    @Test("puts a newer user list in the place of one that waits")
    func userLists() {
        var queue = Self.queue(capacity: 3)
        _ = queue.append([message("joined")])
        _ = queue.append([message("one", .userList)])
        _ = queue.append([message("left")])
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
        var queue = Self.queue(capacity: 2)
        append("a", to: &queue)
        append("b", to: &queue)
        append("c", to: &queue, expecting: false)
        let written = drain(&queue)
        #expect(written == ["0 a", "50 b"])
    }

    @Test("knows how many of what waits the peer brought about")
    func answers() {
        var queue = Self.queue(capacity: 9)
        for kind in [PacedMessage.Kind.answer, .broadcast, .answer, .userList] {
            _ = queue.append([message("x", kind)])
        }
        #expect(queue.waitingAnswers == 2)
        _ = drain(&queue)
        #expect(queue.waitingAnswers == 0)
    }

    @Test("hurries so that everything is out by the deadline, in order")
    func hurry() {
        var queue = Self.queue(capacity: 1000)
        for number in 0..<400 { _ = queue.append([message("\(number)")]) }
        queue.hurry(at: Self.start, until: Self.start + .seconds(2))
        let written = drain(&queue)
        #expect(written.count == 400)
        #expect(written.map { $0.split(separator: " ")[1] } == (0..<400).map { "\($0)"[...] })
        #expect((written.last?.split(separator: " ").first).flatMap { Int($0) } ?? .max <= 2000)
    }

    @Test("does not hurry where there is time")
    func noHurry() {
        var queue = Self.queue(capacity: 10)
        for text in ["a", "b"] { _ = queue.append([message(text)]) }
        queue.hurry(at: Self.start, until: Self.start + .seconds(2))
        let written = drain(&queue)
        #expect(written == ["0 a", "50 b"])
    }

    /// A text as everybody gets it.
    private func chat(
        _ text: String,
        by sender: String = "ann",
        number: Int = 1,
        at milliseconds: Int64 = 0,
        isAnswer: Bool = false
    ) -> [PacedMessage] {
        let message = ChatMessage(
            id: MessageID(Int64(number)),
            sender: sender,
            recipient: .everyone,
            color: "#FFF",
            text: text
        )
        let moment = Timestamp(unixMilliseconds: 1_795_430_195_000 + milliseconds)
        return Response(at: moment, .chat(message)).unframedMessages(isBroadcast: !isAnswer)
    }

    private func add(
        _ messages: [PacedMessage],
        to queue: inout PacedQueue,
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        let isAccepted = queue.append(messages)
        #expect(isAccepted, sourceLocation: sourceLocation)
    }

    /// The texts of what is written, behind their senders.
    private func texts(_ queue: inout PacedQueue) throws -> [String] {
        try drain(&queue).map { line in
            let bytes = Array((line.split(separator: " ", maxSplits: 1).last ?? "").utf8)
            switch try Response(Message(decoding: bytes.span)).body {
            case .chat(let chat): return "\(chat.sender): \(chat.text)"
            case .info(let info): return info.text
            default: return "?"
            }
        }
    }

    @Test("texts that wait long are put together with those of the same sender, in order")
    func joining() throws {
        var queue = Self.queue(capacity: 100, joining: 3)
        for (number, sender) in ["ann", "bob", "ann", "bob", "ann", "ann", "bob"].enumerated() {
            add(chat("\(number)", by: sender), to: &queue)
        }
        let written = try texts(&queue)
        #expect(written == ["ann: 0", "bob: 1\n3\n6", "ann: 2\n4\n5"])
        #expect(queue.bytes == 0)
    }

    @Test("no more is put together than a peer reads at once, or than one time stands for")
    func joiningBounds() throws {
        var queue = Self.queue(capacity: 100, joining: 1)
        let long = String(repeating: "x", count: 900)
        for text in [long, long, long] { add(chat(text), to: &queue) }
        add(chat("later", at: 6000), to: &queue)
        let written = try texts(&queue)
        #expect(written == ["ann: \(long)\n\(long)", "ann: \(long)", "ann: later"])
        #expect(written.allSatisfy { $0.utf8.count <= Limits.unframedMessageBytes })
    }

    @Test("a text does not overtake the news of whose nickname it is now")
    func joiningAcrossNews() throws {
        var queue = Self.queue(capacity: 100, joining: 1)
        add(chat("old ann"), to: &queue)
        let event = Info.Event.update(previous: "ann", color: "#FFF", isAdmin: false)
        let info = Info(id: MessageID(9), sender: "eve", event: event, text: "ann's name changed to eve")
        let moment = Timestamp(unixMilliseconds: 1_795_430_195_000)
        add(Response(at: moment, .info(info)).unframedMessages(isBroadcast: true), to: &queue)
        add(chat("new ann"), to: &queue)
        let written = try texts(&queue)
        #expect(written == ["ann: old ann", "ann's name changed to eve", "ann: new ann"])
    }

    @Test("a peer far behind gets the beginning of long texts")
    func cutting() throws {
        var queue = Self.queue(capacity: 100, cutting: 2)
        let long = String(repeating: "é", count: 3000)
        for number in 0..<2 { add(chat("\(number)"), to: &queue) }
        add(chat(long), to: &queue)
        add(chat("short"), to: &queue)
        let beginning = String(repeating: "é", count: PacedQueue.cutTextBytes / 2)
        let written = try texts(&queue)
        #expect(written == ["ann: 0", "ann: 1", "ann: \(beginning)… [cut]", "ann: short"])
    }

    @Test("what still waits is not sent again because it is asked for")
    func replays() throws {
        var queue = Self.queue(capacity: 100, joining: 2)
        for number in 1...4 { add(chat("\(number)", number: number), to: &queue) }
        for number in 1...6 { add(chat("\(number)", number: number, isAnswer: true), to: &queue) }
        let written = try texts(&queue)
        #expect(written == ["ann: 1", "ann: 2\n3\n4", "ann: 5\n6"])
    }

    @Test("a list that was asked for keeps its place among the answers")
    func requestedList() {
        var queue = Self.queue(capacity: 100)
        for (text, kind) in [("list", PacedMessage.Kind.userList), ("history", .answer), ("asked", .requestedList)] {
            append(text, kind, to: &queue)
        }
        append("newer", .userList, to: &queue)
        let written = drain(&queue)
        #expect(written == ["0 history", "50 newer"])
    }
}
