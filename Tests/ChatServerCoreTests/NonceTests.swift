internal import ChatProtocol
internal import ChatTestSupport
internal import Testing

@testable import ChatServerCore

@Suite("Messages sent again")
struct NonceTests {
    @Test(
        "a repeat is answered with the same number and not sent twice",
        arguments: ["-ALL", "bob", "BOB", "ann"]
    )
    func repeated(_ recipient: String) {
        var scene = Scene()
        scene.join("ann")
        scene.join("bob")
        scene.send("ann", "CHAT,rec=\(recipient);nonce=n1,hi")
        let answer = scene.read("ann").last
        #expect(answer?.hasPrefix("CHATR 3 ann -> ") == true && answer?.hasSuffix("hi [n1]") == true)
        scene.clear()
        scene.send("ann", "CHAT,rec=\(recipient);nonce=n1,hi")
        #expect(scene.read("ann") == [answer])
        #expect(scene.read("bob").isEmpty)
        #expect(scene.store.stored.count == 3)
    }

    @Test("a repeat is answered with the first one's time")
    func timeOfRepeat() {
        var scene = Scene()
        scene.join("ann")
        scene.send("ann", "CHAT,rec=-ALL;nonce=n1,hi")
        scene.send("ann", "PING,,x")
        scene.send("ann", "CHAT,rec=-ALL;nonce=n1,hi")
        let times = scene.views["ann"]?.responses.filter { if case .chat = $0.body { true } else { false } }.map(\.at)
        #expect(times?.count == 2 && times?.first == times?.last)
    }

    @Test("a repeat is recognized after its sender has come back")
    func afterReconnect() {
        for (nickname, password) in [("zoe", ""), ("mia", "pass")] {
            var scene = Scene()
            scene.join("first", as: nickname, password: password)
            scene.send("first", "CHAT,rec=-ALL;nonce=n1,hi")
            scene.lose("first")
            scene.join("second", as: nickname, password: password)
            scene.clear()
            scene.send("second", "CHAT,rec=-ALL;nonce=n1,hi")
            #expect(scene.read("second") == ["CHATR 2 \(nickname) -> all: hi [n1]"])
            #expect(scene.store.stored.count == 4)
        }
    }

    @Test("a repeat of a private message is answered even if its recipient has gone")
    func recipientGone() {
        var scene = Scene()
        scene.join("ann")
        scene.join("bob")
        scene.send("ann", "CHAT,rec=bob;nonce=n1,hi")
        scene.lose("bob")
        scene.clear()
        scene.send("ann", "CHAT,rec=bob;nonce=n1,hi")
        #expect(scene.read("ann") == ["CHATR 3 ann -> bob: hi [n1]"])
    }

    @Test("a repeat of what is still being stored is answered when it is")
    func pending() {
        var scene = Scene()
        scene.join("ann")
        scene.clear()
        scene.store.pace = .held
        for _ in 1...3 { scene.send("ann", "CHAT,rec=-ALL;nonce=n1,hi") }
        #expect(scene.store.pending.count == 1)
        scene.settle()
        #expect(scene.read("ann") == Array(repeating: "CHATR 2 ann -> all: hi [n1]", count: 3))
    }

    @Test("a repeat of what could not be stored is told so, and may be sent again")
    func pendingFails() {
        var scene = Scene()
        scene.join("ann")
        scene.clear()
        scene.store.pace = .held
        for _ in 1...2 { scene.send("ann", "CHAT,rec=-ALL;nonce=n1,hi") }
        scene.settle(fails: true)
        #expect(scene.read("ann").map { $0.hasPrefix("ERR Error: The message could not be stored") } == [true, true])
        scene.send("ann", "CHAT,rec=-ALL;nonce=n1,hi")
        scene.settle()
        #expect(scene.read("ann") == ["CHATR 3 ann -> all: hi [n1]"])
    }

