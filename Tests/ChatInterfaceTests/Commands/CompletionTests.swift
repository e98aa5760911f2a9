internal import ChatProtocol
internal import ChatSession
internal import Testing

@testable internal import ChatInterface

@Suite("Completion")
struct CompletionTests {
    static let sources = Completion.Sources(
        speakers: ["carol", "Bob", "gone"],
        members: ["alice", "Bob", "bob smith", "carol", "日本太郎", "zoë"],
        ownColor: "#d3f"
    )

    /// What is offered for a text before the cursor.
    struct Offer: Sendable {
        var before: String
        var replaced: Int?
        var candidates: [String]

        init(_ before: String, _ replaced: Int?, _ candidates: [String]) {
            self.before = before
            self.replaced = replaced
            self.candidates = candidates
        }
    }

    static let everyone = ["carol", "Bob", "alice", "bob smith", "日本太郎", "zoë", "gone"]

    static let offers: [Offer] = [
        // A nickname at the start of a line, the last who spoke first.
        Offer("", 0, everyone.map { $0 + ": " }),
        Offer("b", 1, ["Bob: ", "bob smith: "]),
        Offer("BO", 2, ["Bob: ", "bob smith: "]),
        Offer("ZOË", 3, ["zoë: "]),
        Offer("日", 1, ["日本太郎: "]),
        Offer("ｂｏｂ", 3, ["Bob: ", "bob smith: "]),
        // The term of a ban, where one can stand.
        Offer("/ban Bob ", 0, ["30m ", "2h ", "1d ", "7d ", "forever "]),
        Offer("/ban Bob f", 1, ["forever "]),
        Offer("/ban Bob b", 1, ["Bob ", "bob smith "]),
        Offer("/ban Bob 2h b", 1, ["Bob ", "bob smith "]),
        Offer("/unban z", 1, ["zoë "]),
        // A nickname later in the line.
        Offer("hello b", 1, ["Bob ", "bob smith "]),
        Offer("hello ", 0, everyone.map { $0 + " " }),
        Offer("one\nb", 1, ["Bob ", "bob smith "]),
        Offer("//b", nil, []),
        Offer("x", nil, []),
        // Commands.
        Offer("/", 1, SlashCommand.allCases.map { $0.name + ($0.specification.arguments.isEmpty ? "" : " ") }),
        Offer("/re", 3, ["/refresh", "/reconnect"]),
        Offer("/MS", 3, ["/msg "]),
        Offer("/xyz", nil, []),
        Offer("/que", nil, []),
        // Arguments.
        Offer("/msg b", 1, ["Bob ", "\"bob smith\" "]),
        Offer("/msg \"bob s", 6, ["\"bob smith\" "]),
        Offer("/msg \"bob smith\"", 0, everyone.map { $0 + " " }),
        Offer("/msg bob hello al", 2, ["alice "]),
        Offer("/w b", 1, ["Bob ", "\"bob smith\" "]),
        Offer("/kick ", 0, ["carol ", "Bob ", "alice ", "\"bob smith\" ", "日本太郎 ", "zoë ", "gone "]),
        Offer("/kick z", 1, ["zoë "]),
        Offer("/color ", 0, ["#d3f"] + NamedColor.allCases.map(\.rawValue)),
        Offer("/color t", 1, ["teal"]),
        Offer("/color #", 1, ["#d3f"]),
        Offer("/help re", 2, ["refresh", "reconnect"]),
        Offer("/help /re", 3, ["refresh", "reconnect"]),
        Offer("/nick b", nil, []),
        Offer("/quit b", nil, []),
        Offer("/nosuch b", 1, ["Bob ", "bob smith "]),
    ]

    @Test("offers what fits", arguments: offers)
    func offersWhatFits(offer: Offer) {
        let completion = Completion(of: offer.before, isBeforeSpace: false, from: Self.sources)
        #expect(completion?.replacedCount == offer.replaced)
        #expect(completion?.candidates ?? [] == offer.candidates)
    }

    @Test(
        "adds no space where there is one",
        arguments: [("b", "Bob:"), ("hello b", "Bob"), ("/msg b", "Bob"), ("/ms", "/msg")]
    )
    func addsNoSpace(before: String, first: String) {
        #expect(Completion(of: before, isBeforeSpace: true, from: Self.sources)?.candidates.first == first)
    }

    private func driver() -> InterfaceDriver {
        var driver = InterfaceDriver(80, 24)
        driver.roster(["alice", "bob", "bob smith", "tester"])
        driver.chat("bob smith", "I spoke")
        return driver
    }

    /// What stands in the input line.
    private func line(_ driver: inout InterfaceDriver) -> String {
        String(driver.screen.last?.drop { $0 != "›" }.dropFirst(2) ?? "")
    }

    @Test("goes around with Tab and back with Shift-Tab")
    func goesAroundWith() {
        var driver = driver()
        driver.type("b")
        var seen: [String] = []
        for _ in 0..<3 {
            driver.press(.tab)
            seen.append(line(&driver))
        }
        #expect(seen == ["bob smith:", "bob:", "bob smith:"])
        driver.press(.tab, .shift)
        #expect(line(&driver) == "bob:")
        driver.type("hi")
        #expect(driver.press(.enter) == [.session(.say("bob: hi", to: .everyone))])
    }

    @Test("shows what comes next above the line, as far as there is room")
    func showsWhatComes() {
        var driver = driver()
        driver.press(.tab)
        #expect(driver.screen[22].hasPrefix("─ bob smith:  alice:  bob: ───"))
        driver.press(.tab)
        #expect(driver.screen[22].hasPrefix("─ alice:  bob:  bob smith: ───"))
        driver.type("x")
        #expect(driver.screen[22].hasPrefix("──────"))
        driver.roster((1...50).map { "user\($0)" })
        driver.press(.backspace)
        driver.type(" ")
        driver.press(.tab)
        #expect(driver.screen[22].hasPrefix("─ user1  user2  user3  user4  user5  … ──"))
        driver.resize(20, 12)
        #expect(driver.screen.count == 12)
    }

    @Test("starts anew after any other key")
    func startsAnewAfter() {
        var driver = driver()
        driver.type("b")
        driver.press(.tab)
        driver.type("and a")
        driver.press(.tab)
        #expect(line(&driver) == "bob smith: and alice")
        driver.press(.tab)
        #expect(line(&driver).hasPrefix("bob smith: and alice bob smith"))
    }

    @Test("completes in the middle of a line")
    func completesInMiddle() {
        var driver = driver()
        driver.type("al you")
        for _ in 0..<4 { driver.press(.left) }
        driver.press(.tab)
        #expect(line(&driver) == "alice: you")
    }

    @Test("makes a command that is understood")
    func makesCommandUnderstood() {
        var driver = driver()
        driver.type("/m")
        driver.press(.tab)
        driver.type("b")
        driver.press(.tab)
        #expect(line(&driver) == "/msg \"bob smith\"")
        driver.type("hello")
        #expect(driver.press(.enter) == [.session(.say("hello", to: .user("bob smith")))])
    }

    @Test("leaves alone what it can't complete, also with nobody there")
    func leavesAloneWhat() {
        var driver = InterfaceDriver(80, 24)
        driver.press(.tab)
        driver.press(.tab, .shift)
        driver.type("xyz")
        driver.press(.tab)
        #expect(line(&driver) == "xyz")
    }
}
