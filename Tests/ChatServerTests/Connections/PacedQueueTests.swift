internal import ChatProtocol
internal import NIOCore
internal import Testing

@testable internal import ChatServer

@Suite("Paced queue")
struct PacedQueueTests {
    private static let start = NIODeadline.uptimeNanoseconds(1_000_000_000)
    private static let moment = Timestamp(unixMilliseconds: 1_795_430_195_000)

    private static func queue(messages: Int = 1000, bytes: Int = 1_000_000) -> PacedQueue {
        PacedQueue(.init(interval: .milliseconds(50), messages: messages, bytes: bytes))
    }

    /// Adds messages of bytes that are written as they are.
    private func append(_ texts: [String], _ kind: PacedMessage.Kind = .broadcast, to queue: inout PacedQueue) {
        for text in texts { queue.append(PacedMessage(ByteBuffer(string: text), kind: kind), at: Self.start) }
    }

    /// Everything that is written, with the milliseconds since the start.
    private func drain(_ queue: inout PacedQueue, from seconds: Double = 0) -> [String] {
        var now = Self.start + .milliseconds(Int64(seconds * 1000))
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
        var queue = Self.queue()
        append(["a", "b", "c"], to: &queue)
        let written = drain(&queue)
        #expect(written == ["0 a", "50 b", "100 c"])
    }

    @Test("counts the distance from when a message was written, not from when it was due")
    func distanceFromTheWrite() {
        var queue = Self.queue()
        append(["a", "b"], to: &queue)
        let steps = [0, 1000].map { queue.next(at: Self.start + .milliseconds($0)) }
        #expect(steps == [.write(ByteBuffer(string: "a")), .busy])
        #expect(queue.writingSince == Self.start)
        queue.didWrite(at: Self.start + .seconds(1))
        #expect(queue.writingSince == nil)
        let later = [1049, 1050].map { queue.next(at: Self.start + .milliseconds($0)) }
        #expect(later == [.wait(until: Self.start + .milliseconds(1050)), .write(ByteBuffer(string: "b"))])
    }

    @Test("puts a newer user list in the place of one that waits")
    func userLists() {
        var queue = Self.queue()
        append(["joined"], to: &queue)
        append(["one"], .userList, to: &queue)
        append(["left"], to: &queue)
        append(["two", "three"], .userList, to: &queue)
        let written = drain(&queue)
        #expect(written == ["0 joined", "50 three", "100 left"])
        // Sent is sent: the next one is a message of its own.
        append(["four"], .userList, to: &queue)
        #expect(queue.count == 1)
    }

    @Test("knows how many of what waits the peer brought about")
    func answers() {
        var queue = Self.queue()
        for kind in [PacedMessage.Kind.answer, .broadcast, .answer, .direct, .userList] {
            append(["x"], kind, to: &queue)
        }
        #expect(queue.waitingAnswers == 2)
        _ = drain(&queue)
        #expect(queue.waitingAnswers == 0)
        #expect(queue.bytes == 0)
    }

    @Test("hurries so that everything is out by the deadline, in order")
    func hurry() {
        var queue = Self.queue()
        append((0..<400).map { "\($0)" }, to: &queue)
        queue.hurry(at: Self.start, until: Self.start + .seconds(2))
        let written = drain(&queue)
        #expect(written.count == 400)
        #expect(written.map { $0.split(separator: " ")[1] } == (0..<400).map { "\($0)"[...] })
        #expect((written.last?.split(separator: " ").first).flatMap { Int($0) } ?? .max <= 2000)
    }

    @Test("does not hurry where there is time")
    func noHurry() {
        var queue = Self.queue()
        append(["a", "b"], to: &queue)
        queue.hurry(at: Self.start, until: Self.start + .seconds(2))
        let written = drain(&queue)
        #expect(written == ["0 a", "50 b"])
    }

    @Test("a list that was asked for keeps its place among the answers")
    func requestedList() {
        var queue = Self.queue()
        for (text, kind) in [("list", PacedMessage.Kind.userList), ("history", .answer), ("asked", .requestedList)] {
            append([text], kind, to: &queue)
        }
        append(["newer"], .userList, to: &queue)
        let written = drain(&queue)
        #expect(written == ["0 history", "50 newer"])
    }

