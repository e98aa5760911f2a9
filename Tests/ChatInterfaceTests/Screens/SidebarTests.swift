internal import ChatInterface
internal import ChatProtocol
internal import ChatSession
internal import Testing

@Suite("The list of people")
struct SidebarTests {
    /// What stands right of the line.
    private func sidebar(_ driver: inout InterfaceDriver) -> [String] {
        driver.screen.compactMap { row in
            row.split(separator: "│", omittingEmptySubsequences: false).dropFirst().first.map(String.init)
        }
    }

    @Test("shows admins first, in the order of the session, with the own name marked")
    func showsAdminsFirst() {
        var driver = InterfaceDriver(60, 14)
        driver.roster(["root", "tester", "alice", "a_very_long_name"], admins: ["root", "tester"])
        #expect(sidebar(&driver).prefix(6) == [" 4 here", " ★ root", "›★ tester", "   alice", "   a_very_long…", ""])
    }

    @Test("is hidden and shown with F2, and goes away under 60 columns")
    func hiddenShownWith() {
        var driver = InterfaceDriver(60, 14)
        driver.roster(["alice", "tester"])
        #expect(driver.text.contains("2 here"))
        driver.press(.function(2))
        #expect(!driver.text.contains("2 here"))
        driver.press(.function(2))
        #expect(driver.text.contains("2 here"))
        driver.resize(59, 14)
        #expect(!driver.text.contains("2 here"))
        driver.press(.function(2))
        #expect(driver.text.contains("The list of people needs 60 columns."))
        driver.resize(60, 14)
        #expect(driver.text.contains("2 here"))
    }

    @Test("says how many have no room, and scrolls to them with the wheel")
    func saysHowMany() {
        var driver = InterfaceDriver(60, 12)
        driver.roster((1...30).map { "user\($0)" })
        #expect(
            sidebar(&driver) == [
                " 30 here", "   user1", "   user2", "   user3", "   user4", "   user5", "   user6", "   +24 more",
            ]
        )
        driver.send(.terminal(.wheel(lines: 3, row: 5, column: 55)))
        #expect(sidebar(&driver)[1] == "   user4")
        #expect(sidebar(&driver)[7] == "   +21 more")
        driver.send(.terminal(.wheel(lines: 100, row: 5, column: 55)))
        #expect(
            sidebar(&driver).dropFirst() == [
                "   user25", "   user26", "   user27", "   user28", "   user29", "   user30", "",
            ]
        )
        driver.send(.terminal(.wheel(lines: -3, row: 5, column: 55)))
        #expect(sidebar(&driver)[1] == "   user22")
        driver.roster(["user1", "user2"])
        #expect(sidebar(&driver).prefix(4) == [" 2 here", "   user1", "   user2", ""])
    }

    @Test("highlights the one who is talked to")
    func highlightsOneWho() {
        var driver = InterfaceDriver(60, 14)
        driver.roster(["alice", "bob", "tester"])
        driver.enter("/msg bob")
        let rows = driver.interface.view().styledLines.filter { $0.contains("reverse") }
        #expect(rows.count == 1)
        #expect(rows.first?.contains("bob") == true)
    }

    @Test("shows members whose color is not known yet")
    func showsMembersWhose() {
        var driver = InterfaceDriver(60, 14)
        driver.say(.roster(Roster(members: [.init(nickname: "old", color: nil, isAdmin: false, isOwn: false)])))
        #expect(sidebar(&driver).prefix(2) == [" 1 here", "   old"])
    }
}
