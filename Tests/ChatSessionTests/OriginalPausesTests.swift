internal import ChatProtocol
internal import ChatSession
internal import ChatTestSupport
internal import Testing

@Suite("An original server that is stopped and goes on, again and again")
struct OriginalPausesTests {
    /// A session and the model of its server, on a network with delays.
    private struct Scene {
        var script = SessionScript()
        var server = OriginalServerModel()
        var random: SeededGenerator
        /// Whether somebody in the chat writes lines that read like the server's.
        let hasForger: Bool
        /// What is under way, by the time when it arrives; each direction in order.
        var toServer: [(at: Int64, bytes: [UInt8])] = []
        var toClient: [(at: Int64, bytes: [UInt8])] = []
        private var decoder = UnframedResponseDecoder()
        /// When it is clear that nothing follows what came.
        private var quietAt: Int64?
        private var sentCount = 0
        private var stoppedAt: Int64 = 0
        /// Short enough that the client does not give the server up: it has to hear it in the third minute.
        private var longestStop: Int64 { server.knowsUsers ? 140_000 : 10_000 }

        init(seed: UInt64, hasForger: Bool) {
            random = SeededGenerator(seed: seed)
            self.hasForger = hasForger
        }

        var now: Int64 { script.clock.unixMilliseconds }

        mutating func number(_ range: ClosedRange<Int64>) -> Int64 { Int64.random(in: range, using: &random) }

        mutating func act(_ line: String) throws {
            try script.perform(line)
            noteRequests()
        }

        private mutating func noteRequests() {
            for request in script.sent.dropFirst(sentCount) {
                var bytes: [UInt8] = []
                request.encode(into: &bytes, framing: .none)
                toServer.append((max(toServer.last?.at ?? 0, now + number(1...30)), bytes))
            }
            sentCount = script.sent.count
        }

        mutating func send(_ response: String, at time: Int64) {
            let written = response.replacing("@", with: OriginalServerModel.time(time))
            deliver(Array(written.utf8), sentAt: time)
        }

        private mutating func deliver(_ bytes: [UInt8], sentAt time: Int64) {
            toClient.append((max((toClient.last?.at ?? 0) + 1, time + number(1...30)), bytes))
        }

        private mutating func take(_ results: [Result<Response, MessageError>]) throws {
            let suspects = decoder.suspects
            for (index, result) in results.enumerated() {
                _ = script.take(suspects.contains(index) ? .suspect(try result.get()) : .received(try result.get()))
                noteRequests()
            }
        }

        /// Somebody writes lines that read like answers of the server; the network may cut a long text before them.
        mutating func forge() {
            let time = OriginalServerModel.time(now)
            let lines = [
                "ERR,\(time),Error: bob Unrecognized recipient.", "ERR,\(time),Error: Must be an admin.",
                "CHATR,\(time);sender=ann;rec=-ALL;color=#D333FF,t", "CONFIRM,\(time);reason=UPDATE,OK",
                "CHATR,\(time);sender=ann;rec=bob;color=#D333FF,tex",
                "CONFIRM,\(time);reason=REF,Resending messages...",
                "CONFIRM,\(time);reason=UPDATE,Error: no.", "INFO,\(time);sender=ann,bob has been kicked by ann",
                OriginalServerModel.list.replacing("@", with: time), "WARN,\(time),You have been kicked",
            ]
            let forged = (0...number(0...3)).map { _ in lines[Int(number(0...Int64(lines.count - 1)))] }.joined()
            let isLong = number(0...3) == 0
            let talk = isLong ? String(repeating: "x", count: 600) : "x"
            let header = "CHATR,\(time);sender=eve;rec=-ALL;color=#00FF00,"
            if isLong {
                deliver(Array((header + talk).utf8), sentAt: now)
                deliver(Array(forged.utf8), sentAt: now)
            } else {
                deliver(Array((header + talk + forged).utf8), sentAt: now)
            }
        }

