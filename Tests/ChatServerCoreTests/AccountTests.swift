internal import ChatProtocol
internal import Testing

@testable import ChatServerCore

@Suite("Registered users")
struct AccountTests {
    // MARK: UPDATE with a password

    @Test("A guest who gives a password is a member from then on")
    func registration() {
        var scene = Scene()
        scene.join("ann")
        scene.clear()
        scene.send("ann", "UPDATE,password=new,")
        #expect(scene.read("ann") == ["CONFIRM UPDATE OK"])
        #expect(scene.accounts.password(of: "ann") == "new")
        #expect(scene.audits.last?.action == .registration)
        scene.lose("ann")
        scene.join("thief", as: "Ann", password: "guess")
        #expect(scene.read("thief") == ["CONVER Error: User is a registered user"])
        scene.join("owner", as: "ann", password: "new")
        #expect(scene.read("owner").first == "CONVER OK, framed")
    }

    @Test("A guest can register under a new nickname in one go")
    func registrationWithNickname() {
        var scene = Scene()
        scene.join("ann")
        scene.clear()
        scene.send("ann", "UPDATE,nickname=anna;password=new;color=#123456,")
        #expect(
            scene.read("ann") == [
                "CONFIRM UPDATE OK",
                "INFO 2 ann's name changed to anna color changed to #123456 [update from ann #123456]",
            ]
        )
        #expect(scene.accounts.password(of: "anna") == "new")
        #expect(scene.accounts.account("ann") == nil)
    }

    @Test("Where registration is closed, a guest's password is an error and nothing is changed")
    func closedRegistration() {
        var scene = Scene(configuration: RoomConfiguration(allowsRegistration: false))
        scene.join("ann")
        scene.join("mia", password: "pass")
        scene.clear()
        scene.send("ann", "UPDATE,nickname=anna;password=new,")
        #expect(scene.read("ann") == ["CONFIRM UPDATE Error: Registration is not allowed on this server."])
        scene.send("mia", "UPDATE,password=new,")
        #expect(scene.read("mia") == ["CONFIRM UPDATE OK"])
        #expect(scene.accounts.password(of: "mia") == "new")
    }

    @Test(
        "A password has to be there and to be of bearable length",
        arguments: [
            ("", "Password must not be empty."),
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

    @Test("Passwords are set as often as an address may; what is refused for another reason costs nothing")
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
        for password in ["", "two", "three", "four"] { scene.send("mia", "UPDATE,password=\(password),") }
        let answers = scene.read("mia")
        #expect(answers.prefix(3).map { $0.hasSuffix("OK") } == [false, true, true])
        let tooOften = "CONFIRM UPDATE Error: Too many passwords were changed from your address, please try again in "
        #expect(answers.last?.hasPrefix(tooOften) == true, "\(answers)")
        #expect(scene.accounts.password(of: "mia") == "three")
        scene.send("mia", "UPDATE,color=#123456,")
        #expect(scene.read("mia").first == "CONFIRM UPDATE OK")

        for name in ["ann", "bob", "eve"] { scene.send(name, "UPDATE,password=new,") }
        #expect(scene.accounts.account("ann") != nil)
        #expect(scene.accounts.account("bob") == nil)
        #expect(scene.accounts.account("eve") != nil)
        scene.wait(seconds: 600)
        scene.send("bob", "UPDATE,password=new,")
        #expect(scene.accounts.account("bob") != nil)
        // Lifted while it runs, as for a load test.
        scene.send("mia", "UPDATE,password=five,")
        scene.liftBudgets()
        for _ in 0..<9 { scene.send("mia", "UPDATE,password=six,") }
        #expect(scene.accounts.password(of: "mia") == "six")
    }

    // MARK: UPDATE of a registered user

    @Test("A registered user's new nickname is the account's")
    func rename() {
        var scene = Scene()
        scene.join("mia", password: "pass")
        scene.clear()
        scene.send("mia", "UPDATE,nickname=maria;password=word,")
        #expect(
            scene.read("mia") == [
                "CONFIRM UPDATE OK", "INFO 2 mia's name changed to maria [update from mia #FFFFFF]",
            ]
        )
        scene.lose("mia")
        scene.join("m", as: "maria", password: "word")
        #expect(scene.read("m").first == "CONVER OK, framed")
    }

    @Test("An admin's new nickname is in the list of admins")
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

    @Test("A change of color alone does not trouble the accounts' store")
    func colorOnly() {
        var scene = Scene()
        scene.join("mia", password: "pass")
        scene.accounts.changing = .held
        scene.clear()
        scene.send("mia", "UPDATE,color=#123456;nickname=mia,")
        #expect(scene.read("mia").first == "CONFIRM UPDATE OK")
    }

    @Test("While the store changes an account, nothing shows and nobody takes the nickname")
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

    @Test("Where the store refuses, nothing is changed", arguments: ["mia", "ann"])
    func failedChange(_ nickname: String) {
        var scene = Scene()
        scene.join(nickname, password: "pass")
        scene.accounts.fails = true
        scene.clear()
        scene.send(nickname, "UPDATE,nickname=other;color=#123456;password=new,")
        #expect(
            scene.read(nickname) == ["CONFIRM UPDATE Error: The change could not be stored, please try again."]
        )
        scene.join("bob", as: "other")
        #expect(scene.read("bob").last?.hasPrefix("USER \(nickname)#FFFFFF other#FFFFFF;") == true)
    }

    @Test("Who vanishes during a change leaves the nickname free, and the account changed")
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

    @Test("Who comes back while the store changes the account has the change, too")
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

    // MARK: Changes from outside

    @Test("Who is made an admin can kick, and everybody learns of it")
    func promotion() {
        var scene = Scene()
        scene.join("mia", password: "pass")
        scene.join("olga", .none)
        scene.clear()
        scene.editAccounts { $0.edit("mia") { $0.role = .admin } }
        #expect(scene.read("mia") == ["INFO 3 mia is now an admin [update from mia #FFFFFF admin]"])
        #expect(scene.read("olga") == ["INFO mia is now an admin", "USER mia olga; admins admin mia root"])
        scene.send("mia", "KICK,user=olga,test")
        #expect(scene.isClosed("olga"))
    }

    @Test("Who is no longer an admin can't kick")
    func demotion() {
        var scene = Scene()
        scene.join("admin", password: "secret")
        scene.join("bob")
        scene.clear()
        scene.editAccounts { $0.edit("admin") { $0.role = .member } }
        scene.send("admin", "KICK,user=bob,test")
        #expect(
            scene.read("admin") == [
                "INFO 3 admin is no longer an admin [update from admin #FFFFFF]",
                "ERR Error: Must be an admin to perform that action.",
            ]
        )
    }

    @Test("Whose account is removed stays as a guest")
    func removal() {
        var scene = Scene()
        scene.join("admin", password: "secret")
        scene.clear()
        scene.editAccounts { $0.remove("admin") }
        #expect(scene.read("admin") == ["INFO 2 admin is no longer an admin [update from admin #FFFFFF]"])
        scene.send("admin", "CHAT,rec=-ALL,still here")
        #expect(scene.read("admin") == ["CHATR 3 admin -> all: still here"])
        #expect(
            scene.room.members.values.first?.identity(on: scene.connection("admin"))
                == .guest(scene.connection("admin"))
        )
    }

    @Test("Who logged in with a password that was changed from outside has to leave")
    func changedPassword() {
        var scene = Scene()
        scene.join("thief", as: "admin", password: "secret")
        scene.join("bob")
        scene.clear()
        scene.editAccounts { $0.setPassword(of: "admin", to: "safe") }
        #expect(
            scene.read("thief") == [
                "WARN The password of your account was changed. Please connect again with the new one.", "closed",
            ]
        )
        #expect(scene.read("bob") == ["INFO 3 admin has disconnected [leave]"])
        #expect(scene.audits.last { $0.action == .kick }?.detail == "the password was changed")
        scene.join("again", as: "admin", password: "secret")
        #expect(scene.read("again") == ["CONVER Error: User is a registered user"])
        scene.join("owner", as: "admin", password: "safe")
        #expect(scene.read("owner").first == "CONVER OK, framed")
    }

    @Test("Who changes the own password stays; what they ask with one that is no longer theirs is not done")
    func ownPassword() {
        var scene = Scene()
        scene.join("mia", password: "pass")
        scene.clear()
        scene.send("mia", "UPDATE,password=word,")
        scene.send("mia", "UPDATE,nickname=maria;password=words,")
        #expect(scene.read("mia").prefix(2) == ["CONFIRM UPDATE OK", "CONFIRM UPDATE OK"])
        #expect(scene.audits.last { $0.action == .update }?.detail == "password changed")
        // The news of it is still under way.
        scene.accounts.setPassword(of: "maria", to: "safe")
        scene.send("maria", "UPDATE,password=stolen,")
        scene.send("mia", "UPDATE,password=stolen,")
        #expect(scene.read("mia").last?.hasPrefix("CONFIRM UPDATE Error: The change could not be stored") == true)
        #expect(scene.accounts.password(of: "maria") == "safe")
        scene.editAccounts { _ in }
        #expect(scene.isClosed("mia"))
    }

    @Test("Who came back with the old password while the new one was under way has to leave")
    func passwordAfterReturning() {
        var scene = Scene()
        scene.join("mia", password: "pass")
        scene.accounts.changing = .held
        scene.send("mia", "UPDATE,password=word,")
        scene.lose("mia")
        scene.join("again", as: "mia", password: "pass")
        scene.finishChanges()
        #expect(scene.isClosed("again"))
    }

    @Test("A guest under a nickname that somebody registers has to leave")
    func registeredByOthers() {
        var scene = Scene()
        scene.join("bob")
        scene.join("ann")
        scene.clear()
        scene.editAccounts { $0.add("BOB", password: "x", .admin) }
        #expect(scene.read("bob").last == "closed")
        #expect(scene.read("ann") == ["INFO 3 bob has disconnected [leave]"])
    }

    @Test("Two accounts can swap their nicknames while both are logged in")
    func swap() {
        var scene = Scene()
        scene.join("admin", password: "secret")
        scene.join("root", password: "toor")
        scene.clear()
        scene.editAccounts { accounts in
            let (admin, root) = (accounts.account("admin"), accounts.account("root"))
            guard let admin, let root else { return }
            accounts.edit("admin") { $0.nickname = (try? Nickname("parked")) ?? $0.nickname }
            accounts.edit("root") { $0.nickname = admin.nickname }
            accounts.edit("parked") { $0.nickname = root.nickname }
        }
        #expect(
            scene.read("admin") == [
                "INFO 3 admin's name changed to root [update from admin #FFFFFF admin]",
                "INFO 4 root's name changed to admin [update from root #FFFFFF admin]",
            ]
        )
    }

    @Test("An account that takes over a guest's nickname takes it from the guest")
    func renameOntoGuest() {
        var scene = Scene()
        scene.join("bob")
        scene.join("mia", password: "pass")
        scene.clear()
        scene.editAccounts { $0.edit("mia") { $0.nickname = (try? Nickname("bob")) ?? $0.nickname } }
        #expect(
            scene.read("mia") == [
                "INFO 3 bob has disconnected [leave]", "INFO 4 mia's name changed to bob [update from mia #FFFFFF]",
            ]
        )
        #expect(scene.isClosed("bob"))
    }

    @Test("A nickname that an account takes over from outside is no longer reserved for a guest")
    func renameOntoReservation() {
        var scene = Scene()
        scene.join("bob")
        scene.join("mia", password: "pass")
        scene.accounts.changing = .held
        scene.clear()
        scene.send("bob", "UPDATE,nickname=rob;password=x,")
        scene.editAccounts { $0.edit("mia") { $0.nickname = (try? Nickname("rob")) ?? $0.nickname } }
        scene.finishChanges()
        #expect(
            scene.read("bob") == [
                "INFO 3 mia's name changed to rob [update from mia #FFFFFF]",
                "CONFIRM UPDATE Error: The change could not be stored, please try again.",
            ]
        )
    }

    @Test("Original clients learn of new admins who are not logged in")
    func absentAdmin() {
        var scene = Scene()
        scene.join("olga", .none)
        scene.join("ann")
        scene.clear()
        scene.editAccounts { $0.add("zeus", password: "x", .admin) }
        #expect(scene.read("olga") == ["USER olga ann; admins admin root zeus"])
        #expect(scene.read("ann").isEmpty)
    }

    @Test("The same list again changes nothing")
    func sameList() {
        var scene = Scene()
        scene.join("olga", .none)
        scene.join("mia", password: "pass")
        scene.clear()
        scene.editAccounts { _ in }
        #expect(scene.read("olga").isEmpty)
        #expect(scene.read("mia").isEmpty)
    }
}
