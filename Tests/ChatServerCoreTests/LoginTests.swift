internal import ChatProtocol
internal import Testing

@testable import ChatServerCore

@Suite("Login")
struct LoginTests {
    @Test(
        "a refused CON says why and leaves the connection open for another",
        arguments: [
            ("CON,nickname=9bad;password=x;color=#00FF00,", "Username must start with a letter"),
            ("CON,nickname=-ALL;password=x;color=#00FF00,", "Username must start with a letter"),
            ("CON,nickname=;password=x;color=#00FF00,", "Username must start with a letter"),
            ("CON,nickname=b;password=x;color=#00FF00,", "Username must be between lengths 2 and 16"),
            ("CON,nickname=abcdefghijklmnopq;password=x;color=#00FF00,", "Username must be between lengths 2 and 16"),
            (
                "CON,nickname=ab\u{202E}cd;password=x;color=#FFF,",
                "Username must not contain control or invisible characters"
            ),
            ("CON,nickname=ab\ncd;password=x;color=#FFF,", "Username must not contain control or invisible characters"),
            ("CON,nickname=ann ;password=x;color=#FFF,", "Username must not end with a space"),
            ("CON,nickname=bob;color=#00FF00,", "Incorrect parameters. nickname, password, and color are required"),
            ("CON,password=;color=#00FF00,", "Incorrect parameters. nickname, password, and color are required"),
            ("CON,nickname=bob;password=,", "Incorrect parameters. nickname, password, and color are required"),
            ("CON,nickname=zoe;password=x;color=#00FF00,", "User is already logged in"),
            ("CON,nickname=ZOE;password=x;color=#00FF00,", "User is already logged in"),
            ("CON,nickname=admin;password=wrong;color=#00FF00,", "User is a registered user"),
            ("CON,nickname=admin;password=;color=#00FF00,", "User is a registered user"),
            ("CON,nickname=MIA;password=secret;color=#00FF00,", "User is a registered user"),
        ],
        framings
    )
    func refusals(_ row: (request: String, error: String), _ framing: Framing) {
        var scene = Scene()
        scene.join("zoe")
        scene.clear()
        scene.open("ann")
        let key = framing == .netstring ? ";framing=netstring," : ","
        scene.send("ann", row.request.dropLast() + key)
        #expect(scene.read("ann") == ["CONVER Error: \(row.error)"])
        #expect(scene.read("zoe").isEmpty)
        let told = scene.audits.filter { $0.action == .refusal }.map(\.detail)
        #expect(told == [row.error] || told == ["wrong password"])
        scene.send("ann", "CON,nickname=ann;password=;color=#FFF" + key)
        #expect(scene.read("ann").first == (framing == .netstring ? "CONVER OK, framed" : "CONVER OK"))
    }

    @Test("a password longer than the limit is refused without being hashed")
    func longPassword() {
        var scene = Scene()
        scene.join("ann", as: "admin", password: String(repeating: "x", count: Limits.passwordBytes + 1))
        #expect(scene.read("ann") == ["CONVER Error: User is a registered user"])
        #expect(scene.accounts.verifications == 0)
    }

    @Test("a guest may send any password")
    func guestPassword() {
        var scene = Scene()
        scene.join("ann", password: "whatever")
        #expect(scene.read("ann").first == "CONVER OK, framed")
        #expect(scene.accounts.verifications == 0)
    }

    @Test("anything that is not a color becomes white", arguments: ["green", "", "#12345", "#FFFFFF"])
    func colors(_ color: String) {
        var scene = Scene()
        scene.join("ann", color: color)
        #expect(scene.read("ann").contains("USER ann#FFFFFF; admins admin root"))
    }

