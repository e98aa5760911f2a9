internal import ChatProtocol
internal import Testing

@testable import ChatServerCore

private let here = NetworkAddress.version4(0xC000_0201)
private let there = NetworkAddress.version4(0xC633_6401)

@Suite("Bans")
struct BanTests {
    private var scene = Scene()

    init() {
        scene.join("root", password: "toor")
        scene.join("bob", from: here)
        scene.clear()
    }

    /// What somebody who wants to come in hears first.
    private mutating func answer(
        to label: String,
        as nickname: String,
        password: String = "",
        from address: NetworkAddress = there
    ) -> String? {
        scene.join(label, as: nickname, password: password, from: address)
        return scene.read(label).first
    }

    @Test("who is here is thrown out, everybody is told, and the admin gets an answer", arguments: framings)
    func banHere(_ framing: Framing) {
        var scene = Scene()
        scene.join("root", password: "toor", framing)
        scene.join("bob", framing, from: here)
        scene.clear()
        scene.send("root", "KICK,user=BOB;ban=7200,too loud")
        let until = "until 2023-11-15 00:13:20 UTC"
        #expect(scene.read("bob") == ["WARN You have been kicked and banned \(until): too loud", "closed"])
        let script: Script = [
            "CONFIRM KICK bob is banned \(until).",
            "INFO {3 }bob has been kicked and banned by root{ [kick bob]}",
            "unframed|USER root; admins admin root",
        ]
        #expect(Set(scene.read("root")) == Set(script.lines(for: framing)))
        #expect(scene.audits.suffix(2).map(\.action) == [.ban, .kick])
        #expect(scene.audits.last { $0.action == .ban }?.detail == "by root \(until)")
    }

    @Test("an account that a guest had asked for before the ban falls under it", arguments: [true, false])
    mutating func registrationUnderWay(_ isThere: Bool) {
        scene.accounts.changing = .held
        scene.send("bob", "UPDATE,nickname=carl;password=pw and more,")
        if !isThere { scene.lose("bob") }
        scene.send("root", "KICK,user=bob;ban=60,spam")
        #expect(scene.read("root").contains { $0.hasPrefix("CONFIRM KICK bob is banned until") })
        scene.finishChanges()
        let entries = scene.audits.suffix(2)
        #expect(entries.map(\.action) == [.registration, .ban])
        #expect(entries.map(\.nickname) == ["carl", "carl"])
        #expect(entries.first?.detail == "asked for by bob, who is gone")
        #expect(entries.last?.detail == "with bob, by root until 2023-11-14 22:14:20 UTC")
        scene.accounts.changing = .immediate
        let refusal = "CONVER Error: You are banned until 2023-11-14 22:14:20 UTC: spam"
        #expect(answer(to: "carl", as: "carl", password: "pw and more") == refusal)
        #expect(scene.read("root").allSatisfy { !$0.hasPrefix("CONFIRM") })
        // What the store has says the same.
        scene.restart()
        #expect(answer(to: "again", as: "carl", password: "pw and more") == refusal)
        scene.join("root", password: "toor")
        scene.send("root", "UNBAN,user=bob,")
        #expect(answer(to: "free", as: "carl", password: "pw and more") == "CONVER OK, framed")
    }

    @Test("an account that a guest had asked for, who then left or was kicked, is in the log and free")
    mutating func registrationWithoutBan() {
        scene.accounts.changing = .held
        scene.send("bob", "UPDATE,nickname=carl;password=pw and more,")
        scene.send("root", "KICK,user=bob,enough")
        scene.finishChanges()
        #expect(scene.audits.last?.action == .registration)
        #expect(answer(to: "carl", as: "carl", password: "pw and more") == "CONVER OK, framed")
    }

