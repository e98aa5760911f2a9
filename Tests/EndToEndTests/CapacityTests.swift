internal import ChatProtocol
internal import Foundation
internal import Testing

extension EndToEnd {
    /// Many at once, and those who can't keep up.
    @Suite("Capacity")
    struct CapacityTests {
        let home: ScratchFolder

        init() throws {
            home = try ScratchFolder()
        }

        @Test("10,000 listen on 200 MB while others come and talk")
        func tenThousand() throws {
            let server = try RunningServer(arguments: ["--no-limits"], home: home)
            let crowd = Crowd(port: server.port)
            for arrived in stride(from: 2000, through: 10_000, by: 2000) {
                try crowd.grow(by: 2000)
                try crowd.listen(
                    until: { crowd.admitted == arrived },
                    "only \(crowd.admitted) of \(arrived) got in",
                    within: 120
                )
            }
            #expect(crowd.gone == 0)
            #expect(try server.process.residentKilobytes() < 200_000)

            let ann = try FramedPeer(port: server.port, nickname: "ann")
            var visitors: [FramedPeer] = []
            for number in 1...5 {
                // Others come all the time. They stay, or the words would not be the last.
                for visit in 1...4 {
                    visitors.append(try FramedPeer(port: server.port, nickname: "visitor\(number)x\(visit)"))
                }
                let words = "word \(number) to everybody"
                ann.send(.chat(ChatRequest(recipient: .everyone, text: words)))
                try crowd.listen(
                    until: { crowd.count(whoseLastWords: words + ",") == 10_000 },
                    "only \(crowd.count(whoseLastWords: words + ",")) heard \(words)"
                )
            }
            // Old programs find their way in, too.
            let old = try RawPeer(port: server.port)
            old.send("CON,nickname=old;password=;color=#00FF00,")
            _ = try old.receive(until: ",OK", within: 20)
            #expect(crowd.gone == 0)
            #expect(try server.process.residentKilobytes() < 200_000)
        }

        @Test("with TLS a connection takes 40 kB, however many have come since")
        func encrypted() throws {
            let server = try RunningServer(arguments: ["--no-limits", "--ephemeral"], home: home)
            let crowd = try EncryptedCrowd(port: server.port)
            try crowd.grow(by: 10)
            try eventually("10 get in") { crowd.admitted == 10 ? () : nil }
            let before = try server.process.residentKilobytes()
            try crowd.grow(by: 500)
            try eventually("500 more get in, not only \(crowd.admitted)", within: 120) {
                crowd.admitted == 510 ? () : nil
            }
            #expect(crowd.gone == 0)
            let kilobytes = try server.process.residentKilobytes() - before
            #expect(kilobytes < 500 * 40, "\(kilobytes) kB for 500")
        }

        @Test("who reads too slowly is closed, and comes back without having missed anything")
        func slowReader() throws {
            let server = try RunningServer(arguments: ["--no-limits", "--hard-queue-kib", "512"], home: home)
            let slow = try FramedPeer(port: server.port, nickname: "slow")
            let fast = try FramedPeer(port: server.port, nickname: "fast")
            let talker = try FramedPeer(port: server.port, nickname: "talker")
            let filling = String(repeating: "y", count: 16_000)
            // More than the system takes for somebody who does not read.
            let count = 800
            for number in 0..<count {
                talker.send(.chat(ChatRequest(recipient: .everyone, text: "\(number) \(filling)")))
                // Whoever reads gets each message at once.
                for peer in [fast, talker] {
                    try peer.wait(for: "message \(number)") { response -> Void? in
                        guard case .chat(let message) = response.body else { return nil }
                        return message.text.hasPrefix("\(number) ") ? () : nil
                    }
                }
            }
            var last = MessageID(0)
            var seen: [String] = []
            func look(at message: ChatMessage) {
                guard let id = message.id, id > last else { return }
                last = id
                seen.append(String(message.text.prefix { $0 != " " }))
            }
            while let responses = try slow.receive(within: 5) {
                if responses.isEmpty { break }
                for case .chat(let message) in responses.map(\.body) { look(at: message) }
            }
            #expect(seen.count < count)
            let again = try FramedPeer(port: server.port, nickname: "slow")
            for message in try again.history(since: last) { look(at: message) }
            #expect(seen == (0..<count).map(String.init))
        }
    }
}