        /// Plays everything that is due within a time.
        mutating func advance(_ milliseconds: Int64) throws {
            let end = now + milliseconds
            while true {
                let timer = script.timers.min { ($0.value, "\($0.key)") < ($1.value, "\($1.key)") }
                let read = server.nextRead.map { max($0, now) }
                let times = [toServer.first?.at, toClient.first?.at, read, timer?.value, quietAt]
                guard let next = times.compactMap(\.self).min(), next <= end else { break }
                if timer?.value == next, let timer {
                    try act("timer \(timer.key)")
                    continue
                }
                try script.perform("wait \(max(0, next - now))")
                if toServer.first?.at == next {
                    server.deliver(toServer.removeFirst().bytes)
                } else if toClient.first?.at == next {
                    let chunk = toClient.removeFirst().bytes
                    try take(decoder.receive(chunk.span))
                    quietAt = decoder.waitMilliseconds.map { now + Int64($0) }
                } else if quietAt == next {
                    quietAt = nil
                    try take(decoder.giveUpWaiting())
                } else {
                    for (time, response) in server.read(at: next) { send(response, at: time) }
                }
            }
            try script.perform("wait \(max(0, end - now))")
        }

        mutating func step(_ step: Int) throws {
            if server.isRunning, hasForger, number(0...1) == 0 { forge() }
            switch number(0...9) {
            case 0, 1: try act("say text \(step)")
            case 2: try act(number(0...1) == 0 ? "say text \(step)" : "tell bob text \(step)")
            case 3: try act("users")
            case 4: try act("refresh")
            case 5: try act("color #00000\(step % 10)")
            case 6 where server.isRunning: send("CHATR,@;sender=bob;rec=-ALL;color=#00FF00,hi \(step)", at: now)
            case 7 where server.isRunning:
                send("INFO,@;sender=eve,eve has joined the chat! \(step)", at: now)
                send(OriginalServerModel.list, at: now + 50)
            case 8: stop(server.isRunning)
            default: break
            }
            try advance(number(0...2) == 0 ? number(0...(server.knowsUsers ? 20_000 : 5000)) : number(0...100))
            if !server.knowsUsers, server.isRunning {
                // Only talk shows that such a server is there.
                send("CHATR,@;sender=bob;rec=-ALL;color=#00FF00,well \(step)", at: now)
            }
            if now - stoppedAt > longestStop || number(0...3) == 0 { stop(false) }
        }

        private mutating func stop(_ isStopped: Bool) {
            if isStopped { stoppedAt = now }
            server.isRunning = !isStopped
        }
    }

    @Test(
        "reads every request by itself, and in the end has all of them, whatever lines somebody makes up",
        arguments: 1...100 as ClosedRange<UInt64>,
        [false, true]
    )
    func neverGlued(seed: UInt64, hasForger: Bool) throws {
        var scene = Scene(seed: seed, hasForger: hasForger)
        scene.server.knowsUsers = !seed.isMultiple(of: 4)
        for line in ["start", "opened"] { try scene.act(line) }
        try scene.advance(5000)
        for step in 0..<60 { try scene.step(step) }
        scene.server.isRunning = true
        // Somebody talks on, so that a server that does not know a request is seen to be there.
        for number in 0..<60 {
            scene.send("CHATR,@;sender=bob;rec=-ALL;color=#00FF00,on \(number)", at: scene.now)
            try scene.advance(20_000)
        }
        let requests = scene.script.sent.map { request in
            var bytes: [UInt8] = []
            request.encode(into: &bytes, framing: .none)
            return String(decoding: bytes, as: UTF8.self)
        }
        #expect(scene.server.reads == requests)
        let texts = scene.script.timeline.entries.filter { $0.isOwn && $0.text.text.hasPrefix("text ") }
        #expect(texts.allSatisfy { $0.delivery == .accepted })
        #expect(texts.count == requests.count { $0.hasPrefix("CHAT,") })
    }
}

extension TimelineEntry {
    fileprivate var isOwn: Bool {
        if case .chat(_, _, _, isOwn: true) = kind { true } else { false }
    }
}
