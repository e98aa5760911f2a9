internal import ChatInterface
internal import ChatProtocol
internal import ChatSession
internal import Testing

@Suite("The commands")
struct SlashCommandTests {
    private func driver() -> InterfaceDriver {
        var driver = InterfaceDriver(80, 24)
        driver.roster(["root", "alice", "Bob", "bob smith", "tester"], admins: ["root", "tester"])
        return driver
    }

    private func prompt(_ driver: inout InterfaceDriver) -> String { driver.screen.last ?? "" }

    @Test(
        "ask for what they should",
        arguments: [
            ("/refresh", [.session(.refresh)]),
            ("/users", [.session(.users)]),
            ("/reconnect", [.session(.reconnectNow)]),
            ("/quit", [.session(.quit), .quit]),
            ("/nick robert", [.session(.update(UpdateRequest(nickname: "robert")))]),
            ("/nick bob smith", [.session(.update(UpdateRequest(nickname: "bob smith")))]),
            ("/nick \"bob smith\"", [.session(.update(UpdateRequest(nickname: "bob smith")))]),
            ("/color #F80", [.session(.update(UpdateRequest(color: "#F80")))]),
            ("/color F80", [.session(.update(UpdateRequest(color: "#F80")))]),
            ("/color Teal", [.session(.update(UpdateRequest(color: "#1FA896")))]),
            ("/msg alice hello", [.session(.say("hello", to: .user("alice")))]),
            ("/msg ALICE hello", [.session(.say("hello", to: .user("alice")))]),
            ("/msg bob hello", [.session(.say("hello", to: .user("Bob")))]),
            ("/msg \"bob smith\" hello", [.session(.say("hello", to: .user("bob smith")))]),
            ("/msg nobody hello", [.session(.say("hello", to: .user("nobody")))]),
            ("//msg alice", [.session(.say("/msg alice", to: .everyone))]),
            ("hello  ", [.session(.say("hello", to: .everyone))]),
            ("   ", []),
            ("/nosuch", []),
            ("/nick 1", []),
            ("/color mauve", []),
            ("/help", []),
            ("/clear", []),
            ("/msg alice", []),
            ("/msg \"\" hello", []),
        ] as [(String, [InterfaceEffect])]
    )
    func askForWhat(line: String, effects: [InterfaceEffect]) {
        var driver = driver()
        #expect(driver.enter(line) == effects)
    }

    @Test(
        "say in the message pane what is to be said",
        arguments: [
            ("/nick x", "✗ A nickname has 2 to 16 characters."),
            ("/nick 12", "✗ A nickname starts with a letter."),
            ("/nick tester", "· You are tester already."),
            ("/color mauve", "✗ “mauve” is no color."),
            ("/color", "· Your color is #FFFFFF. Others: #RRGGBB, #RGB or red,"),
            ("/users", "· 5 here: ★ root, alice, Bob, bob smith, ★ tester (you)"),
            ("/msg alcie", "✗ There is nobody called “alcie” here. Did you mean alice?"),
            ("/msg xyzzy", "✗ There is nobody called “xyzzy” here. /users lists who is"),
            ("/help nick2", "✗ There is no command /nick2. Did you mean /nick?"),
            ("/help xyzzy", "✗ There is no command /xyzzy; /help lists them."),
            ("/help //text", "· A second slash makes the line text"),
        ]
    )
    func sayInMessage(line: String, start: String) {
        var driver = driver()
        driver.resize(100, 24)
        driver.press(.function(2))
        driver.enter(line)
        let rows = driver.screen.map { $0.drop { $0 != "✗" && $0 != "·" } }
        #expect(rows.contains { $0.hasPrefix(start) }, "\(driver.text)")
    }

    @Test("keep a line that is a mistake, to be put right")
    func keepLineMistake() {
        var driver = driver()
        driver.enter("/mgs alice hello")
        #expect(prompt(&driver) == " tester › /mgs alice hello")
        driver.press(.home)
        for _ in 0..<4 { driver.press(.delete) }
        driver.type("/msg")
        #expect(driver.press(.enter) == [.session(.say("hello", to: .user("alice")))])
        #expect(prompt(&driver) == " tester ›")
    }

    @Test("turn the input line to one person and back")
    func turnInputLine() {
        var driver = driver()
        driver.enter("/msg bob")
        #expect(prompt(&driver) == " tester → Bob ›")
        #expect(driver.enter("psst") == [.session(.say("psst", to: .user("Bob")))])
        #expect(driver.enter("/msg alice by the way") == [.session(.say("by the way", to: .user("alice")))])
        #expect(prompt(&driver) == " tester → Bob ›")
        driver.enter("/msg")
        #expect(prompt(&driver) == " tester ›")
        driver.enter("/msg bob")
        driver.press(.escape)
        #expect(driver.enter("all of you") == [.session(.say("all of you", to: .everyone))])
    }

