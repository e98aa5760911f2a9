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
        /// What is under way, by the time when it arrives; each direction in order.
        var toServer: [(at: Int64, bytes: [UInt8])] = []
        var toClient: [(at: Int64, response: String)] = []
        private var sentCount = 0
        private var stoppedAt: Int64 = 0
        /// Short enough that the client does not give the server up: it has to hear it in the third minute.
        private var longestStop: Int64 { server.knowsUsers ? 140_000 : 10_000 }

        init(seed: UInt64) { random = SeededGenerator(seed: seed) }

        var now: Int64 { script.clock.unixMilliseconds }

        mutating func number(_ range: ClosedRange<Int64>) -> Int64 { Int64.random(in: range, using: &random) }

        mutating func act(_ line: String) throws {
            try script.perform(line)
            for request in script.sent.dropFirst(sentCount) {
                var bytes: [UInt8] = []
                request.encode(into: &bytes, framing: .none)
                toServer.append((max(toServer.last?.at ?? 0, now + number(1...30)), bytes))
            }
            sentCount = script.sent.count
        }

        mutating func send(_ response: String, at time: Int64) {
            let written = response.replacing("@", with: OriginalServerModel.time(time))
            toClient.append((max(toClient.last?.at ?? 0, time + number(1...30)), written))
        }

        /// Plays everything that is due within a time.
        mutating func advance(_ milliseconds: Int64) throws {
            let end = now + milliseconds
            while true {
                let timer = script.timers.min { ($0.value, "\($0.key)") < ($1.value, "\($1.key)") }
                let read = server.nextRead.map { max($0, now) }
                let times = [toServer.first?.at, toClient.first?.at, read, timer?.value]
                guard let next = times.compactMap(\.self).min(), next <= end else { break }
                if timer?.value == next, let timer {
                    try act("timer \(timer.key)")
                    continue
                }
                try script.perform("wait \(max(0, next - now))")
                if toServer.first?.at == next {
                    server.deliver(toServer.removeFirst().bytes)
                } else if toClient.first?.at == next {
                    try act("< \(toClient.removeFirst().response)")
                } else {
                    for (time, response) in server.read(at: next) { send(response, at: time) }
                }
            }
            try script.perform("wait \(max(0, end - now))")
        }

        mutating func step(_ step: Int) throws {
            switch number(0...9) {
            case 0, 1, 2: try act("say text \(step)")
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
        "reads every request by itself, and in the end has all of them",
        arguments: 1...100 as ClosedRange<UInt64>
    )
    func neverGlued(seed: UInt64) throws {
        var scene = Scene(seed: seed)
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
        let texts = scene.script.timeline.entries.filter { $0.text.text.hasPrefix("text ") }
        #expect(texts.allSatisfy { $0.delivery == .accepted })
        #expect(texts.count == requests.count { $0.hasPrefix("CHAT,") })
    }
}
