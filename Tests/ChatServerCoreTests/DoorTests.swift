internal import ChatProtocol
internal import Testing

@testable import ChatServerCore

private let here = NetworkAddress.version4(0xC000_0201)
private let there = NetworkAddress.version4(0xC633_6401)

@Suite("Guessing at the door")
struct DoorTests {
    @Test("wrong passwords cost an address its tries, over any number of connections")
    func perAddress() {
        var scene = Scene()
        for number in 0..<5 {
            scene.join("g\(number)", as: "mia", password: "wrong", from: here)
            #expect(scene.read("g\(number)") == ["CONVER Error: User is a registered user"])
        }
        #expect(scene.accounts.verifications == 5)
        // The right one, too, and without being looked at.
        scene.join("late", as: "mia", password: "pass", from: here)
        #expect(scene.read("late") == ["CONVER Error: Too many wrong passwords. Please try again in 30 s"])
        #expect(scene.accounts.verifications == 5)
        // The owner, elsewhere, does not notice; nor do guests.
        scene.join("mia", password: "pass", from: there)
        #expect(scene.read("mia").first == "CONVER OK, framed")
        scene.join("ann", from: here)
        #expect(scene.read("ann").first == "CONVER OK, framed")
        scene.wait(seconds: 30)
        scene.join("later", as: "root", password: "toor", from: here)
        #expect(scene.read("later").first == "CONVER OK, framed")
    }

    @Test("a password that could not be compared, or was right, costs nothing")
    func refunds() {
        var scene = Scene()
        scene.accounts.verifying = .held
        for number in 0..<10 {
            scene.join("g\(number)", as: "mia", password: "wrong", from: here)
            let account = scene.accounts.account("mia")?.id ?? AccountID(0)
            scene.handle(.verifyFailed(scene.connection("g\(number)"), account))
            #expect(scene.read("g\(number)") == ["CONVER Error: The server is busy, please try again"])
        }
        scene.accounts.verifying = .immediate
        for number in 0..<10 {
            scene.join("m\(number)", as: "root", password: "toor", from: here)
            #expect(scene.read("m\(number)").first == "CONVER OK, framed")
            scene.lose("m\(number)")
        }
    }

    @Test("passwords of one account wait in a short line, which moves on where somebody has gone")
    func waiting() {
        var scene = Scene()
        scene.accounts.verifying = .held
        for number in 0..<4 { scene.join("g\(number)", as: "mia", password: "wrong", from: .version4(UInt32(number))) }
        #expect(scene.read("g3") == ["CONVER Error: The server is busy, please try again"])
        #expect(scene.accounts.verifications == 3)
        scene.lose("g0")
        scene.finishComparisons()
        scene.join("owner", as: "mia", password: "pass", from: there)
        scene.finishComparisons()
        #expect(scene.read("owner").first == "CONVER OK, framed")
        #expect(scene.room.comparisons.isEmpty)
    }

    @Test("a connection that is refused again and again is closed")
    func refusals() {
        var scene = Scene()
        scene.open("ann")
        for _ in 1..<RoomLimits.refusals { scene.send("ann", "CON,nickname=9;password=;color=,") }
        #expect(!scene.isClosed("ann"))
        scene.send("ann", "CON,nickname=9;password=;color=,")
        #expect(scene.read("ann").suffix(2) == ["CONVER Error: Too many attempts on one connection", "closed"])
    }
}

@Suite("Nicknames that look alike")
struct LookalikeTests {
    @Test("can't be joined where the other is registered", arguments: ["аdmin", "ΑDMIN", "rооt", "mіa"])
    func login(_ nickname: String) {
        var scene = Scene()
        scene.join("x", as: nickname)
        #expect(scene.read("x").first?.hasPrefix("CONVER Error: Username looks like") == true)
        scene.join("ann")
        scene.clear()
        scene.send("ann", "UPDATE,nickname=\(nickname),")
        #expect(scene.read("ann").first?.hasPrefix("CONFIRM UPDATE Error: Username looks like") == true)
    }

