internal import ChatProtocol
internal import Testing

@testable import ChatServerCore

@Suite("Registered users")
struct AccountTests {
    // MARK: UPDATE with a password

    @Test("a guest who gives a password is a member from then on")
    func registration() {
        var scene = Scene()
        scene.join("ann")
        scene.clear()
        scene.send("ann", "UPDATE,password=new and more,")
        #expect(scene.read("ann") == ["CONFIRM UPDATE OK"])
        #expect(scene.accounts.password(of: "ann") == "new and more")
        #expect(scene.audits.last?.action == .registration)
        scene.lose("ann")
        scene.join("thief", as: "Ann", password: "guess")
        #expect(scene.read("thief") == ["CONVER Error: User is a registered user"])
        scene.join("owner", as: "ann", password: "new and more")
        #expect(scene.read("owner").first == "CONVER OK, framed")
    }

    @Test("a guest can register under a new nickname in one go")
    func registrationWithNickname() {
        var scene = Scene()
        scene.join("ann")
        scene.clear()
        scene.send("ann", "UPDATE,nickname=anna;password=new and more;color=#123456,")
        #expect(
            scene.read("ann") == [
                "CONFIRM UPDATE OK",
                "INFO 2 ann's name changed to anna color changed to #123456 [update from ann #123456]",
            ]
        )
        #expect(scene.accounts.password(of: "anna") == "new and more")
        #expect(scene.accounts.account("ann") == nil)
    }

    @Test("where registration is closed, a guest's password is an error and nothing is changed")
    func closedRegistration() {
        var scene = Scene(configuration: RoomConfiguration(allowsRegistration: false))
        scene.join("ann")
        scene.join("mia", password: "pass")
        scene.clear()
        scene.send("ann", "UPDATE,nickname=anna;password=new and more,")
        #expect(scene.read("ann") == ["CONFIRM UPDATE Error: Registration is not allowed on this server."])
        scene.send("mia", "UPDATE,password=new and more,")
        #expect(scene.read("mia") == ["CONFIRM UPDATE OK"])
        #expect(scene.accounts.password(of: "mia") == "new and more")
    }

    @Test(
        "a new password is neither too short nor too long",
        arguments: [
            ("", "Password must have at least 8 characters."),
            ("seven77", "Password must have at least 8 characters."),
            (String(repeating: "x", count: 257), "Password must be at most 256 bytes."),
        ]
    )
    func badPassword(_ password: String, _ error: String) {
        var scene = Scene()
        scene.join("mia", password: "pass")
        scene.clear()
        scene.send("mia", "UPDATE,password=\(password),")
        #expect(scene.read("mia") == ["CONFIRM UPDATE Error: \(error)"])
        #expect(scene.accounts.password(of: "mia") == "pass")
    }

    @Test("passwords are set as often as an address may; what is refused for another reason costs nothing")
    func passwordBudget() {
        let bounds = PasswordBudget.Bounds(
            registrations: .init(burst: 1, perSecond: 1.0 / 600),
            changes: .init(burst: 2, perSecond: 1.0 / 60)
        )
        var scene = Scene(configuration: RoomConfiguration(newPasswords: bounds))
        let elsewhere = NetworkAddress.version4(7)
        scene.join("mia", password: "pass", from: elsewhere)
        for name in ["ann", "bob"] { scene.join(name, from: elsewhere) }
        scene.join("eve")
        scene.clear()
        for password in ["short", "two and more", "three and more", "four and more"] {
            scene.send("mia", "UPDATE,password=\(password),")
        }
        let answers = scene.read("mia")
        #expect(answers.prefix(3).map { $0.hasSuffix("OK") } == [false, true, true])
        let tooOften = "CONFIRM UPDATE Error: Too many passwords were changed from your address, please try again in "
        #expect(answers.last?.hasPrefix(tooOften) == true, "\(answers)")
        #expect(scene.accounts.password(of: "mia") == "three and more")
        scene.send("mia", "UPDATE,color=#123456,")
        #expect(scene.read("mia").first == "CONFIRM UPDATE OK")

        for name in ["ann", "bob", "eve"] { scene.send(name, "UPDATE,password=new and more,") }
        #expect(scene.accounts.account("ann") != nil)
        #expect(scene.accounts.account("bob") == nil)
        #expect(scene.accounts.account("eve") != nil)
        scene.wait(seconds: 600)
        scene.send("bob", "UPDATE,password=new and more,")
        #expect(scene.accounts.account("bob") != nil)
        // Lifted while it runs, as for a load test.
        scene.send("mia", "UPDATE,password=five and more,")
        scene.liftBudgets()
        for _ in 0..<9 { scene.send("mia", "UPDATE,password=six and more,") }
        #expect(scene.accounts.password(of: "mia") == "six and more")
    }

    // MARK: UPDATE of a registered user

    @Test("a registered user's new nickname is the account's")
    func rename() {
        var scene = Scene()
        scene.join("mia", password: "pass")
        scene.clear()
        scene.send("mia", "UPDATE,nickname=maria;password=word and more,")
        #expect(
            scene.read("mia") == [
                "CONFIRM UPDATE OK", "INFO 2 mia's name changed to maria [update from mia #FFFFFF]",
            ]
        )
        scene.lose("mia")
        scene.join("m", as: "maria", password: "word and more")
        #expect(scene.read("m").first == "CONVER OK, framed")
    }

    @Test("an admin's new nickname is in the list of admins")
    func renameOfAdmin() {
        var scene = Scene()
        scene.join("olga", .none)
        scene.join("admin", password: "secret")
        scene.clear()
        scene.send("admin", "UPDATE,nickname=boss,")
        #expect(
            scene.read("olga").suffix(2) == ["INFO admin's name changed to boss", "USER olga boss; admins boss root"]
        )
    }

    @Test("a change of color alone does not trouble the accounts' store")
    func colorOnly() {
        var scene = Scene()
        scene.join("mia", password: "pass")
        scene.accounts.changing = .held
        scene.clear()
        scene.send("mia", "UPDATE,color=#123456;nickname=mia,")
        #expect(scene.read("mia").first == "CONFIRM UPDATE OK")
    }

    @Test("while the store changes an account, nothing shows and nobody takes the nickname")
    func pendingChange() {
        var scene = Scene()
        scene.join("mia", password: "pass")
        scene.join("bob")
        scene.accounts.changing = .held
        scene.clear()
        scene.send("mia", "UPDATE,nickname=maria;color=#123456,")
        scene.send("mia", "CHAT,rec=-ALL,still mia")
        scene.send("mia", "UPDATE,color=#654321,")
        scene.send("bob", "UPDATE,nickname=Maria,")
        scene.send("bob", "CHAT,rec=maria,psst")
        scene.join("eve", as: "MARIA")
        scene.finishChanges()
        #expect(
            scene.read("mia") == [
                "CHATR 3 mia -> all: still mia",
                "CONFIRM UPDATE Error: The update before this one is still being stored.",
                "CONFIRM UPDATE OK",
                "INFO 4 mia's name changed to maria color changed to #123456 [update from mia #123456]",
            ]
        )
        #expect(
            scene.read("bob").prefix(3) == [
                "CHATR 3 mia -> all: still mia",
                "CONFIRM UPDATE Error: User is already logged in.",
                "ERR Error: maria Unrecognized recipient.",
            ]
        )
        #expect(scene.read("eve") == ["CONVER Error: User is already logged in"])
        scene.send("bob", "CHAT,rec=maria,psst")
        #expect(scene.read("mia") == ["CHATR 5 bob -> maria: psst"])
    }

    @Test("where the store refuses, nothing is changed", arguments: ["mia", "ann"])
    func failedChange(_ nickname: String) {
        var scene = Scene()
        scene.join(nickname, password: "pass")
        scene.accounts.fails = true
        scene.clear()
        scene.send(nickname, "UPDATE,nickname=other;color=#123456;password=new and more,")
        #expect(
            scene.read(nickname) == ["CONFIRM UPDATE Error: The change could not be stored, please try again."]
        )
        scene.join("bob", as: "other")
        #expect(scene.read("bob").last?.hasPrefix("USER \(nickname)#FFFFFF other#FFFFFF;") == true)
    }

    @Test("who vanishes during a change leaves the nickname free, and the account changed")
    func vanishingDuringChange() {
        var scene = Scene()
        scene.join("mia", password: "pass")
        scene.accounts.changing = .held
        scene.send("mia", "UPDATE,nickname=maria,")
        scene.lose("mia")
        scene.join("guest", as: "maria")
        scene.clear()
        scene.finishChanges()
        // The nickname belongs to an account now, so a guest can't keep it.
        #expect(
            scene.read("guest") == [
                "WARN Your nickname has been registered and needs its password now. Please connect again.",
                "closed",
            ]
        )
        scene.join("m", as: "maria", password: "pass")
        #expect(scene.read("m").first == "CONVER OK, framed")
    }

    @Test("who comes back while the store changes the account has the change, too")
    func returningDuringChange() throws {
        var scene = Scene()
        scene.join("mia", password: "pass")
        scene.accounts.changing = .held
        scene.send("mia", "UPDATE,nickname=maria,")
        scene.lose("mia")
        scene.join("again", as: "mia", password: "pass")
        scene.clear()
        // The answer alone: the list of all accounts may come later.
        var account = try #require(scene.accounts.account("mia"))
        account.nickname = try Nickname("maria")
        scene.handle(.accountChanged(scene.connection("mia"), account))
        #expect(scene.read("again") == ["INFO 4 mia's name changed to maria [update from mia #FFFFFF]"])
    }
}
