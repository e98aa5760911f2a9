internal import ChatProtocol
internal import ChatTestSupport
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

        @Test("in plain text a connection takes 16 kB, and thousands listen while others come and talk")
        func thousands() throws {
            let server = try RunningServer(arguments: ["--no-limits"], home: home)
            let crowd = Crowd(port: server.port)
            func grow(by count: Int) throws {
                let wanted = crowd.admitted + count
                try crowd.grow(by: count)
                try crowd.listen(until: { crowd.admitted == wanted }, "only \(crowd.admitted) of \(wanted) got in")
            }
            try grow(by: 10)
            let before = try server.process.residentKilobytes()
            // More than the system gives a program without its asking.
            let count = 2000
            try grow(by: count)
            func expectMemory() throws {
                let kilobytes = try server.process.residentKilobytes() - before
                #expect(kilobytes < count * 16, "\(kilobytes) kB for \(count)")
            }
            try expectMemory()

            let ann = try FramedPeer(port: server.port, nickname: "ann")
            var visitors: [FramedPeer] = []
            for number in 1...5 {
                // Others come all the time. They stay, or the words would not be the last.
                for visit in 1...4 {
                    visitors.append(try FramedPeer(port: server.port, nickname: "visitor\(number)x\(visit)"))
                }
                let words = "word \(number) to everybody"
                ann.say(words)
                try crowd.listen(
                    until: { crowd.count(whoseLastWords: words + ",") == crowd.admitted },
                    "only \(crowd.count(whoseLastWords: words + ",")) heard \(words)"
                )
            }
            // Old programs find their way in, too.
            #expect(try RawPeer(port: server.port).logIn("old") == "OK")
            #expect(crowd.gone == 0)
            try expectMemory()
        }

        @Test("with TLS a connection takes 40 kB, however many have come since")
        func encrypted() throws {
            let server = try RunningServer(arguments: ["--no-limits", "--ephemeral"], home: home)
            let crowd = try EncryptedCrowd(port: server.port)
            try crowd.grow(by: 10)
            let before = try server.process.residentKilobytes()
            try crowd.grow(by: 500)
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
                talker.say("\(number) \(filling)")
                // Whoever reads gets each message, whatever the slow one does.
                for peer in [fast, talker] { try peer.waitForMessage("\(number) ") }
            }
            var last = MessageID(0)
            var seen: [String] = []
            func look(at message: ChatMessage) {
                guard let id = message.id, id > last else { return }
                last = id
                seen.append(String(message.text.prefix { $0 != " " }))
            }
            for case .chat(let message) in try slow.receiveRest().map(\.body) { look(at: message) }
            #expect(seen.count < count)
            let again = try FramedPeer(port: server.port, nickname: "slow")
            for message in try again.history(since: last) { look(at: message) }
            #expect(seen == (0..<count).map(String.init))
        }
    }
}
