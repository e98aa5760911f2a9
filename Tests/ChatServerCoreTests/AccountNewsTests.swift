internal import ChatProtocol
internal import Testing

@testable import ChatServerCore

@Suite("What becomes of those in the room when accounts change")
struct AccountNewsTests {
    @Test("who is made an admin can kick, and everybody learns of it")
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

    @Test("who is no longer an admin can't kick")
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

    @Test("whose account is removed stays as a guest")
    func removal() {
        var scene = Scene()
        scene.join("admin", password: "secret")
        scene.clear()
        scene.editAccounts { $0.remove("admin") }
        #expect(
            scene.read("admin") == [
                "INFO 2 admin is no longer an admin [update from admin #FFFFFF]",
                "WARN Your account was removed. You are a guest now.",
            ]
        )
        scene.send("admin", "CHAT,rec=-ALL,still here")
        #expect(scene.read("admin") == ["CHATR 3 admin -> all: still here"])
        #expect(
            scene.room.members.values.first?.identity(on: scene.connection("admin"))
                == .guest(scene.connection("admin"))
        )
    }

    @Test("who logged in with a password that was changed from outside has to leave")
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

    @Test("who changes the own password stays; what they ask with one that is no longer theirs is not done")
    func ownPassword() {
        var scene = Scene()
        scene.join("mia", password: "pass")
        scene.clear()
        scene.send("mia", "UPDATE,password=word and more,")
        scene.send("mia", "UPDATE,nickname=maria;password=words and more,")
        #expect(scene.read("mia").prefix(2) == ["CONFIRM UPDATE OK", "CONFIRM UPDATE OK"])
        #expect(scene.audits.last { $0.action == .update }?.detail == "password changed")
        // The news of it is still under way.
        scene.accounts.setPassword(of: "maria", to: "safe")
        scene.send("maria", "UPDATE,password=stolen and more,")
        scene.send("mia", "UPDATE,password=stolen and more,")
        #expect(scene.read("mia").last?.hasPrefix("CONFIRM UPDATE Error: The change could not be stored") == true)
        #expect(scene.accounts.password(of: "maria") == "safe")
        scene.editAccounts { _ in }
        #expect(scene.isClosed("mia"))
    }

    @Test("who came back with the old password while the new one was under way has to leave")
    func passwordAfterReturning() {
        var scene = Scene()
        scene.join("mia", password: "pass")
        scene.accounts.changing = .held
        scene.send("mia", "UPDATE,password=word and more,")
        scene.lose("mia")
        scene.join("again", as: "mia", password: "pass")
        scene.finishChanges()
        #expect(scene.isClosed("again"))
    }

    @Test("a guest under a nickname that somebody registers has to leave")
    func registeredByOthers() {
        var scene = Scene()
        scene.join("bob")
        scene.join("ann")
        scene.clear()
        scene.editAccounts { $0.add("BOB", password: "x", .admin) }
        #expect(scene.read("bob").last == "closed")
        #expect(scene.read("ann") == ["INFO 3 bob has disconnected [leave]"])
    }

    @Test("two accounts can swap their nicknames while both are logged in")
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

    @Test("an account that takes over a guest's nickname takes it from the guest")
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

    @Test("a nickname that an account takes over from outside is no longer reserved for a guest")
    func renameOntoReservation() {
        var scene = Scene()
        scene.join("bob")
        scene.join("mia", password: "pass")
        scene.accounts.changing = .held
        scene.clear()
        scene.send("bob", "UPDATE,nickname=rob;password=x and more,")
        scene.editAccounts { $0.edit("mia") { $0.nickname = (try? Nickname("rob")) ?? $0.nickname } }
        scene.finishChanges()
        #expect(
            scene.read("bob") == [
                "INFO 3 mia's name changed to rob [update from mia #FFFFFF]",
                "CONFIRM UPDATE Error: The change could not be stored, please try again.",
            ]
        )
    }

    @Test("original clients learn of new admins who are not logged in")
    func absentAdmin() {
        var scene = Scene()
        scene.join("olga", .none)
        scene.join("ann")
        scene.clear()
        scene.editAccounts { $0.add("zeus", password: "x", .admin) }
        #expect(scene.read("olga") == ["USER olga ann; admins admin root zeus"])
        #expect(scene.read("ann").isEmpty)
    }

    @Test("the same list again changes nothing")
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
