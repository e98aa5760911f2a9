internal import ChatProtocol
internal import Testing

@testable import ChatServerCore

/// What happens while messages wait for the store.
@Suite("Order")
struct RaceTests {
    /// A room with ann and bob whose store holds everything from now on.
    private func heldRoom() -> Scene {
        var scene = Scene()
        scene.join("ann")
        scene.join("bob")
        scene.clear()
        scene.store.pace = .held
        return scene
    }

    @Test("nobody sees a message before it is stored, its sender neither")
    func storedFirst() {
        var scene = heldRoom()
        scene.send("ann", "CHAT,rec=-ALL;nonce=n1,one")
        scene.send("bob", "CHAT,rec=ann;nonce=n2,two")
        #expect(scene.read("ann").isEmpty)
        #expect(scene.read("bob").isEmpty)
        scene.settle()
        #expect(scene.read("ann") == ["CHATR 3 ann -> all: one [n1]", "CHATR 4 bob -> ann: two"])
        #expect(scene.read("bob") == ["CHATR 3 ann -> all: one", "CHATR 4 bob -> ann: two [n2]"])
    }

    @Test("a joiner's CONVER waits for what was said before")
    func joinBehindMessages() {
        var scene = heldRoom()
        scene.send("ann", "CHAT,rec=-ALL,before")
        scene.join("carol", color: "#00F")
        scene.send("ann", "CHAT,rec=-ALL,after")
        #expect(scene.read("carol").isEmpty)
        scene.settle(1)
        #expect(scene.read("carol") == ["CONVER OK, framed"])
        #expect(scene.read("ann") == ["CHATR 3 ann -> all: before"])
        scene.settle()
        #expect(
            scene.read("carol") == [
                "INFO 4 carol has joined the chat! [join #00F]",
                "CHATR 5 ann -> all: after",
                "USER ann#FFFFFF bob#FFFFFF carol#00F; admins admin root",
            ]
        )
    }

    @Test("a first USER list fits between the INFOs around it")
    func listBetweenInfos() {
        var scene = heldRoom()
        scene.join("carol")
        scene.send("bob", "UPDATE,nickname=rob,")
        scene.lose("ann")
        scene.settle(1)
        #expect(
            scene.read("carol") == [
                "CONVER OK, framed",
                "INFO 3 carol has joined the chat! [join #FFFFFF]",
                "USER ann#FFFFFF bob#FFFFFF carol#FFFFFF; admins admin root",
            ]
        )
        scene.settle()
        #expect(
            scene.read("carol") == [
                "INFO 4 bob's name changed to rob [update from bob #FFFFFF]",
                "INFO 5 ann has disconnected [leave]",
            ]
        )
        scene.send("carol", "USER,,")
        #expect(scene.read("carol") == ["USER rob#FFFFFF carol#FFFFFF; admins admin root"])
    }

    @Test("a list that is asked for fits between the INFOs around it, too")
    func requestedListBetweenInfos() {
        var scene = heldRoom()
        scene.join("carol")
        scene.settle()
        scene.clear()
        scene.lose("ann")
        scene.send("bob", "USER,,")
        scene.lose("carol")
        scene.settle()
        #expect(
            scene.read("bob") == [
                "INFO 4 ann has disconnected [leave]",
                "USER bob#FFFFFF carol#FFFFFF; admins admin root",
                "INFO 5 carol has disconnected [leave]",
            ]
        )
    }

    @Test("who leaves sees what was said before, then the confirmation, then nothing")
    func leaveBehindMessages() {
        var scene = heldRoom()
        scene.send("ann", "CHAT,rec=-ALL;nonce=n1,last words")
        scene.send("ann", "DISCON,,")
        scene.send("ann", "CHAT,rec=-ALL,too late")
        scene.send("bob", "CHAT,rec=-ALL,bye")
        scene.settle()
        #expect(
            scene.read("ann") == [
                "CHATR 3 ann -> all: last words [n1]",
                "CONFIRM DISCON Disconnected Successfully.",
                "closed",
            ]
        )
        #expect(
            scene.read("bob") == [
                "CHATR 3 ann -> all: last words",
                "INFO 4 ann has disconnected [leave]",
                "CHATR 5 bob -> all: bye",
            ]
        )
    }

    @Test("who is kicked sees what was said before, then why, then nothing")
    func kickBehindMessages() {
        var scene = heldRoom()
        scene.store.pace = .immediate
        scene.join("admin", password: "secret")
        scene.clear()
        scene.store.pace = .held
        scene.send("bob", "CHAT,rec=-ALL,spam")
        scene.send("admin", "KICK,user=bob,stop")
        scene.send("bob", "CHAT,rec=-ALL,more spam")
        scene.send("admin", "KICK,user=bob,again")
        scene.settle()
        #expect(
            scene.read("bob") == [
                "CHATR 4 bob -> all: spam",
                "WARN You have been kicked for reason: stop",
                "closed",
            ]
        )
        #expect(
            scene.read("admin") == [
                "CHATR 4 bob -> all: spam",
                "INFO 5 bob has been kicked by admin [kick bob]",
                "ERR Error: bob is not in the chat.",
            ]
        )
    }

    @Test("a message keeps the name under which it was said")
    func renameBehindMessages() {
        var scene = heldRoom()
        scene.send("ann", "CHAT,rec=-ALL,as ann")
        scene.send("ann", "UPDATE,nickname=anna,")
        scene.send("ann", "CHAT,rec=-ALL,as anna")
        scene.settle()
        #expect(
            scene.read("bob") == [
                "CHATR 3 ann -> all: as ann",
                "INFO 4 ann's name changed to anna [update from ann #FFFFFF]",
                "CHATR 5 anna -> all: as anna",
            ]
        )
        #expect(
            scene.read("ann") == [
                "CHATR 3 ann -> all: as ann",
                "CONFIRM UPDATE OK",
                "INFO 4 ann's name changed to anna [update from ann #FFFFFF]",
                "CHATR 5 anna -> all: as anna",
            ]
        )
    }

    @Test("a private message goes to whom it was meant for, not to the next with that nickname")
    func nextHolder() {
        var scene = heldRoom()
        scene.send("ann", "CHAT,rec=bob;nonce=n1,for the first bob")
        scene.lose("bob")
        scene.join("bob2", as: "bob")
        scene.settle()
        #expect(scene.read("ann").first == "CHATR 3 ann -> bob: for the first bob [n1]")
        #expect(!scene.read("bob2").contains { $0.contains("first bob") })
        scene.send("bob2", "REF,,")
        #expect(!scene.read("bob2").contains { $0.contains("first bob") })
    }

    @Test("a renamed recipient still gets the message")
    func renamedRecipient() {
        var scene = heldRoom()
        scene.send("ann", "CHAT,rec=bob,psst")
        scene.send("bob", "UPDATE,nickname=rob,")
        scene.settle()
        #expect(scene.read("bob").first == "CHATR 3 ann -> bob: psst")
    }

    @Test("answers come in the order of the requests, but for a sign of life")
    func orderOfAnswers() {
        var scene = heldRoom()
        scene.send("ann", "CHAT,rec=-ALL;nonce=n1,one")
        scene.send("ann", "CHAT,rec=nobody;nonce=n2,two")
        scene.send("ann", "UPDATE,color=nope,")
        scene.send("ann", "USER,,")
        scene.send("ann", "PING,,x")
        scene.send("ann", "CHAT,rec=-ALL;nonce=n3,three")
        scene.settle()
        #expect(
            scene.read("ann") == [
                "PONG x",
                "CHATR 3 ann -> all: one [n1]",
                "ERR Error: nobody Unrecognized recipient.",
                "CONFIRM UPDATE Error: Color not recognized as Hex color.",
                "USER ann#FFFFFF bob#FFFFFF; admins admin root",
                "CHATR 4 ann -> all: three [n3]",
            ]
        )
    }

    // MARK: Before the CONVER is out

    @Test("a request that comes before its CONVER is answered after it")
    func earlyRequest() {
        var scene = heldRoom()
        scene.send("ann", "CHAT,rec=-ALL,one")
        scene.join("carol", .none)
        scene.send("carol", "CHAT,rec=-ALL,early")
        scene.send("carol", "rubbish")
        scene.send("carol", "PING,,x")
        #expect(scene.read("carol").isEmpty)
        scene.settle()
        #expect(
            scene.read("carol") == [
                "CONVER OK",
                "INFO carol has joined the chat!",
                "PONG x",
                "USER ann bob carol; admins admin root",
            ]
        )
        scene.settle()
        #expect(
            scene.read("carol") == [
                "CHATR carol -> all: early",
                "ERR Error: The message ends before its second comma.",
            ]
        )
    }

    @Test("too many of them end the connection")
    func tooManyEarlyRequests() {
        var scene = heldRoom()
        scene.send("ann", "CHAT,rec=-ALL,one")
        scene.join("carol")
        for number in 0...RoomLimits.deferredRequests { scene.send("carol", "PING,,\(number)") }
        scene.settle()
        scene.settle()
        let lines = scene.read("carol")
        #expect(lines.suffix(2) == ["WARN Too many requests before the login was answered.", "closed"])
        #expect(scene.read("bob").last == "INFO 5 carol has disconnected [leave]")
    }

    @Test(
        "a connection can vanish at any point of joining",
        arguments: 0...3
    )
    func vanishingJoiner(_ settled: Int) {
        var scene = heldRoom()
        scene.send("ann", "CHAT,rec=-ALL,one")
        scene.join("carol")
        scene.send("ann", "CHAT,rec=carol,two")
        scene.settle(settled)
        scene.lose("carol")
        scene.settle()
        #expect(
            scene.read("bob") == [
                "CHATR 3 ann -> all: one",
                "INFO 4 carol has joined the chat! [join #FFFFFF]",
                "INFO 6 carol has disconnected [leave]",
            ]
        )
        #expect(scene.room.members.count == 2)
    }

    @Test("a joiner can be kicked before the CONVER is out")
    func kickedJoiner() {
        var scene = Scene()
        scene.join("admin", password: "secret")
        scene.store.pace = .held
        scene.send("admin", "CHAT,rec=-ALL,one")
        scene.join("carol")
        scene.send("admin", "KICK,user=carol,no")
        scene.settle()
        #expect(
            scene.read("carol") == [
                "CONVER OK, framed",
                "INFO 3 carol has joined the chat! [join #FFFFFF]",
                "WARN You have been kicked for reason: no",
                "closed",
            ]
        )
    }

    @Test("a nickname is free as soon as its holder goes, in that order for all")
    func handOver() {
        var scene = heldRoom()
        scene.send("bob", "DISCON,,")
        scene.join("bob2", as: "BOB")
        scene.settle()
        #expect(
            scene.read("ann") == [
                "INFO 3 bob has disconnected [leave]",
                "INFO 4 BOB has joined the chat! [join #FFFFFF]",
            ]
        )
        scene.send("ann", "USER,,")
        #expect(scene.read("ann") == ["USER ann#FFFFFF BOB#FFFFFF; admins admin root"])
    }

    // MARK: The store fails

    @Test("a message that can't be stored is sent to nobody, and its sender is told")
    func failedMessage() {
        var scene = heldRoom()
        scene.send("ann", "CHAT,rec=-ALL;nonce=n1,one")
        scene.send("bob", "CHAT,rec=-ALL;nonce=n2,two")
        scene.settle(1, fails: true)
        scene.settle()
        let error = "ERR Error: The message could not be stored and was not sent. Please try again."
        #expect(scene.read("ann") == [error, "CHATR 4 bob -> all: two"])
        #expect(scene.read("bob") == ["CHATR 4 bob -> all: two [n2]"])
        scene.send("ann", "CHAT,rec=-ALL;nonce=n1,one")
        scene.settle()
        #expect(scene.read("ann") == ["CHATR 5 ann -> all: one [n1]"])
    }

    @Test("what happened to a user is told all the same, without a number")
    func failedInfo() {
        var scene = heldRoom()
        scene.join("carol")
        scene.settle(fails: true)
        #expect(scene.read("ann") == ["INFO - carol has joined the chat! [join #FFFFFF]"])
        #expect(
            scene.read("carol") == [
                "CONVER OK, framed",
                "INFO - carol has joined the chat! [join #FFFFFF]",
                "USER ann#FFFFFF bob#FFFFFF carol#FFFFFF; admins admin root",
            ]
        )
    }

    @Test("while too much waits for the store, messages and updates are refused")
    func fullQueue() {
        var configuration = RoomConfiguration()
        configuration.maximumPendingMessages = 3
        var scene = Scene(configuration: configuration)
        scene.join("ann")
        scene.clear()
        scene.store.pace = .held
        for number in 1...4 { scene.send("ann", "CHAT,rec=-ALL,\(number)") }
        scene.send("ann", "UPDATE,nickname=anna,")
        // One may always leave.
        scene.send("ann", "DISCON,,")
        scene.settle()
        #expect(
            scene.read("ann") == [
                "CHATR 2 ann -> all: 1", "CHATR 3 ann -> all: 2", "CHATR 4 ann -> all: 3",
                "ERR Error: The server is busy: the message was not stored and not sent. Please try again.",
                "CONFIRM UPDATE Error: The server is busy, please try again.",
                "CONFIRM DISCON Disconnected Successfully.", "closed",
            ]
        )
    }

    @Test("texts that wait for the store are bounded in bytes, too")
    func fullQueueOfBytes() {
        var configuration = RoomConfiguration()
        configuration.maximumPendingBytes = 1000
        var scene = Scene(configuration: configuration)
        scene.join("ann")
        scene.clear()
        scene.store.pace = .held
        for _ in 1...3 { scene.send("ann", "CHAT,rec=-ALL," + String(repeating: "x", count: 600)) }
        scene.settle()
        #expect(scene.read("ann").map { $0.prefix(5) } == ["CHATR", "CHATR", "ERR E"])
    }

    @Test("answers that wait for the store can't be made to pile up")
    func answersOutOfOrder() {
        var configuration = RoomConfiguration()
        configuration.maximumPendingMessages = 2
        var scene = Scene(configuration: configuration)
        scene.join("ann")
        scene.clear()
        scene.store.pace = .held
        for number in 1...100 { scene.send("ann", "CHAT,rec=nobody,\(number)") }
        scene.send("ann", "CHAT,rec=-ALL,x")
        for number in 1...100 { scene.send("ann", "CHAT,rec=nobody,\(number)") }
        #expect(scene.room.queue.count <= 5)
        scene.settle()
        #expect(scene.read("ann").count == 201)
    }
}