    @Test("holds for the nickname in any spelling and for guests from the address, until it runs out")
    mutating func guests() {
        scene.send("root", "KICK,user=bob;ban=60,spam")
        let until = "until 2023-11-14 22:14:20 UTC: spam"
        for (index, name) in ["bob", "BOB", "Ｂob"].enumerated() {
            #expect(answer(to: "a\(index)", as: name) == "CONVER Error: You are banned \(until)")
        }
        #expect(answer(to: "b", as: "eve", from: here) == "CONVER Error: Guests from your address are banned \(until)")
        #expect(answer(to: "c", as: "eve") == "CONVER OK, framed")
        scene.send("c", "UPDATE,nickname=bob,")
        #expect(scene.read("c").last == "CONFIRM UPDATE Error: Username is banned.")
        // A registered user is not to blame for others at the address.
        #expect(answer(to: "d", as: "mia", password: "pass", from: here) == "CONVER OK, framed")
        scene.wait(seconds: 60)
        #expect(answer(to: "e", as: "bob", from: here) == "CONVER OK, framed")
        scene.clear()
        scene.send("root", "BANS,,")
        #expect(scene.read("root") == ["CONFIRM BANS Nobody is banned."])
        // What has run out leaves the store with the next change.
        #expect(scene.bans.all.map(\.nickname.text) == ["bob"])
        scene.send("root", "KICK,user=eve;ban=60,")
        #expect(scene.bans.all.map(\.nickname.text) == ["eve"])
    }

    @Test("holds for an account under any name, but tells nobody else")
    mutating func accounts() throws {
        scene.send("root", "KICK,user=mia;ban=forever,enough")
        #expect(scene.read("root") == ["CONFIRM KICK mia is banned for ever."])
        #expect(answer(to: "a", as: "mia", password: "pass") == "CONVER Error: You are banned for ever: enough")
        #expect(answer(to: "b", as: "mia", password: "wrong") == "CONVER Error: User is a registered user")
        let maria = try Nickname("maria")
        scene.editAccounts { $0.edit("mia") { $0.nickname = maria } }
        #expect(answer(to: "c", as: "maria", password: "pass") == "CONVER Error: You are banned for ever: enough")
        scene.clear()
        // By the new name, too.
        scene.send("root", "UNBAN,user=MARIA,")
        #expect(scene.read("root") == ["CONFIRM UNBAN MARIA may come back."])
        #expect(answer(to: "d", as: "maria", password: "pass") == "CONVER OK, framed")
        #expect(scene.bans.all.isEmpty)
    }