    // MARK: - More than can be told one by one

    /// Adds a text that was said so many seconds after the start.
    private func say(
        _ text: String,
        by sender: String = "ann",
        to recipient: Recipient = .everyone,
        number: Int = 1,
        after seconds: Double = 0,
        _ kind: PacedMessage.Kind = .broadcast,
        in queue: inout PacedQueue
    ) {
        let chat = ChatMessage(
            id: MessageID(Int64(number)),
            sender: sender,
            recipient: recipient,
            color: "#FFF",
            text: text
        )
        add(.chat(chat), after: seconds, kind, to: &queue)
    }

    /// Adds news of a user.
    private func tell(_ text: String, of sender: String, was previous: String? = nil, in queue: inout PacedQueue) {
        let event = previous.map { Info.Event.update(previous: $0, color: "#FFF", isAdmin: false) } ?? .leave
        add(.info(Info(id: MessageID(9), sender: sender, event: event, text: text)), to: &queue)
    }

    private func add(
        _ body: Response.Body,
        after seconds: Double = 0,
        _ kind: PacedMessage.Kind = .broadcast,
        to queue: inout PacedQueue
    ) {
        let milliseconds = Int64(seconds * 1000)
        let moment = Timestamp(unixMilliseconds: Self.moment.unixMilliseconds + milliseconds)
        queue.append(PacedMessage(Response(at: moment, body), kind: kind), at: Self.start + .milliseconds(milliseconds))
    }

    /// The texts of what is written, behind their senders, if nothing could be written for some seconds.
    private func texts(_ queue: inout PacedQueue, from seconds: Double) throws -> [String] {
        try drain(&queue, from: seconds).map { line in
            let bytes = Array((line.split(separator: " ", maxSplits: 1).last ?? "").utf8)
            #expect(bytes.count <= Limits.unframedMessageBytes)
            switch try Response(Message(decoding: bytes.span)).body {
            case .chat(let chat): return "\(chat.sender): \(chat.text)"
            case .info(let info): return "(\(info.sender)) \(info.text)"
            default: return "?"
            }
        }
    }

    @Test("after half a second the texts of one sender are put together, in order")
    func joining() throws {
        var queue = Self.queue()
        for (number, sender) in ["ann", "bob", "ann", "bob", "ann", "ann", "bob"].enumerated() {
            say("\(number)", by: sender, in: &queue)
        }
        let written = try texts(&queue, from: 0.5)
        #expect(written == ["ann: 0\n2\n4\n5", "bob: 1\n3\n6"])
        #expect(queue.bytes == 0)
    }

    @Test("no more is put together than a peer reads at once, or than one time stands for", arguments: [0.5, 1.5])
    func joiningBounds(delay: Double) throws {
        var queue = Self.queue()
        let long = String(repeating: "x", count: 900)
        for text in [long, long, long] { say(text, in: &queue) }
        say("later", number: 2, after: 6, .answer, in: &queue)
        let written = try texts(&queue, from: delay)
        let isMixed = delay > 1
        #expect(written.count == 3)
        #expect(written[0] == (isMixed ? "(ann) ann: \(long)\nann: \(long)" : "ann: \(long)\n\(long)"))
        #expect(written.dropFirst() == ["ann: \(long)", "ann: later"])
    }

    @Test("a text does not overtake the news of whose nickname it is now")
    func joiningAcrossNews() throws {
        var queue = Self.queue()
        say("old ann", in: &queue)
        tell("ann's name changed to eve", of: "eve", was: "ann", in: &queue)
        say("new ann", in: &queue)
        let written = try texts(&queue, from: 0.5)
        #expect(written == ["ann: old ann", "(eve) ann's name changed to eve", "ann: new ann"])
    }

    @Test("after half a second joins and leaves are one INFO, a list between them or not")
    func news() throws {
        var queue = Self.queue()
        for name in ["ann", "bob"] { tell("\(name) left", of: name, in: &queue) }
        append(["USER,time=2026-11-22 12-04-05;num=0;admin=0,"], .userList, to: &queue)
        tell("cleo left", of: "cleo", in: &queue)
        say("hi", by: "dora", in: &queue)
        let written = try texts(&queue, from: 0.5)
        #expect(written == ["(ann) ann left\nbob left\ncleo left", "?", "dora: hi"])
    }