    @Test("don't keep an owner from the own one, or from another spelling of it")
    func owner() {
        var scene = Scene()
        scene.editAccounts { $0.add("mіa", password: "two", .member) }
        scene.join("a", as: "mia", password: "pass")
        scene.join("b", as: "mіa", password: "two")
        #expect(scene.read("a").first == "CONVER OK, framed")
        #expect(scene.read("b").first == "CONVER OK, framed")
        scene.join("root", password: "toor")
        scene.clear()
        scene.send("root", "UPDATE,nickname=rооt,")
        #expect(scene.read("root").first == "CONFIRM UPDATE OK")
    }

    @Test("can't be registered by who came in before the other")
    func registration() {
        var scene = Scene()
        scene.join("x", as: "Вob")
        scene.editAccounts { $0.add("Bob", password: "x", .member) }
        scene.clear()
        scene.send("x", "UPDATE,password=secret and more,")
        #expect(scene.read("x") == ["CONFIRM UPDATE Error: Username looks like Bob, who is registered."])
    }

    @Test("can't be had while the other is here, whoever it is", arguments: [Framing.none, .netstring])
    func present(_ framing: Framing) {
        var scene = Scene()
        scene.join("ann", framing)
        scene.join("x", as: "\u{430}nn")
        #expect(scene.read("x") == ["CONVER Error: Username looks like ann, who is here"])
        scene.send("x", "CON,nickname=guest;password=;color=#FFF,")
        scene.clear()
        scene.send("x", "UPDATE,nickname=\u{430}nn,")
        #expect(scene.read("x") == ["CONFIRM UPDATE Error: Username looks like ann, who is here."])
        // Another spelling of the own nickname, and then another nickname.
        scene.send("ann", "UPDATE,nickname=\u{430}NN,")
        scene.send("ann", "UPDATE,nickname=bob,")
        scene.clear()
        scene.send("x", "UPDATE,nickname=\u{430}nn,")
        #expect(scene.read("x").first == "CONFIRM UPDATE OK")
        scene.lose("x")
        scene.join("y", as: "b\u{43E}b")
        #expect(scene.read("y") == ["CONVER Error: Username looks like bob, who is here"])
        scene.send("ann", "DISCON,,")
        scene.send("y", "CON,nickname=b\u{43E}b;password=;color=#FFF,")
        #expect(scene.read("y").first == "CONVER OK")
    }

    @Test("are free again when the account is gone or renamed")
    func index() {
        var scene = Scene()
        scene.editAccounts { $0.remove("mia") }
        scene.join("a", as: "mіa")
        #expect(scene.read("a").first == "CONVER OK, framed")
        scene.join("root", password: "toor")
        scene.send("root", "UPDATE,nickname=boss,")
        scene.join("b", as: "rооt")
        #expect(scene.read("b").first == "CONVER OK, framed")
        scene.join("c", as: "bоss")
        #expect(scene.read("c").first == "CONVER Error: Username looks like boss, who is registered")
    }
}

@Suite("Whose nickname another wants")
struct HolderTests {
    @Test("is asked for a sign of life, where that is possible")
    func probes() {
        var scene = Scene()
        scene.join("ann")
        scene.join("mia", password: "pass")
        scene.join("old", .none)
        for nickname in ["ANN", "mia", "old"] {
            scene.join("again", as: nickname, password: "pass")
            #expect(scene.read("again") == ["CONVER Error: User is already logged in"])
        }
        #expect(scene.probes == ["ann", "mia"])
        // Once it is lost, the next attempt gets in.
        scene.lose("ann", .silent)
        scene.send("again", "CON,nickname=ann;password=;color=#FFF,")
        #expect(scene.read("again").first == "CONVER OK")
    }

    @Test("is asked, too, where the other had to prove it first")
    func race() {
        var scene = Scene()
        scene.accounts.verifying = .held
        scene.join("one", as: "mia", password: "pass")
        scene.join("two", as: "mia", password: "pass")
        scene.finishComparisons()
        #expect(scene.read("two") == ["CONVER Error: User is already logged in"])
        #expect(scene.probes == ["one"])
    }
}
