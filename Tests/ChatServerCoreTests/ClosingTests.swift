internal import ChatProtocol
internal import Testing

@testable import ChatServerCore

@Suite("Leaving and closing")
struct ClosingTests {
    @Test(
        "however a connection is lost, the others are told once",
        arguments: [LossReason.peerClosed, .failed, .tooSlow, .silent, .outOfStep, .requested]
    )
    func losses(_ reason: LossReason) {
        var scene = Scene()
        scene.join("ann")
        scene.join("bob")
        scene.clear()
        scene.lose("bob", reason)
        scene.lose("bob", reason)
        #expect(scene.read("ann") == ["INFO 3 bob has disconnected [leave]"])
        #expect(scene.audits.last?.action == .leave)
    }

    @Test("a stranger who goes leaves no trace")
    func stranger() {
        var scene = Scene()
        scene.join("ann")
        scene.clear()
        scene.open("zoe")
        scene.lose("zoe")
        #expect(scene.read("ann").isEmpty)
        #expect(scene.room.greetings.isEmpty)
    }

    @Test("between the last word and the end of a connection nothing is taken from it")
    func lastWords() {
        var scene = Scene()
        scene.join("admin", password: "secret")
        scene.join("ann")
        scene.join("bob")
        scene.closing = .held
        scene.clear()
        scene.send("ann", "DISCON,,")
        for request in ["CHAT,rec=-ALL,hi", "CON,nickname=x1;password=;color=,", "USER,,", "PING,,x", "rubbish"] {
            scene.send("ann", request)
        }
        scene.send("admin", "KICK,user=bob,out")
        scene.send("bob", "KICK,user=admin,out")
        #expect(scene.read("ann") == ["CONFIRM DISCON Disconnected Successfully.", "closed"])
        #expect(
            scene.read("admin") == [
                "INFO 4 ann has disconnected [leave]", "INFO 5 bob has been kicked by admin [kick bob]",
            ]
        )
        scene.lose("ann")
        scene.lose("bob")
        #expect(scene.read("admin").isEmpty)
        #expect(scene.room.departing.isEmpty)
    }

    @Test("everybody is warned before the server closes, and framed clients are told to come back")
    func closing() {
        var scene = Scene()
        scene.join("ann")
        scene.join("olga", .none)
        scene.clear()
        scene.handle(.closing(inSeconds: 5))
        #expect(scene.read("ann") == ["WARN (reconnect 1) The server is closing in 5 seconds."])
        #expect(scene.read("olga") == ["WARN The server is closing in 5 seconds."])
        scene.join("late")
        #expect(scene.read("late") == ["CONVER Error: The server is closing"])
        scene.send("ann", "CHAT,rec=-ALL,bye")
        #expect(scene.read("olga") == ["CHATR ann -> all: bye"])
    }

    @Test(
        "the more there are, the later and the longer they come back",
        arguments: [(0, 1), (199, 1), (200, 2), (10_000, 51), (1_000_000, 60)]
    )
    func returning(count: Int, seconds: Int) {
        #expect(RoomLimits.returnSeconds(of: count) == seconds)
    }

    @Test("those whom a closing server disconnects did not leave")
    func closed() {
        var scene = Scene()
        scene.join("ann")
        scene.join("olga", .none)
        scene.handle(.closing(inSeconds: 0))
        scene.clear()
        scene.lose("ann", .serverClosed)
        #expect(scene.read("olga").isEmpty)
        scene.lose("olga", .serverClosed)
        #expect(scene.store.stored.count == 2)
        #expect(scene.room.members.isEmpty)
    }

    @Test("a connection is opened once")
    func openedTwice() {
        var scene = Scene()
        scene.join("ann")
        scene.handle(.opened(scene.connection("ann"), address: .version4(0x7F00_0001)))
        #expect(scene.room.members.count == 1)
    }
}

@Suite("The user list")
struct PublishedRosterTests {
    private func entry(_ nickname: String) -> UserList.Entry { UserList.Entry(nickname: nickname, color: "#FFF") }

    @Test("is in the order of joining, through any number of comings and goings")
    func order() {
        var roster = PublishedRoster()
        var expected: [String] = []
        for number in 0..<500 {
            roster.apply(.join(ConnectionID(UInt64(number)), entry("user\(number)")))
            expected.append("user\(number)")
            if number.isMultiple(of: 3) {
                let leaver = number / 2
                roster.apply(.leave(ConnectionID(UInt64(leaver))))
                expected.removeAll { $0 == "user\(leaver)" }
            }
            #expect(roster.all().map(\.nickname) == expected)
            #expect(roster.count == expected.count)
        }
        #expect(roster.first(5).map(\.nickname) == Array(expected.prefix(5)))
    }

    @Test("does not mind what it knows nothing of")
    func strangers() {
        var roster = PublishedRoster()
        roster.apply(.leave(ConnectionID(1)))
        roster.apply(.update(ConnectionID(1), entry("ann")))
        #expect(roster.count == 0 && roster.all().isEmpty)
        roster.apply(.join(ConnectionID(1), entry("ann")))
        roster.apply(.join(ConnectionID(1), entry("twice")))
        #expect(roster.all() == [entry("ann")])
    }

    @Test("holds as many users for unframed clients as can fit, and no more")
    func unframedBound() {
        var room = Room()
        let now = Timestamp(unixMilliseconds: 0)
        var effects: [RoomEffect] = []
        for number in 0..<500 {
            let connection = ConnectionID(UInt64(number))
            let login = ConnectRequest(nickname: "ab\(number)", password: "", color: "")
            effects = []
            room.handle(.opened(connection, address: .local), at: now, effects: &effects)
            room.handle(.received(connection, .connect(login)), at: now, effects: &effects)
            room.handle(.stored(count: 1), at: now, effects: &effects)
        }
        guard case .broadcast(let broadcast)? = effects.last, case .users(let list) = broadcast.response.body else {
            Issue.record("no list")
            return
        }
        #expect(broadcast.receivers == .unframed)
        #expect(list.users.count == RoomLimits.unframedUsers)
        #expect(list.users.first?.nickname == "ab0")
    }

    @Test("is sent to unframed clients once for all that one batch changed")
    func coalesced() {
        var scene = Scene()
        scene.join("olga", .none)
        scene.store.pace = .held
        scene.clear()
        for name in ["ann", "bob", "cat"] { scene.join(name) }
        scene.settle()
        #expect(scene.read("olga").filter { $0.hasPrefix("USER") } == ["USER olga ann bob cat; admins admin root"])
    }
}