    @Test("after 1.5 s everything is one INFO, in order, with the senders")
    func mixing() throws {
        var queue = Self.queue()
        say("hi", by: "ann", in: &queue)
        say("two\nbob: lines", by: "eve", in: &queue)
        tell("cleo left", of: "cleo", in: &queue)
        say("psst", by: "bob", to: .user("me"), .direct, in: &queue)
        let written = try texts(&queue, from: 1.5)
        #expect(written == ["(ann) ann: hi\neve: two\n  bob: lines\ncleo left\nbob -> me: psst"])
    }

    @Test("one text alone stays a CHATR, and a long one whole, as long as there is time")
    func mixingAlone() throws {
        var queue = Self.queue()
        let long = String(repeating: "x", count: 3000)
        say(long, in: &queue)
        say("hi", by: "bob", in: &queue)
        let written = try texts(&queue, from: 1.5)
        #expect(written.count == 3)
        #expect(written.prefix(2).map { $0.dropFirst(5) }.joined() == long)
        #expect(written.last == "bob: hi")
    }

    @Test("after 2.5 s long texts are cut")
    func cutting() throws {
        var queue = Self.queue()
        say(String(repeating: "é", count: 3000), in: &queue)
        say("short", by: "bob", in: &queue)
        let beginning = String(repeating: "é", count: PacedQueue.cutTextBytes / 2)
        let written = try texts(&queue, from: 2.5)
        #expect(written == ["(ann) ann: \(beginning)… [cut]\nbob: short"])
    }

    @Test("what would come too late is left out, with a note in its place, but never what was asked for")
    func leavingOut() throws {
        var queue = Self.queue()
        for number in 0..<100 { say("\(number)", by: "guest\(number)", in: &queue) }
        say("mine", by: "me", number: 2, .answer, in: &queue)
        for number in 0..<5 { say("\(number)", by: "guest\(number)", after: 3, in: &queue) }
        let written = try texts(&queue, from: 4.6)
        #expect(written.count == 1)
        let lines = written[0].split(separator: "\n").map(String.init)
        #expect(lines[0].hasPrefix("(guest0) [100 messages were left out: "))
        #expect(Array(lines.dropFirst()) == ["me: mine"] + (0..<5).map { "guest\($0): \($0)" })
        #expect(queue.bytes == 0)
        #expect(queue.waitingAnswers == 0)
    }

    @Test("what does not fit into its bounds is left out from the oldest on", arguments: [true, false])
    func bounds(isByCount: Bool) throws {
        var queue = isByCount ? Self.queue(messages: 100) : Self.queue(bytes: 100 * 70)
        for number in 0..<10_000 {
            say("\(number)", number: number, in: &queue)
            #expect(queue.count <= 120)
        }
        let written = try texts(&queue, from: 0)
        let left = try #require(Int(written[0].dropFirst("(ann) [".count).prefix { $0.isNumber }))
        let lines = written.flatMap { $0.split(separator: "\n") }
        #expect(left + lines.count - 1 == 10_000)
        #expect(lines.last == "ann: 9999")
        #expect(queue.bytes == 0)
    }

    @Test("the rest of a long text is left out with the others")
    func leavingOutTheRest() throws {
        var queue = Self.queue()
        say(String(repeating: "x", count: 9000), in: &queue)
        _ = queue.next(at: Self.start)
        queue.didWrite(at: Self.start)
        let written = try texts(&queue, from: 5)
        #expect(written.count == 1)
        #expect(written[0].hasPrefix("(ann) [1 message was left out: "))
    }

    @Test("what still waits is not sent again because it is asked for; what was left out is")
    func replays() throws {
        var queue = Self.queue()
        for number in 1...2 { say("\(number)", number: number, in: &queue) }
        _ = queue.next(at: Self.start + .seconds(5))
        queue.didWrite(at: Self.start + .seconds(5))
        for number in 3...4 { say("\(number)", number: number, after: 5, in: &queue) }
        for number in 1...5 { say("\(number)", number: number, after: 5, .answer, in: &queue) }
        let written = try texts(&queue, from: 5)
        #expect(written == ["ann: 3", "ann: 4", "ann: 1", "ann: 2", "ann: 5"])
    }
}
