internal import ChatProtocol
internal import Testing

@testable import ChatServerCore

@Suite("History")
struct HistoryTests {
    /// A room in which ann has said 1 to 150; what she sees is empty.
    private func longRoom(_ framing: Framing) -> Scene {
        var scene = Scene()
        scene.join("ann", framing)
        for number in 1...150 { scene.send("ann", "CHAT,rec=-ALL,\(number)") }
        scene.clear()
        return scene
    }

    @Test(
        "a framed client gets the part it asks for",
        arguments: [
            ("REF,,", 52...151, true),
            ("REF,limit=5,", 147...151, true),
            ("REF,limit=0,", 151...151, true),
            ("REF,limit=100000,", 1...151, false),
            ("REF,since=148,", 149...151, false),
            ("REF,since=10;limit=3,", 11...13, true),
            ("REF,before=10;limit=3,", 7...9, true),
            ("REF,before=3;limit=3,", 1...2, false),
            ("REF,since=3;before=6,", 4...5, false),
        ]
    )
    func framed(_ request: String, _ ids: ClosedRange<Int64>, _ more: Bool) {
        var scene = longRoom(.netstring)
        scene.send("ann", request)
        let responses = scene.views["ann"]?.responses.suffix(ids.count) ?? []
        #expect(responses.compactMap { $0.id?.number } == Array(ids))
        #expect(scene.read("ann").first == "CONFIRM REF Resending messages... [\(more ? "more" : "no more")]")
    }

    @Test("a framed client can't get more than the limit at once")
    func maximum() {
        var scene = longRoom(.netstring)
        for number in 151...1200 { scene.send("ann", "CHAT,rec=-ALL,\(number)") }
        scene.clear()
        scene.send("ann", "REF,limit=5000,")
        #expect(scene.read("ann").count == 1 + Limits.framedHistoryMaximum)
    }

    @Test("an unframed client gets the last 21, whatever keys it sends", arguments: ["REF,,", "REF,since=1;limit=3,"])
    func unframed(_ request: String) {
        var scene = longRoom(.none)
        scene.send("ann", request)
        let lines = scene.read("ann")
        #expect(lines.count == 22)
        #expect(lines.first == "CONFIRM REF Resending messages...")
        #expect(lines.dropFirst().first == "CHATR ann -> all: 130")
        #expect(lines.last == "CHATR ann -> all: 150")
    }

    @Test("the last 21 are the last 21, however many came and went among them")
    func unframedInfos() {
        var scene = longRoom(.none)
        for number in 0..<15 { scene.join("guest\(number)") }
        scene.clear()
        scene.send("ann", "REF,,")
        let lines = scene.read("ann")
        #expect(lines.count == 22)
        #expect(lines.count { $0.hasPrefix("INFO") } == 15)
        #expect(lines.dropFirst().first == "CHATR ann -> all: 145")
    }

    @Test("what is sent again has its first time")
    func firstTime() {
        var scene = Scene()
        scene.join("ann")
        scene.send("ann", "CHAT,rec=-ALL,hi")
        scene.send("ann", "REF,,")
        let times = scene.views["ann"]?.responses.filter { if case .chat = $0.body { true } else { false } }.map(\.at)
        #expect(times?.count == 2 && times?.first == times?.last)
    }

    @Test("a private message is sent again to its two ends alone", arguments: framings)
    func privacy(_ framing: Framing) {
        var scene = Scene()
        for label in ["ann", "bob", "eve"] { scene.join(label, framing) }
        scene.send("ann", "CHAT,rec=bob,psst")
        scene.clear()
        for (label, isMeant) in [("ann", true), ("bob", true), ("eve", false)] {
            scene.send(label, "REF,,")
            #expect(scene.read(label).contains { $0.hasSuffix("psst") } == isMeant, "\(label)")
        }
    }

    @Test("a registered user's private messages are there after the next login, a guest's are not")
    func privacyAfterReturn() {
        var scene = Scene()
        scene.join("ann")
        scene.join("mia", password: "pass")
        scene.send("ann", "CHAT,rec=mia,psst")
        scene.lose("ann")
        scene.lose("mia")
        scene.join("ann2", as: "ann")
        scene.join("mia2", as: "mia", password: "pass")
        scene.clear()
        for (label, isMeant) in [("ann2", false), ("mia2", true)] {
            scene.send(label, "REF,,")
            #expect(scene.read(label).contains { $0.hasSuffix("psst") } == isMeant, "\(label)")
        }
    }

