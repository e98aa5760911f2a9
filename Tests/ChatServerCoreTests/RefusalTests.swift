internal import ChatProtocol
internal import Testing

@testable import ChatServerCore

@Suite("Refusals as words")
struct RefusalTests {
    /// A CON and why it is refused.
    private struct Login: Sendable {
        var nickname: String
        var password = ""
        var refusal: Refusal
    }

    private static let logins = [
        Login(nickname: "9bad", refusal: .nicknameInvalid),
        Login(nickname: "ab/", refusal: .nicknameInvalid),
        Login(nickname: "BOB", refusal: .nicknameInUse),
        Login(nickname: "mia", refusal: .passwordMissing),
        Login(nickname: "mia", password: "wrong", refusal: .passwordWrong),
        Login(nickname: "mіa", refusal: .nicknameLookalike),
        Login(nickname: "eve", refusal: .banned),
    ]

    @Test("a CON that asks for framing is told why it is refused; another gets no keys", arguments: logins, framings)
    private func login(_ login: Login, _ framing: Framing) throws {
        var scene = Scene()
        scene.join("bob")
        scene.join("root", password: "toor")
        scene.send("root", "KICK,user=eve;ban=60,")
        scene.join("x", as: login.nickname, password: login.password, framing)
        let response = try #require(scene.views["x"]?.responses.first)
        guard case .login(.refused(let text, let refusal, let until)) = response.body else {
            Issue.record("\(response.body)")
            return
        }
        #expect(text.hasPrefix("Error: "))
        #expect(refusal == (framing == .none ? nil : login.refusal))
        #expect((until != nil) == (framing != .none && login.refusal == .banned))
        // Each has its line in the log, those that give no nickname included.
        #expect(scene.audits.last?.action == .refusal)
        #expect(scene.audits.last?.nickname == login.nickname)
        #expect(scene.audits.last?.refusal == login.refusal)
    }

    @Test("what is no login gets the word of the CON before it, if any")
    func noLogin() {
        var scene = Scene()
        scene.open("x")
        scene.send("x", "USER,,")
        scene.send("x", "CON,nickname=9;password=;color=;framing=netstring,")
        scene.send("x", "USER,,")
        let refusals = (scene.views["x"]?.responses ?? []).map(\.body.refusal)
        #expect(refusals == [nil, .nicknameInvalid, .unexpected])
    }

    @Test(
        "each request that comes to nothing says why in a word",
        arguments: [
            ("CHAT,rec=nobody,hi", Refusal.recipientAbsent), ("CHAT,,hi", .malformed),
            ("CHAT,rec=-ALL,\(String(repeating: "x", count: 16_385))", .tooLong), ("BOGUS,,", .malformed),
            ("CON,nickname=a;password=;color=,", .unexpected), ("KICK,user=nobody,", .userAbsent),
            ("KICK,user=root,", .userIsSelf), ("KICK,user=root;ban=60,", .userIsSelf),
            ("KICK,user=admin;ban=60,", .userIsAdmin), ("UNBAN,user=bob,", .notBanned), ("UNBAN,,", .malformed),
            ("UPDATE,color=red,", .colorInvalid), ("UPDATE,nickname=bob,", .nicknameInUse),
            ("UPDATE,nickname=mia,", .nicknameRegistered), ("UPDATE,nickname=9;color=red,", .nicknameInvalid),
            ("UPDATE,password=short,", .passwordTooShort), ("UPDATE,,", .malformed),
            ("UPDATE,nickname=a/b//,", .nicknameInvalid),
            ("UPDATE,password=\(String(repeating: "x", count: 257)),", .passwordTooLong),
        ]
    )
    func request(_ request: String, _ refusal: Refusal) {
        var scene = Scene()
        scene.join("bob")
        scene.join("root", password: "toor")
        scene.send("root", request)
        #expect(scene.views["root"]?.responses.last?.body.refusal == refusal)
    }

    @Test("a guest hears what only others may", arguments: ["KICK,user=bob,", "BANS,,", "UNBAN,user=bob,"])
    func permission(_ request: String) {
        var scene = Scene(configuration: RoomConfiguration(allowsRegistration: false))
        scene.join("bob")
        scene.send("bob", request)
        #expect(scene.views["bob"]?.responses.last?.body.refusal == .notPermitted)
        scene.send("bob", "UPDATE,password=long enough,")
        #expect(scene.views["bob"]?.responses.last?.body.refusal == .registrationClosed)
    }

