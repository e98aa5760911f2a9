internal import ChatProtocol
internal import ChatTestSupport
internal import Foundation
internal import Testing

extension EndToEnd {
    /// A server that is killed in the middle of it, again and again.
    @Suite("Kill -9")
    struct KillTests {
        /// What one user sent and saw.
        private struct Talker {
            let name: String
            /// What was said under which tag and not answered yet, in order.
            var outbox: [(nonce: String, text: String)] = []
            var said = 0
            /// The tags of what it says again in the present round.
            var repeated: Set<String> = []
            /// What it saw in the present round, in order, without the answers to those.
            var ids: [Int64] = []

            /// Says everything that was not answered again, and something new.
            mutating func talk(to peer: FramedPeer, new count: Int) {
                // If it was stored before the kill, and nobody saw it, the answer
                // carries its first number: it is where it was in the order.
                repeated = Set(outbox.map(\.nonce))
                for _ in 0..<count {
                    said += 1
                    outbox.append((nonce: "\(name)-nonce-\(said)", text: "\(name) says \(said)"))
                }
                for message in outbox.suffix(max(count, outbox.count)) {
                    peer.send(.chat(ChatRequest(recipient: .everyone, nonce: message.nonce, text: message.text)))
                }
            }
        }

        @Test("50 kills under load: what anyone saw is in the history once, in the order that all saw")
        func kills() throws {
            let home = try ScratchFolder()
            var generator = SeededGenerator(seed: 50)
            var talkers = [Talker(name: "ann"), Talker(name: "bob"), Talker(name: "cid")]
            var seen: [Int64: String] = [:]
            var answered: Set<String> = []
            for round in 1...50 {
                // Many more messages at once than anybody may send.
                let server = try RunningServer(arguments: ["--no-limits"], home: home)
                let peers = try talkers.map { try FramedPeer(port: server.port, nickname: $0.name) }
                let newest = seen.keys.max() ?? 0
                for index in talkers.indices {
                    talkers[index].ids = []
                    talkers[index].talk(to: peers[index], new: 40)
                }
                // Every third time before anybody can have seen anything; else once so
                // many have been answered, with as many again on their way.
                var answersToKill = round.isMultiple(of: 3) ? 0 : Int.random(in: 1...100, using: &generator)
                if answersToKill == 0 { server.process.signal(SIGKILL) }
                var open = Dictionary(uniqueKeysWithValues: zip(talkers.indices, peers))
                while !open.isEmpty {
                    for index in try FramedPeer.readable(of: open) {
                        guard let responses = try open[index]?.receive() else {
                            open[index] = nil
                            continue
                        }
                        for case .chat(let message) in responses.map(\.body) {
                            let id = try #require(message.id?.number)
                            if message.nonce.map(talkers[index].repeated.contains) != true {
                                talkers[index].ids.append(id)
                            }
                            #expect(seen[id, default: message.text] == message.text)
                            seen[id] = message.text
                            guard let nonce = message.nonce else { continue }
                            answered.insert(message.text)
                            talkers[index].outbox.removeAll { $0.nonce == nonce }
                            answersToKill -= 1
                            if answersToKill == 0 { server.process.signal(SIGKILL) }
                        }
                    }
                }
                try server.process.end()
                for talker in talkers {
                    #expect(talker.ids.allSatisfy { $0 > newest })
                    #expect(zip(talker.ids, talker.ids.dropFirst()).allSatisfy(<))
                }
            }
            // Otherwise nothing was tested.
            #expect(answered.count > 1000)

            let server = try RunningServer(home: home)
            let history = try FramedPeer(port: server.port, nickname: "reader").history()
            let ids = history.compactMap(\.id?.number)
            #expect(zip(ids, ids.dropFirst()).allSatisfy(<))
            let kept = Dictionary(uniqueKeysWithValues: zip(ids, history.map(\.text)))
            #expect(seen.allSatisfy { kept[$0.key] == $0.value })
            #expect(Set(history.map(\.text)).count == history.count)
            #expect(answered.isSubset(of: history.map(\.text)))
        }
    }
}