    @Test("a registered user is called as registered, however the nickname was typed")
    func registeredSpelling() {
        var scene = Scene()
        scene.join("a", as: "ADMIN", password: "secret", color: "#0F0")
        #expect(
            scene.read("a") == [
                "CONVER OK, framed",
                "INFO 1 admin has joined the chat! [join #0F0 admin]",
                "USER admin#0F0; admins admin root",
            ]
        )
    }

    @Test("a nickname may hold a character that the header escapes if original clients can write it")
    func escapedCharacter() {
        var scene = Scene()
        scene.open("a")
        scene.send("a", "CON,nickname=a/=b;password=;color=#FFF,")
        #expect(scene.read("a").contains("INFO a=b has joined the chat!"))
    }

    @Test(
        "a nickname that original clients would write another's for is refused, and an old account's is not",
        arguments: ["bob,x", "bob;rec=x", "ab/c"]
    )
    func unwritable(_ nickname: String) {
        let fault = "Error: Username must not contain , ; or /, which older clients can't write to"
        var scene = Scene()
        scene.join("guest", as: nickname)
        #expect(scene.read("guest") == ["CONVER \(fault)"])
        scene.join("mia", password: "pass")
        scene.clear()
        let wire = nickname.map { ",;=/".contains($0) ? "/\($0)" : "\($0)" }.joined()
        scene.send("mia", "UPDATE,nickname=\(wire),")
        #expect(scene.read("mia") == ["CONFIRM UPDATE \(fault)."])
        scene.editAccounts { $0.add(nickname, password: "old", .member) }
        scene.join("old", as: nickname, password: "old")
        scene.clear()
        scene.send("mia", "CHAT,rec=\(wire),psst")
        #expect(scene.read("old").last?.hasSuffix(": psst") == true)
    }

    // MARK: While the password is being checked

    @Test("a second CON does not start a second check")
    func secondLogin() {
        var scene = Scene()
        scene.accounts.verifying = .held
        scene.join("a", as: "admin", password: "secret")
        scene.send("a", "CON,nickname=guest;password=;color=#FFF,")
        #expect(scene.read("a") == ["CONVER Error: The password is still being checked"])
        #expect(scene.accounts.verifications == 1)
        scene.finishComparisons()
        #expect(scene.read("a").first == "CONVER OK, framed")
        #expect(scene.room.members.count == 1)
    }

    @Test("a connection that is gone is not let in")
    func lostMeanwhile() {
        var scene = Scene()
        scene.accounts.verifying = .held
        scene.join("a", as: "admin", password: "secret")
        scene.lose("a")
        scene.finishComparisons()
        #expect(scene.room.members.isEmpty)
        #expect(scene.store.stored.isEmpty)
    }

    @Test("of two logins to one account the first to be checked gets in")
    func takenMeanwhile() {
        var scene = Scene()
        scene.accounts.verifying = .held
        scene.join("a", as: "admin", password: "secret")
        scene.join("b", as: "Admin", password: "secret")
        scene.finishComparisons()
        #expect(scene.read("a").first == "CONVER OK, framed")
        #expect(scene.read("b") == ["CONVER Error: User is already logged in"])
        scene.send("b", "CON,nickname=guest;password=;color=#FFF,")
        #expect(scene.read("b").first == "CONVER OK")
    }

    @Test("an account that was removed or renamed meanwhile lets nobody in")
    func accountChangedMeanwhile() {
        for edit in [
            { (accounts: inout AccountsDouble) in accounts.remove("mia") },
            { accounts in accounts.edit("mia") { $0.nickname = (try? Nickname("maria")) ?? $0.nickname } },
        ] {
            var scene = Scene()
            scene.accounts.verifying = .held
            scene.join("a", as: "mia", password: "pass")
            scene.editAccounts(edit)
            scene.finishComparisons()
            #expect(scene.read("a") == ["CONVER Error: The registered users have just changed. Please try again"])
            #expect(scene.room.members.isEmpty)
        }
    }

    @Test("a password that could not be compared is neither right nor wrong, and can be sent again")
    func notCompared() {
        var scene = Scene()
        scene.accounts.verifying = .held
        scene.join("a", as: "mia", password: "pass")
        let mia = scene.accounts.account("mia")?.id ?? AccountID(0)
        scene.handle(.verifyFailed(scene.connection("a"), mia))
        #expect(scene.read("a") == ["CONVER Error: The server is busy, please try again"])
        scene.finishComparisons()
        #expect(scene.room.members.isEmpty)
        scene.accounts.verifying = .immediate
        scene.send("a", "CON,nickname=mia;password=pass;color=#FFF,")
        #expect(scene.read("a").first == "CONVER OK")
    }

    @Test("an answer nobody waits for changes nothing")
    func strayAnswers() {
        var scene = Scene()
        scene.open("a")
        scene.handle(.verified(scene.connection("a"), AccountID(1), isCorrect: true))
        scene.handle(.verified(ConnectionID(99), AccountID(1), isCorrect: true))
        scene.handle(.verifyFailed(scene.connection("a"), AccountID(1)))
        scene.handle(.accountChanged(ConnectionID(99), nil))
        scene.handle(.history(scene.connection("a"), [], more: true))
        scene.handle(.historyFailed(ConnectionID(99)))
        scene.handle(.stored(count: 5))
        scene.handle(.storeFailed(count: 5))
        scene.handle(.closed(ConnectionID(99), .failed))
        #expect(scene.read("a").isEmpty)
    }

    @Test("logins and refusals are told to the operator, passwords are not")
    func audit() {
        var scene = Scene()
        scene.join("a", as: "admin", password: "guess")
        scene.join("b", as: "admin")
        scene.join("c", as: "admin", password: "secret")
        #expect(scene.audits.map(\.action) == [.refusal, .refusal, .login])
        #expect(scene.audits.map(\.nickname) == ["admin", "admin", "admin"])
        // To who logs in both are the same.
        #expect(scene.audits.prefix(2).map(\.detail) == ["wrong password", "User is a registered user"])
        #expect(!scene.audits.contains { $0.detail.contains("guess") || $0.detail.contains("secret") })
    }
}
