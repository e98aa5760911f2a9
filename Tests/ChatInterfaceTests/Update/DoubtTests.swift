internal import ChatInterface
internal import ChatProtocol
internal import ChatSession
internal import Testing

@Suite("A text whose way is in doubt")
struct DoubtTests {
    private static let framed = SessionUpdate.status(
        .online(InterfaceDriver.channel, framing: .netstring, roundTripMilliseconds: nil)
    )
    private static let lost = SessionUpdate.status(.waiting(reason: "Lost.", milliseconds: 1000, attempt: 1))

    private func driver(_ names: [String] = ["alice", "bobby", "tester"]) -> InterfaceDriver {
        var driver = InterfaceDriver(100, 24)
        driver.roster(names, admins: ["tester"])
        return driver
    }

    /// An online driver whose server is of the original kind.
    private func original(_ names: [String]) -> InterfaceDriver {
        var driver = InterfaceDriver(100, 24)
        driver.say(.status(.online(InterfaceDriver.channel, framing: .none, roundTripMilliseconds: nil)))
        driver.roster(names, admins: ["tester"])
        return driver
    }

    private func prompt(_ driver: inout InterfaceDriver) -> String { driver.screen.last ?? "" }

    /// Somebody takes another nickname.
    private func rename(_ previous: String, to name: String, _ names: [String], in driver: inout InterfaceDriver) {
        let event = Info.Event.update(previous: previous, color: "#FFFFFF", isAdmin: false)
        let kind = TimelineEntry.Kind.info(sender: SafeText(line: name), event: event)
        driver.say(.appended([driver.entry(kind, "\(previous) is now \(name)")]))
        driver.roster(names, admins: ["tester"])
    }

    // MARK: A command that fails