    @Test("keep to a person who takes another nickname, and say when they are gone")
    func keepPersonWho() {
        var driver = driver()
        driver.enter("/msg bob")
        let event = Info.Event.update(previous: "Bob", color: "#FFFFFF", isAdmin: false)
        driver.say(
            .appended([driver.entry(.info(sender: SafeText(line: "Robert"), event: event), "Bob is now Robert")])
        )
        driver.roster(["alice", "Robert", "tester"])
        #expect(prompt(&driver) == " tester → Robert ›")
        #expect(driver.enter("psst") == [.session(.say("psst", to: .user("Robert")))])
        driver.roster(["alice", "tester"])
        #expect(prompt(&driver) == " tester → Robert (not here) ›")
    }

    @Test("ask before they kick")
    func askBeforeThey() {
        var driver = driver()
        #expect(driver.enter("/kick bob too loud") == [])
        #expect(prompt(&driver) == " Kick Bob (too loud)? y kicks · n leaves it")
        #expect(driver.press(.enter) == [])
        #expect(driver.type("n") == [])
        #expect(prompt(&driver) == " tester ›")
        driver.enter("/kick bob too loud")
        #expect(driver.type("y") == [.session(.kick(user: "Bob", reason: "too loud"))])
        #expect(prompt(&driver) == " tester ›")
        driver.enter("/kick \"bob smith\"")
        #expect(prompt(&driver) == " Kick bob smith? y kicks · n leaves it")
        driver.press(.escape)
        driver.enter("/kick ghost")
        #expect(prompt(&driver) == " Kick ghost, who is not in the list? y kicks · n leaves it")
        driver.send(.interrupt)
        #expect(prompt(&driver) == " tester ›")
    }

    @Test(
        "ask a question to which no line is an answer, and of which nothing is sent",
        arguments: ["bye", "/ban nobody 2h", "hey ann, why?"].flatMap { line in
            ["/kick bob", "/ban bob"].map { ($0, line) }
        }
    )
    func askAQuestion(command: String, line: String) {
        var driver = driver()
        driver.enter(command)
        let question = prompt(&driver)
        #expect(driver.type(line).isEmpty)
        #expect(prompt(&driver).contains("? (Enter first) y "))
        #expect(driver.press(.enter).isEmpty)
        #expect(driver.text.contains("✗ Nothing was sent: answer the question"))
        #expect(prompt(&driver) == question)
        #expect(driver.type("y").count == 1)
        #expect(prompt(&driver) == " tester ›")
    }

    @Test("ask before they ban, here or not")
    func askBeforeTheyBan() {
        var driver = driver()
        #expect(driver.enter("/ban bob 2h too loud") == [])
        #expect(prompt(&driver) == " Ban Bob for 2 hours (too loud)? y bans · n leaves it")
        #expect(driver.type("n") == [])
        driver.enter("/ban bob 2h too loud")
        #expect(driver.type("y") == [.session(.ban(user: "Bob", .seconds(7200), reason: "too loud"))])
        driver.enter("/ban ghost")
        #expect(prompt(&driver) == " Ban ghost, who is not in the list, for 1 day? y bans · n leaves it")
        #expect(driver.type("y") == [.session(.ban(user: "ghost", .seconds(86_400), reason: ""))])
        #expect(driver.enter("/unban ghost") == [.session(.unban(user: "ghost"))])
        #expect(driver.enter("/bans") == [.session(.bans)])
        #expect(driver.enter("/unban") == [])
        #expect(driver.text.contains("NICK is missing: /unban NICK"))
    }

    @Test("ask for a password twice without showing it")
    func askForPassword() {
        var driver = driver()
        driver.enter("/password")
        #expect(prompt(&driver) == " new password, 8 or more characters, empty to leave it ›")
        driver.type("s3cret😀é")
        #expect(driver.text.contains("••••••••"))
        #expect(driver.press(.enter) == [])
        #expect(prompt(&driver) == " once more, empty to leave it ›")
        driver.type("s3cret😀é")
        #expect(driver.press(.enter) == [.session(.update(UpdateRequest(password: "s3cret😀é")))])
        #expect(prompt(&driver) == " tester ›")
        driver.press(.up)
        #expect(!driver.text.contains("s3cret"))
    }