    @Test("the last word to who has to go says why in a word")
    func lastWords() throws {
        var scene = Scene()
        for name in ["bob", "eve", "zoe"] { scene.join(name) }
        scene.join("mia", password: "pass")
        scene.join("root", password: "toor")
        scene.send("root", "KICK,user=bob,out")
        scene.send("root", "KICK,user=eve;ban=60,out")
        scene.editAccounts {
            $0.setPassword(of: "mia", to: "another")
            $0.add("zoe", password: "pass", .member)
        }
        #expect(scene.views["bob"]?.responses.last?.body == .warning("You have been kicked for reason: out", .kicked))
        guard case .warning(_, .banned, .some)? = scene.views["eve"]?.responses.last?.body else {
            Issue.record("no ban in the last word")
            return
        }
        #expect(scene.views["mia"]?.responses.last?.body.refusal == .passwordChanged)
        #expect(scene.views["zoe"]?.responses.last?.body.refusal == .nicknameRegistered)
    }

    @Test("a ban that takes the place of another says so, and when it ends")
    func replacedBan() throws {
        var scene = Scene()
        scene.join("root", password: "toor")
        scene.send("root", "KICK,user=eve;ban=forever,")
        scene.send("root", "KICK,user=eve;ban=60,")
        guard case .confirm(let confirmation)? = scene.views["root"]?.responses.last?.body else {
            Issue.record("not confirmed")
            return
        }
        #expect(confirmation.text.hasSuffix("That takes the place of the ban for ever by root."))
        #expect(confirmation.until != nil && !confirmation.isFailure)
    }

    @Test("a password for a nickname that is not registered is remarked on, framed", arguments: framings)
    func ignoredPassword(_ framing: Framing) {
        var scene = Scene()
        scene.join("ann", password: "secret", framing)
        scene.join("bob", framing)
        scene.join("mia", password: "pass", framing)
        func first(_ label: String) -> Response.Body? { scene.views[label]?.responses.first?.body }
        var bytes: [UInt8] = []
        scene.views["ann"]?.responses.first?.encode(into: &bytes, framing: .none)
        let hasKey = String(decoding: bytes, as: UTF8.self).contains("password=ignored")
        #expect(hasKey == (framing == .netstring))
        #expect(first("bob") == .login(.accepted(framing)))
        #expect(first("mia") == .login(.accepted(framing)))
    }

    @Test("a guest whose password was ignored is a guest in everything", arguments: [true, false])
    func ignoredPasswordIsNoAccount(allowsRegistration: Bool) throws {
        var scene = Scene(configuration: RoomConfiguration(allowsRegistration: allowsRegistration))
        scene.join("root", password: "toor")
        scene.join("ann", password: "long enough")
        #expect(scene.room.members[scene.connection("ann")]?.standing == .guest)
        #expect(scene.room.members[scene.connection("ann")]?.account == nil)
        scene.send("ann", "KICK,user=root,out")
        #expect(scene.views["ann"]?.responses.last?.body.refusal == .notPermitted)
        scene.clear()
        // A new nickname is a new nickname, and no account of that name comes to be.
        scene.send("ann", "UPDATE,nickname=anna,")
        #expect(scene.read("ann").first == "CONFIRM UPDATE OK")
        #expect(scene.accounts.account("anna") == nil && scene.accounts.account("ann") == nil)
        // A password makes an account, where that is allowed, and changes none.
        scene.send("ann", "UPDATE,password=long enough,")
        #expect((scene.accounts.account("anna")?.role == .member) == allowsRegistration)
        let refusal = scene.views["ann"]?.responses.last?.body.refusal
        #expect(refusal == (allowsRegistration ? nil : .registrationClosed))
    }
}

extension Response.Body {
    fileprivate var refusal: Refusal? {
        switch self {
        case .login(.refused(_, let refusal, _)), .error(_, let refusal), .warning(_, let refusal, _): refusal
        case .confirm(let confirmation): confirmation.refusal
        default: nil
        }
    }
}