    @Test("the room shows nobody what a store should not have found")
    func careless() {
        var scene = Scene()
        scene.join("ann")
        scene.join("bob")
        scene.store.reading = .held
        scene.send("ann", "CHAT,rec=bob,psst")
        let secret = scene.store.stored.suffix(1)
        scene.join("eve")
        scene.send("eve", "REF,,")
        scene.clear()
        scene.handle(.history(scene.connection("eve"), Array(secret), more: false))
        #expect(scene.read("eve") == ["CONFIRM REF Resending messages... [no more]"])
    }

    @Test("a guest's connection of an earlier run is somebody else's")
    func earlierRun() {
        var scene = Scene(configuration: RoomConfiguration(nextMessageID: MessageID(100)))
        scene.join("ann")
        scene.store.reading = .held
        scene.send("ann", "REF,,")
        scene.clear()
        let message = ChatMessage(id: MessageID(50), sender: "x", recipient: .user("y"), color: "#FFF", text: "psst")
        let old = HistoryRecord(
            id: MessageID(50),
            moment: Timestamp(unixMilliseconds: 0),
            visibility: .between(.guest(scene.connection("ann")), .account(AccountID(1))),
            content: .chat(message)
        )
        scene.handle(.history(scene.connection("ann"), [old], more: false))
        #expect(scene.read("ann") == ["CONFIRM REF Resending messages... [no more]"])
    }

    // MARK: While the store reads

    @Test("of what is stored but not yet published nothing is sent: it comes by itself", arguments: framings)
    func notAhead(_ framing: Framing) {
        var scene = Scene()
        scene.join("ann", framing)
        scene.store.pace = .held
        scene.store.reading = .held
        scene.send("ann", "CHAT,rec=-ALL,one")
        let answer = scene.store.settle(1)
        scene.send("ann", "REF,,")
        scene.clear()
        scene.finishLookUps()
        #expect(!scene.read("ann").contains { $0.hasSuffix("one") })
        for event in answer { scene.handle(event) }
        #expect(scene.read("ann").filter { $0.hasSuffix("one") }.count == 1)
    }

    @Test("an unframed client also gets what was said while the store was reading")
    func saidMeanwhile() {
        var scene = longRoom(.none)
        scene.join("bob")
        scene.store.reading = .held
        scene.send("ann", "REF,,")
        scene.send("ann", "CHAT,rec=-ALL,meanwhile")
        scene.send("bob", "CHAT,rec=bob,private to bob")
        scene.clear()
        scene.finishLookUps()
        let lines = scene.read("ann")
        #expect(lines.count == 22)
        #expect(lines.suffix(2) == ["INFO bob has joined the chat!", "CHATR ann -> all: meanwhile"])
        #expect(scene.room.recentRecords.isEmpty)
    }

    @Test("what is kept for that is bounded, and let go when the asker goes")
    func recentRecords() {
        var scene = longRoom(.none)
        scene.store.reading = .held
        scene.send("ann", "REF,,")
        for number in 1...1000 { scene.send("ann", "CHAT,rec=-ALL,\(number)") }
        #expect(scene.room.recentRecords.count == RoomLimits.recentRecords)
        scene.lose("ann")
        #expect(scene.room.recentRecords.isEmpty)
        scene.finishLookUps()
    }

    @Test("refreshes under way are bounded for each connection", arguments: framings)
    func bounded(_ framing: Framing) {
        var scene = Scene()
        scene.join("ann", framing)
        scene.store.reading = .held
        scene.clear()
        for _ in 0...RoomLimits.refreshesInFlight { scene.send("ann", "REF,,") }
        #expect(scene.read("ann") == ["CONFIRM REF Error: Too many refreshes at once, please wait."])
        scene.finishLookUps()
        scene.clear()
        scene.send("ann", "REF,,")
        scene.finishLookUps()
        #expect(scene.read("ann").first?.hasPrefix("CONFIRM REF Resending") == true)
    }

    @Test("a store that can't read is said so")
    func failure() {
        var scene = Scene()
        scene.join("ann")
        scene.store.reading = .held
        scene.send("ann", "REF,,")
        scene.clear()
        scene.handle(.historyFailed(scene.connection("ann")))
        #expect(scene.read("ann") == ["CONFIRM REF Error: The history could not be read, please try again."])
    }

    @Test("numbers go on from those of the run before")
    func firstNumber() {
        var scene = Scene(configuration: RoomConfiguration(nextMessageID: MessageID(1000)))
        scene.join("ann")
        #expect(scene.store.stored.map(\.id.number) == [1000])
    }
}