    @Test("a message that fails after its sender was renamed may be sent again under the new name")
    func failsAfterRename() {
        var scene = Scene()
        scene.join("ann")
        scene.store.pace = .held
        scene.send("ann", "CHAT,rec=-ALL;nonce=n1,hi")
        scene.send("ann", "UPDATE,nickname=anna,")
        scene.settle(1, fails: true)
        scene.settle()
        scene.clear()
        scene.send("ann", "CHAT,rec=-ALL;nonce=n1,hi")
        scene.settle()
        #expect(scene.read("ann") == ["CHATR 4 anna -> all: hi [n1]"])
    }

    @Test("repeats of a message that waits are bounded")
    func boundedRepeats() {
        var scene = Scene()
        scene.join("ann")
        scene.clear()
        scene.store.pace = .held
        for _ in 0...RoomLimits.repeats + 1 { scene.send("ann", "CHAT,rec=-ALL;nonce=n1,hi") }
        scene.settle()
        let lines = scene.read("ann")
        #expect(lines.count == RoomLimits.repeats + 2)
        #expect(lines.last == "ERR Error: The message is still being stored. Please wait.")
    }

    @Test(
        "tags go with the user through a new nickname and a registration",
        arguments: [
            "UPDATE,nickname=anna,", "UPDATE,password=new and more,", "UPDATE,nickname=anna;password=new and more,",
        ]
    )
    func renamed(_ update: String) {
        var scene = Scene()
        scene.join("ann")
        scene.send("ann", "CHAT,rec=-ALL;nonce=n1,hi")
        scene.send("ann", update)
        scene.clear()
        scene.send("ann", "CHAT,rec=-ALL;nonce=n1,hi")
        #expect(scene.read("ann") == ["CHATR 2 ann -> all: hi [n1]"])
    }

    @Test("the same tag is another message with another text, recipient or user")
    func notARepeat() {
        var scene = Scene()
        scene.join("ann")
        scene.join("bob")
        for (sender, message) in [
            ("ann", "CHAT,rec=-ALL;nonce=n1,hi"), ("ann", "CHAT,rec=-ALL;nonce=n1,ho"),
            ("ann", "CHAT,rec=bob;nonce=n1,ho"), ("bob", "CHAT,rec=bob;nonce=n1,ho"),
            ("bob", "CHAT,rec=bob,ho"), ("bob", "CHAT,rec=bob,ho"),
        ] {
            scene.send(sender, message)
        }
        let untagged = ChatRequest(recipient: .everyone, nonce: "", text: "hi")
        for _ in 1...2 { scene.receive("bob", .chat(untagged)) }
        #expect(scene.store.stored.count == 2 + 8)
    }

    @Test("a tag that is too long is an error")
    func longTag() {
        var scene = Scene()
        scene.join("ann")
        scene.clear()
        for excess in 0...1 {
            let tag = String(repeating: "n", count: Limits.nonceBytes + excess)
            scene.receive("ann", .chat(ChatRequest(recipient: .everyone, nonce: tag, text: "hi")))
        }
        #expect(scene.read("ann").last == "ERR Error: nonce is longer than 64 bytes.")
        #expect(scene.store.stored.count == 2)
    }

    @Test("a message of before the server's restart is recognized, too")
    func recalled() {
        var before = Scene()
        before.join("ann")
        before.join("mia", password: "pass")
        before.send("ann", "CHAT,rec=mia;nonce=n1,hi")
        before.send("mia", "CHAT,rec=-ALL;nonce=n2,hi")
        var scene = Scene(configuration: RoomConfiguration(nextMessageID: MessageID(5)))
        scene.recall(before.store.stored)
        scene.join("ann")
        scene.join("mia", password: "pass")
        scene.clear()
        scene.send("ann", "CHAT,rec=MIA;nonce=n1,hi")
        scene.send("mia", "CHAT,rec=-ALL;nonce=n2,hi")
        #expect(scene.read("ann") == ["CHATR 3 ann -> mia: hi [n1]"])
        #expect(scene.read("mia") == ["CHATR 4 mia -> all: hi [n2]"])
        #expect(scene.store.stored.count == 2)
    }