    @Test("an admin can't be banned, and whom the operator makes one is free")
    mutating func admins() {
        scene.send("root", "KICK,user=admin;ban=60,")
        #expect(
            scene.read("root") == [
                "CONFIRM KICK Error: admin is an admin, whom only the operator of the server can shut out."
            ]
        )
        scene.send("root", "KICK,user=mia;ban=60,")
        scene.editAccounts { $0.edit("mia") { $0.role = .admin } }
        #expect(answer(to: "a", as: "mia", password: "pass") == "CONVER OK, framed")
    }

    @Test(
        "what can't be is answered",
        arguments: [
            ("KICK,ban=60,", "KICK Error: user parameter required."),
            ("KICK,user=9;ban=60,", "KICK Error: 9 is not in the chat."),
            ("KICK,user=ROOT;ban=60,", "KICK Error: You can't ban yourself."),
            (
                "KICK,user=bob;ban=60," + String(repeating: "x", count: 1025),
                "KICK Error: The reason is longer than 1024 bytes."
            ),
            ("UNBAN,,", "UNBAN Error: user parameter required."),
            ("UNBAN,user=bob,", "UNBAN Error: bob is not banned."),
        ]
    )
    func faults(_ row: (request: String, answer: String)) {
        var scene = scene
        scene.send("root", row.request)
        #expect(scene.read("root") == ["CONFIRM \(row.answer)"])
        #expect(scene.read("bob") == [])
        #expect(scene.bans.all.isEmpty)
    }

    @Test(
        "a kick without a ban, or with none, is a kick as ever",
        arguments: ["KICK,user=bob,x", "KICK,user=bob;ban=0,x"]
    )
    func plainKick(_ request: String) {
        var scene = scene
        scene.send("root", request)
        #expect(scene.read("bob") == ["WARN You have been kicked for reason: x", "closed"])
        #expect(scene.read("root") == ["INFO 3 bob has been kicked by root [kick bob]"])
        scene.join("again", as: "bob", from: here)
        #expect(scene.read("again").first == "CONVER OK, framed")
    }

    @Test(
        "no address is banned that stands for others, too",
        arguments: [NetworkAddress.local, .version4(0x7F00_0001), .version6(network: 0), there]
    )
    func sharedAddresses(_ address: NetworkAddress) {
        var scene = Scene()
        // The admin sits at one of them.
        scene.join("root", password: "toor", from: there)
        scene.join("bob", from: address)
        scene.send("root", "KICK,user=bob;ban=60,")
        #expect(scene.bans.all.map(\.address) == [nil])
        scene.join("eve", from: address)
        #expect(scene.read("eve").first == "CONVER OK, framed")
    }

    @Test("outlives a restart")
    mutating func restart() {
        scene.send("root", "KICK,user=bob;ban=60,spam")
        scene.restart()
        #expect(answer(to: "a", as: "bob")?.hasPrefix("CONVER Error: You are banned until") == true)
        scene.wait(seconds: 60)
        #expect(answer(to: "b", as: "bob") == "CONVER OK, framed")
    }

    @Test("is answered once it is stored, holds before, and says where it could not be")
    mutating func storing() {
        scene.bans.pace = .held
        scene.bans.fails = true
        scene.send("root", "KICK,user=eve;ban=forever,")
        #expect(scene.read("root") == [])
        #expect(answer(to: "a", as: "eve") == "CONVER Error: You are banned for ever")
        for event in scene.bans.finish() { scene.handle(event) }
        #expect(
            scene.read("root") == [
                "CONFIRM KICK Error: eve is banned for ever. But that could not be stored, and holds only until the "
                    + "server is restarted."
            ]
        )
        // Whoever asked may be gone when the answer comes.
        scene.send("root", "KICK,user=zed;ban=forever,")
        scene.lose("root")
        for event in scene.bans.finish() { scene.handle(event) }
    }

    @Test("are listed with their terms and reasons, for framed clients in keys")
    mutating func list() {
        scene.send("root", "KICK,user=bob;ban=60,one, two")
        scene.send("root", "KICK,user=eve;ban=forever,")
        scene.send("root", "BANS,,")
        guard case .confirm(let confirmation)? = scene.views["root"]?.responses.last?.body else {
            Issue.record("no list")
            return
        }
        #expect(confirmation.text == "2 bans.")
        #expect(confirmation.bans.map(\.nickname) == ["bob", "eve"])
        #expect(confirmation.bans.map(\.reason) == ["one, two", ""])
        #expect(confirmation.bans.map { $0.until == nil } == [false, true])
        scene.join("admin", password: "secret", .none)
        scene.clear()
        scene.send("admin", "BANS,,")
        #expect(
            scene.read("admin") == [
                "CONFIRM BANS 2 bans.\nbob until 2023-11-14 22:14:20 UTC, by root: one, two\neve for ever, by root"
            ]
        )
    }

    @Test("are bounded in number, and the longest list fits a framed response")
    mutating func bounds() {
        let reason = String(repeating: ";", count: RoomLimits.kickReasonBytes)
        for number in 0..<RoomLimits.bans { scene.send("root", "KICK,user=user\(number);ban=60,\(reason)") }
        scene.clear()
        scene.send("root", "KICK,user=another;ban=60,")
        #expect(scene.read("root") == ["CONFIRM KICK Error: There are 1000 bans already. Lift one first."])
        scene.send("root", "KICK,user=USER7;ban=forever,")
        let replaced = "That takes the place of the ban until 2023-11-14 22:14:20 UTC by root."
        #expect(scene.read("root") == ["CONFIRM KICK USER7 is banned for ever. \(replaced)"])
        scene.send("root", "BANS,,")
        var bytes: [UInt8] = []
        scene.views["root"]?.responses.last?.encode(into: &bytes, framing: .netstring)
        // Nicknames can be longer: 48 scalars of 4 bytes, twice, escaped or not.
        #expect(bytes.count + 2 * 48 * 4 * RoomLimits.bans < Limits.framedResponseBytes)
        scene.join("admin", password: "secret", .none)
        scene.clear()
        scene.send("admin", "BANS,,")
        let list = scene.read("admin").last ?? ""
        let lines = list.split(separator: "\n")
        #expect(list.utf8.count > RoomLimits.unframedBansBytes - 2048)
        #expect(list.utf8.count < RoomLimits.unframedBansBytes + 64)
        #expect(lines.last == "… and \(RoomLimits.bans - (lines.count - 2)) more.")
        scene.wait(seconds: 60)
        scene.send("root", "KICK,user=another;ban=60,")
        #expect(scene.read("root").last?.hasPrefix("CONFIRM KICK another is banned until") == true)
        #expect(scene.bans.all.map(\.nickname.text) == ["USER7", "another"])
    }
}