    @Test("waits for a second Enter after a /msg that found nobody, and is no part of that line")
    func failedMessage() {
        var driver = driver(["alice", "tester"])
        #expect(driver.enter("/msg bobby") == [])
        #expect(prompt(&driver) == " tester ›")
        #expect(driver.enter("are you there?") == [])
        #expect(prompt(&driver) == " tester › are you there?")
        #expect(driver.text.contains("Nothing was sent: Enter again sends it to everyone."))
        #expect(driver.rows(with: " Enter again sends it to everyone ").count == 1)
        #expect(driver.enter(" the password is 1234") == [], "another text is asked about again")
        #expect(
            driver.press(.enter) == [.session(.say("are you there? the password is 1234", to: .everyone))]
        )
        #expect(driver.enter("said once") == [.session(.say("said once", to: .everyone))])
    }

    @Test("is not sent by keys that were pressed before the screen could say so")
    func typedAhead() {
        var driver = driver(["alice", "tester"])
        driver.enter("/msg bobby")
        let keys = "secret".map { KeyPress(.character($0)) } + [KeyPress(.enter), KeyPress(.enter), KeyPress(.enter)]
        #expect(keys.flatMap { driver.send(.terminal(.key($0))) } == [])
        #expect(driver.press(.enter) == [.session(.say("secret", to: .everyone))])
    }

    @Test("goes to nobody else than before after a /msg that failed")
    func failedMessageInConversation() {
        var driver = driver()
        driver.enter("/msg alice")
        driver.enter("/msg carol")
        #expect(driver.enter("for carol") == [])
        #expect(driver.text.contains("Enter again sends it to alice."))
        #expect(driver.press(.enter) == [.session(.say("for carol", to: .user("alice")))])
    }

    @Test(
        "is not in doubt any more once it is said whom it is for",
        arguments: [["/msg bobby"], ["/msg"]] as [[String]]
    )
    func settled(lines: [String]) {
        var driver = driver()
        driver.enter("/msg carol")
        for line in lines { driver.enter(line) }
        #expect(driver.enter("hello").count == 1)
    }

    @Test("keeps a line with a text that could not be sent")
    func keepsLineWithText() {
        var driver = driver(["eve\u{202E}", "eve\u{202D}", "tester"])
        let line = "/msg \(SafeText(line: "eve\u{202E}").text) hello"
        driver.enter(line)
        #expect(prompt(&driver) == " tester › \(line)")
    }

    @Test("waits after a /password that asked for nothing")
    func failedPassword() {
        var driver = original(["tester"])
        driver.enter("/password")
        #expect(driver.enter("hunter2hunter2") == [])
        #expect(driver.text.contains("Enter again sends it to everyone."))
    }

    @Test("a password that is typed while the connection is lost changes nothing")
    func passwordWithoutConnection() {
        var driver = driver()
        driver.enter("/password")
        driver.enter("hunter2hunter2")
        driver.type("hunter2")
        driver.say(Self.lost)
        #expect(driver.enter("hunter2") == [])
        #expect(driver.text.contains("You are not connected: your password stays as it is."))
        #expect(driver.enter("hunter2hunter2") == [])
    }

    @Test("waits while a login is asked for")
    func loginWanted() {
        var driver = driver()
        driver.say(.loginNeeded(reason: SafeText(line: "Your password was changed.")))
        #expect(driver.enter("the new password") == [])
        #expect(driver.text.contains("You are not logged in. Nothing was sent"))
    }

    // MARK: A conversation

    @Test("waits once when the person has left, whether the nickname is free, taken or thrown out")
    func personLeft() {
        for event in [Info.Event.leave, .kick(user: "bobby")] {
            for isTaken in [false, true] {
                var driver = driver()
                driver.enter("/msg bobby")
                let sender = SafeText(line: event == .leave ? "bobby" : "alice")
                driver.say(.appended([driver.entry(.info(sender: sender, event: event), "bobby goes")]))
                driver.roster(["alice", "tester"])
                if isTaken {
                    driver.presence("bobby", joins: true)
                    driver.roster(["alice", "bobby", "tester"])
                }
                #expect(driver.enter("secret") == [])
                #expect(prompt(&driver).hasSuffix("› secret"))
                #expect(driver.rows(with: " Enter again sends it to bobby ").count == 1)
                #expect(driver.press(.enter) == [.session(.say("secret", to: .user("bobby")))])
                #expect(driver.enter("more") == [.session(.say("more", to: .user("bobby")))])
            }
        }
    }

    @Test("waits again when the nickname is taken after it was confirmed for nobody")
    func takenLater() {
        var driver = driver()
        driver.enter("/msg bobby")
        driver.roster(["alice", "tester"])
        driver.enter("secret")
        driver.press(.enter)
        driver.roster(["alice", "bobby", "tester"])
        #expect(driver.enter("another") == [])
        #expect(driver.text.contains("bobby is here now, and may be somebody else."))
    }

    @Test("waits once after a lost connection, while that lasts and after it")
    func lostConnection() {
        for isBack in [false, true] {
            var driver = driver()
            driver.enter("/msg bobby")
            driver.say(Self.lost)
            if isBack { driver.say(Self.framed) }
            #expect(driver.enter("secret") == [])
            #expect(driver.press(.enter) == [.session(.say("secret", to: .user("bobby")))])
            #expect(driver.enter("more").count == 1)
        }
    }

    @Test("waits in a line that names somebody for later, or who has left while it was typed")
    func namedPerson() {
        var driver = driver()
        driver.say(Self.lost)
        #expect(driver.enter("/msg bobby secret") == [])
        #expect(driver.press(.enter) == [.session(.say("secret", to: .user("bobby")))])
        #expect(driver.enter("for all") == [.session(.say("for all", to: .everyone))])
        driver.say(Self.framed)
        driver.type("/msg bobby sec")
        driver.presence("bobby", joins: false)
        driver.presence("bobby", joins: true)
        #expect(driver.enter("ret") == [])
        #expect(driver.press(.enter) == [.session(.say("secret", to: .user("bobby")))])
        #expect(driver.enter("/msg bobby more").count == 1)
    }

    @Test("follows a person who is renamed, and not who takes the nickname then")
    func renamed() {
        var driver = driver()
        driver.enter("/msg bobby")
        rename("bobby", to: "robby", ["alice", "robby", "tester"], in: &driver)
        driver.presence("bobby", joins: true)
        driver.roster(["alice", "bobby", "robby", "tester"])
        #expect(prompt(&driver) == " tester → robby ›")
        #expect(driver.enter("secret") == [.session(.say("secret", to: .user("robby")))])
    }

    @Test("waits when somebody else takes the nickname by renaming")
    func renamedToTarget() {
        var driver = driver(["alice", "bobby", "evera", "tester"])
        driver.enter("/msg bobby")
        driver.presence("bobby", joins: false)
        driver.roster(["alice", "evera", "tester"])
        rename("evera", to: "bobby", ["alice", "bobby", "tester"], in: &driver)
        #expect(driver.enter("secret") == [])
        #expect(driver.text.contains("bobby was called evera until now."))
    }

    @Test("reaches a nickname in another spelling on an original server after a second Enter only")
    func otherSpelling() {
        var driver = original(["Bobby", "tester"])
        #expect(driver.enter("/msg bobby secret") == [])
        #expect(driver.text.contains("“bobby” is not here, only Bobby is."))
        #expect(driver.press(.enter) == [.session(.say("secret", to: .user("Bobby")))])
        driver.enter("/msg bobby")
        #expect(driver.enter("secret") == [])
        #expect(driver.press(.enter).count == 1)
    }

    @Test(
        "waits when an original server says something of the person",
        arguments: [("bobby", "bobby has disconnected"), ("admin", "bobby has been kicked by admin")]
    )
    func original(sender: String, text: String) {
        var driver = original(["bobby", "tester"])
        driver.enter("/msg bobby")
        driver.say(.appended([driver.entry(.info(sender: SafeText(line: "alice"), event: nil), "alice has joined")]))
        #expect(driver.enter("first").count == 1)
        driver.say(.appended([driver.entry(.info(sender: SafeText(line: sender), event: nil), text)]))
        #expect(driver.enter("secret") == [])
    }

    // MARK: Questions

    private static let long = (1...25).map { "secret \($0)" }.joined(separator: "\n")

    @Test("a question follows the person that it names under another nickname")
    func questionFollows() {
        var driver = driver()
        driver.enter("/kick bobby spam")
        rename("bobby", to: "robby", ["alice", "robby", "tester"], in: &driver)
        driver.presence("bobby", joins: true)
        driver.roster(["alice", "bobby", "robby", "tester"])
        #expect(prompt(&driver) == " Kick robby (spam)? y kicks · n leaves it")
        #expect(driver.type("y") == [.session(.kick(user: "robby", reason: "spam"))])
        driver.enter("/msg bobby")
        driver.paste(Self.long)
        driver.press(.enter)
        rename("bobby", to: "bob", ["alice", "bob", "robby", "tester"], in: &driver)
        driver.roster(["alice", "bob", "bobby", "robby", "tester"])
        #expect(prompt(&driver) == " Send 25 lines to bob? Enter sends · Esc goes back")
        #expect(driver.press(.enter) == [.session(.say(Self.long, to: .user("bob")))])
    }

    @Test("a question is withdrawn when the person that it names leaves", arguments: ["/kick bobby", "/ban bobby 2h"])
    func questionWithdrawn(line: String) {
        var driver = driver()
        driver.enter(line)
        driver.presence("bobby", joins: false)
        driver.presence("bobby", joins: true)
        #expect(driver.type("y") == [])
        #expect(driver.text.contains("✗ bobby has left. The question is withdrawn: nothing was done."))
        driver.send(.interrupt)
        driver.enter(line)
        driver.roster(["alice", "tester"])
        #expect(driver.type("y") == [])
        #expect(driver.text.contains("bobby is not here any more. The question is withdrawn"))
        driver.send(.interrupt)
        driver.enter(line)
        driver.roster(["alice", "bobby", "tester"])
        #expect(driver.type("y") == [])
    }

    @Test("a long text is asked about again when its person has left, and stays in the line")
    func longTextWithdrawn() {
        var driver = driver()
        driver.enter("/msg bobby")
        driver.paste(Self.long)
        driver.press(.enter)
        driver.presence("bobby", joins: false)
        driver.presence("bobby", joins: true)
        #expect(driver.press(.enter) == [])
        #expect(driver.text.contains("Enter again sends it to bobby."))
        #expect(driver.press(.enter) == [])
        #expect(prompt(&driver) == " Send 25 lines to bobby? Enter sends · Esc goes back")
        #expect(driver.press(.enter) == [.session(.say(Self.long, to: .user("bobby")))])
    }

    @Test("what is typed over a withdrawn question waits, too")
    func typedOverWithdrawn() {
        var driver = driver()
        driver.enter("/kick bobby")
        driver.type("/ban bo")
        driver.presence("bobby", joins: false)
        #expect(driver.enter("bby 2h") == [])
        #expect(driver.rows(with: " Enter again sends it to everyone ").count == 1)
    }

    @Test("a question about somebody else stays", arguments: ["alice", "tester"])
    func questionStays(name: String) {
        var driver = driver()
        driver.enter("/kick bobby")
        driver.presence(name, joins: false)
        driver.roster(["bobby", "tester"])
        #expect(driver.type("y") == [.session(.kick(user: "bobby", reason: ""))])
    }
}