    @Test("the record that is stored says whose the tag is")
    func recordCarriesNonce() {
        var scene = Scene()
        scene.join("ann")
        scene.join("mia", password: "pass")
        scene.send("ann", "CHAT,rec=-ALL;nonce=n1,hi")
        scene.send("mia", "CHAT,rec=-ALL;nonce=n2,hi")
        scene.send("mia", "CHAT,rec=-ALL,hi")
        #expect(
            scene.store.stored.suffix(3).map(\.nonce) == [
                Nonce(owner: .guest(NicknameKey("ann")), tag: "n1"),
                Nonce(owner: .account(AccountID(3)), tag: "n2"),
                nil,
            ]
        )
    }
}

@Suite("The table of tags")
struct NonceTableTests {
    private func entry(_ number: Int64) -> NonceTable.Entry {
        NonceTable.Entry(
            id: MessageID(number),
            moment: Timestamp(unixMilliseconds: number),
            sender: "ann",
            recipient: .everyone,
            color: "#FFF",
            fingerprint: 7
        )
    }

    private func nonce(_ owner: String, _ number: Int) -> Nonce {
        Nonce(owner: .guest(NicknameKey(owner)), tag: "\(number)")
    }

    @Test("remembers at least the last 256 of one user, and is bounded")
    func oneUser() {
        var table = NonceTable()
        for number in 0..<100_000 {
            _ = table.insert(entry(Int64(number)), for: nonce("ann", number))
        }
        for number in 99_744..<100_000 {
            #expect(table.entry(for: nonce("ann", number), fingerprint: 7)?.id.number == Int64(number))
        }
        #expect(table.entry(for: nonce("ann", 0), fingerprint: 7) == nil)
        #expect(table.audit.isConsistent)
        #expect(table.audit.count < 2 * RoomLimits.noncesPerOwner)
    }

    @Test("does not forget others because of one busy user")
    func busyUser() {
        var table = NonceTable()
        _ = table.insert(entry(1), for: nonce("bob", 1))
        for number in 0..<150_000 { _ = table.insert(entry(Int64(number)), for: nonce("ann", number)) }
        #expect(table.entry(for: nonce("bob", 1), fingerprint: 7) != nil)
    }

    @Test("forgets who has long been silent before it grows over its bound")
    func manyUsers() {
        var table = NonceTable()
        for number in 0..<150_000 {
            _ = table.insert(entry(Int64(number)), for: nonce("user\(number)", number))
            if number.isMultiple(of: 50_000) { #expect(table.audit.isConsistent) }
        }
        #expect(table.audit.count <= 2 * RoomLimits.nonces)
        #expect(table.entry(for: nonce("user0", 0), fingerprint: 7) == nil)
        #expect(table.entry(for: nonce("user149999", 149_999), fingerprint: 7) != nil)
    }

    @Test("keeps no trace of what was forgotten")
    func forgotten() {
        var table = NonceTable()
        for number in 0..<1000 {
            let ledger = table.insert(entry(Int64(number)), for: nonce("user\(number)", 1))
            table.remove("1", from: ledger, ifFor: MessageID(Int64(number)))
        }
        #expect(table.audit.count == 0)
        #expect(table.audit.isConsistent)
    }

    @Test("keeps its books under any sequence of changes", arguments: 1...10)
    func anySequence(_ seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        var table = NonceTable()
        var ledgers: [(NonceTable.LedgerID, String, MessageID)] = []
        for number in 0..<5000 {
            let owner = "user\(Int.random(in: 0..<8, using: &generator))"
            switch Int.random(in: 0..<10, using: &generator) {
            case 0:
                let other = "user\(Int.random(in: 0..<8, using: &generator))"
                table.move(from: .guest(NicknameKey(owner)), to: .guest(NicknameKey(other)))
            case 1:
                guard let (ledger, tag, id) = ledgers.randomElement(using: &generator) else { continue }
                table.remove(tag, from: ledger, ifFor: id)
            default:
                let nonce = nonce(owner, Int.random(in: 0..<600, using: &generator))
                ledgers.append((table.insert(entry(Int64(number)), for: nonce), nonce.tag, MessageID(Int64(number))))
                #expect(table.entry(for: nonce, fingerprint: 7)?.id.number == Int64(number))
                #expect(table.entry(for: nonce, fingerprint: 8) == nil)
            }
            if !table.audit.isConsistent { Issue.record("inconsistent after \(number)") }
        }
    }
}