    @Test("change no password that was typed in two ways, or not at all")
    func changeNoPassword() {
        var driver = driver()
        driver.enter("/password")
        driver.type("password one")
        driver.press(.enter)
        driver.type("password two")
        #expect(driver.press(.enter) == [])
        #expect(driver.text.contains("✗ The two passwords differ: nothing was"))
        #expect(prompt(&driver) == " tester ›")
        driver.enter("/password")
        driver.press(.enter)
        #expect(prompt(&driver) == " tester ›")
        driver.enter("/password")
        driver.type("one")
        driver.press(.escape)
        driver.enter("/password")
        #expect(prompt(&driver) == " new password, 8 or more characters, empty to leave it ›")
    }

    @Test("refuse a password that is too short before anything is sent, and ask again")
    func refusePasswordToo() {
        var driver = driver()
        driver.enter("/password")
        driver.type("7 chars")
        #expect(driver.press(.enter) == [])
        #expect(driver.text.contains("✗ A password has at least 8 characters."))
        #expect(prompt(&driver) == " new password, 8 or more characters, empty to leave it ›")
        #expect(!driver.text.contains("•"))
        driver.type("8 chars!")
        driver.press(.enter)
        driver.type("8 chars!")
        #expect(driver.press(.enter) == [.session(.update(UpdateRequest(password: "8 chars!")))])
    }

    @Test("ask before they rename an account, which only somebody has whose password the server took")
    func askBeforeTheyRename() {
        var driver = driver()
        #expect(driver.enter("/nick robert") == [.session(.update(UpdateRequest(nickname: "robert")))])
        driver.say(.identity(nickname: "tester", color: .white, isRegistered: true))
        driver.resize(120, 24)
        #expect(driver.enter("/nick robert") == [])
        #expect(
            prompt(&driver)
                == " Rename your account to robert? From then on you log in with that nickname. y renames · n leaves it"
        )
        #expect(driver.type("n") == [])
        driver.enter("/nick robert")
        #expect(driver.type("y") == [.session(.update(UpdateRequest(nickname: "robert")))])
        driver.enter("/help nick")
        #expect(driver.text.contains("A registered nickname changes with its account"))
    }

    @Test("show what was cleared after a refresh")
    func showWhatWas() {
        var driver = driver()
        driver.chat("alice", "line 1")
        driver.enter("/clear")
        #expect(!driver.text.contains("line 1"))
        #expect(driver.enter("/refresh") == [.session(.refresh)])
        #expect(driver.text.contains("line 1"))
    }

    @Test("clear the pane so that Page Up brings it back")
    func clearPaneSo() {
        var driver = driver()
        for number in 1...5 { driver.chat("alice", "line \(number)") }
        driver.enter("/clear")
        #expect(!driver.text.contains("line"))
        driver.chat("alice", "after")
        #expect(!driver.text.contains("line 5"))
        #expect(driver.text.contains("after"))
        driver.press(.pageUp)
        #expect(driver.text.contains("line 1"))
        #expect(driver.text.contains("line 5"))
        driver.press(.pageDown)
        #expect(!driver.text.contains("line 5"))
        #expect(driver.text.contains("after"))
    }

    @Test("leave what waits for the server in view when they clear the pane, and what comes after it")
    func leaveWhatWaits() {
        var driver = driver()
        driver.chat("alice", "line 1")
        driver.say(
            .appended([driver.entry(InterfaceDriver.chat(from: "tester", isOwn: true), "waits", delivery: .pending)])
        )
        driver.enter("/clear")
        #expect(!driver.text.contains("line 1"))
        #expect(driver.text.contains("waits"))
        driver.chat("alice", "line 2")
        driver.say(.notice(SafeText(line: "news"), isFailure: false))
        #expect(!driver.text.contains("line 1"))
        #expect(driver.text.contains("line 2"))
        #expect(driver.text.contains("news"))
    }

    @Test("tell two people apart who look alike")
    func tellTwoPeople() {
        var driver = InterfaceDriver(80, 24)
        driver.say(
            .roster(
                Roster(members: [
                    .init(nickname: "eve\u{202E}", color: nil, isAdmin: false, isOwn: false),
                    .init(nickname: "eve\u{202D}", color: nil, isAdmin: false, isOwn: false),
                ])
            )
        )
        let shown = SafeText(line: "eve\u{202E}").text
        #expect(driver.enter("/msg \(shown) hello") == [])
        #expect(driver.text.contains("More than one person here looks like"))
    }
}
