internal import ChatInterface
internal import ChatProtocol
internal import ChatSession
internal import Testing

@testable internal import ChatInterface

@Suite("What the session reports")
struct TimelineTests {
    /// The last word of each line in the pane.
    private func words(_ driver: inout InterfaceDriver) -> [String] {
        driver.screen.dropFirst(2).dropLast(2).filter { !$0.contains("──") }.compactMap { row in
            row.split(separator: " ").last.map(String.init)
        }
    }

    private func driver() -> InterfaceDriver {
        InterfaceDriver(50, 16)
    }

    private let own = InterfaceDriver.chat(from: "tester", color: "#D333FF", isOwn: true)

    @Test("keeps pending messages below all others until they are accepted")
    func keepsPendingMessages() {
        var driver = driver()
        driver.chat("bob", "one")
        var pending = driver.entry(own, "mine", delivery: .pending)
        driver.say(.appended([pending]))
        driver.chat("bob", "two")
        #expect(words(&driver) == ["one", "two", "mine"])
        #expect(driver.interface.view().styledText.contains("‹\(Theme().dim)|mine›"))
        pending.delivery = .accepted
        pending.place = .init(epoch: 0, number: 4)
        driver.say(.changed(pending))
        driver.chat("bob", "three")
        #expect(words(&driver) == ["one", "two", "mine", "three"])
        #expect(!driver.interface.view().styledText.contains("‹\(Theme().dim)|mine›"))
    }

    @Test("moves an accepted message to where the server has it")
    func movesAcceptedMessage() {
        var driver = driver()
        var pending = driver.entry(own, "mine", delivery: .pending)
        driver.say(.appended([pending]))
        driver.chat("bob", "two")
        driver.chat("bob", "three")
        pending.delivery = .accepted
        pending.place = .init(epoch: 0, number: 2, minor: 1)
        driver.say(.changed(pending))
        #expect(words(&driver) == ["two", "mine", "three"])
    }

    @Test("says why a message failed")
    func saysWhyMessage() {
        var driver = driver()
        var pending = driver.entry(own, "mine", delivery: .pending)
        driver.say(.appended([pending]))
        pending.delivery = .failed(SafeText(line: "No such user"))
        pending.place = .init(epoch: 0, number: 1)
        driver.say(.changed(pending))
        driver.chat("bob", "after")
        #expect(driver.text.contains("✗ not sent: No such user"))
        #expect(words(&driver) == ["mine", "user", "after"] || words(&driver) == ["mine", "User", "after"])
    }

    @Test("puts notices below what waits, and leaves them there when that was sent")
    func putsNoticesBelow() {
        var driver = driver()
        driver.say(.notice(SafeText(line: "zero"), isFailure: false))
        driver.chat("bob", "one")
        var pending = driver.entry(own, "mine", delivery: .pending)
        driver.say(.appended([pending]))
        driver.say(.notice(SafeText(line: "notice"), isFailure: false))
        driver.chat("bob", "two")
        #expect(words(&driver) == ["zero", "one", "two", "mine", "notice"])
        pending.delivery = .accepted
        pending.place = .init(epoch: 0, number: 4)
        driver.say(.changed(pending))
        driver.chat("bob", "three")
        #expect(words(&driver) == ["zero", "one", "two", "mine", "notice", "three"])
    }

    @Test("shows the reply to a command, however many messages wait", arguments: [(80, 24), (30, 8)])
    func showsReply(columns: Int, rows: Int) {
        var driver = InterfaceDriver(columns, rows)
        driver.say(.status(.waiting(reason: "lost", milliseconds: 60_000, attempt: 1)))
        for number in 1...30 { driver.say(.appended([driver.entry(own, "waiting \(number)", delivery: .pending)])) }
        driver.say(.notice(SafeText(line: "You will be evita."), isFailure: false))
        #expect(driver.text.contains("You will be evita."))
        driver.enter("/help nonsense")
        #expect(driver.text.contains("/nonsense"))
    }

    @Test("shows what is told at the login below the history, also after the connection was lost")
    func showsNoticesBelowHistory() {
        var driver = InterfaceDriver(50, 16, isOnline: false)
        for round in 0...1 {
            driver.say(.status(.connecting))
            driver.say(.notice(SafeText(line: "certificate\(round)"), isFailure: false))
            driver.say(.status(.online(InterfaceDriver.channel, framing: .netstring, roundTripMilliseconds: nil)))
            driver.say(.notice(SafeText(line: "password\(round)"), isFailure: false))
            var page: [TimelineEntry] = []
            for _ in 1...30 { page.append(driver.entry(InterfaceDriver.chat(from: "bob"), "old\(round)")) }
            driver.say(round == 0 ? .inserted(page) : .appended(page))
            #expect(words(&driver).suffix(3) == ["old\(round)", "certificate\(round)", "password\(round)"])
            driver.say(.olderHistory(available: true))
            driver.chat("bob", "live\(round)")
            #expect(
                words(&driver).suffix(4) == ["old\(round)", "certificate\(round)", "password\(round)", "live\(round)"]
            )
            driver.say(.status(.waiting(reason: "lost\(round)", milliseconds: 1000, attempt: 1)))
            #expect(words(&driver).last == "lost\(round)")
        }
        driver.press(.home, .alt)
        driver.press(.end, .alt)
        #expect(words(&driver).contains("old1") && !words(&driver).contains("lost0"))
    }

    @Test("hides with /clear neither what waits nor what was missed")
    func clearsNothingMissed() {
        var driver = driver()
        driver.chat("bob", "seen")
        driver.say(.status(.connecting))
        driver.say(.appended([driver.entry(own, "mine", delivery: .pending)]))
        driver.say(.notice(SafeText(line: "told"), isFailure: false))
        driver.enter("/clear")
        driver.chat("bob", "missed")
        #expect(words(&driver) == ["missed", "mine", "told"])
    }

    @Test("puts late history between what is there, and takes groups apart for it")
    func putsLateHistory() {
        var driver = driver()
        let places = [10, 20, 30, 40]
        for (number, name) in zip(places, ["a", "b", "c", "d"]) {
            let kind = TimelineEntry.Kind.info(
                sender: SafeText(line: name),
                event: .join(color: "#FFF", isAdmin: false)
            )
            driver.say(.appended([driver.entry(kind, "", place: number)]))
        }
        #expect(driver.text.contains("a, b, c and d joined"))
        driver.say(
            .inserted([
                driver.entry(InterfaceDriver.chat(from: "bob"), "first", place: 5),
                driver.entry(InterfaceDriver.chat(from: "bob"), "between", place: 25),
            ])
        )
        #expect(words(&driver) == ["first", "joined", "between", "joined"])
        #expect(driver.text.contains("a and b joined"))
        #expect(driver.text.contains("c and d joined"))
        let kind = TimelineEntry.Kind.info(sender: SafeText(line: "e"), event: .leave)
        driver.say(.inserted([driver.entry(kind, "", place: 15)]))
        #expect(driver.text.contains("a and b joined · e left"))
    }

    @Test("ignores changes of what it does not know, and empty updates")
    func ignoresChangesWhat() {
        var driver = driver()
        driver.chat("bob", "one")
        let before = driver.text
        driver.say(.changed(driver.entry(own, "never seen")))
        driver.say(.appended([]))
        driver.say(.inserted([]))
        #expect(driver.text == before)
    }

    @Test("keeps a bounded number of lines")
    func keepsBoundedNumber() {
        var driver = driver()
        driver.say(.olderHistory(available: true))
        var batch: [TimelineEntry] = []
        for number in 0..<100_000 {
            batch.append(driver.entry(InterfaceDriver.chat(from: "user\(number % 50)"), "line \(number)"))
        }
        driver.say(.appended(batch))
        #expect(words(&driver).last == "99999")
        let lines = driver.interface.pane.scrollback.lines
        #expect((Scrollback.limit...Scrollback.highWater).contains(lines.count))
        // Only what is in view was wrapped.
        #expect(lines.count { $0.wrapped != nil } <= 16)
        // What is no longer there is not asked for again: there would be a gap.
        #expect(driver.press(.home, .alt).isEmpty)
        #expect(driver.text.contains("earlier messages are no longer kept here"))
    }

    @Test("wraps a line once for each width")
    func wrapsLineOnce() {
        var driver = driver()
        for number in 0..<100 { driver.chat("bob", "line \(number)") }
        _ = driver.text
        let wrapped = { (driver: InterfaceDriver) in
            driver.interface.pane.scrollback.lines.compactMap(\.wrapped?.columns)
        }
        #expect(wrapped(driver).count == 12)
        _ = driver.text
        driver.chat("bob", "line 100")
        _ = driver.text
        #expect(wrapped(driver).count == 13)
        driver.resize(80, 16)
        _ = driver.text
        #expect(Set(wrapped(driver)).count == 2)
        #expect(wrapped(driver).count == 13)
    }

    @Test("remembers a nickname and a color once the server confirms them")
    func remembersNicknameColor() {
        var driver = InterfaceDriver(80, 24, isOnline: false)
        let color = ChatColor("#D333FF") ?? .white
        // What was given at the start is no change.
        #expect(driver.say(.identity(nickname: "tester", color: color)).isEmpty)
        #expect(
            driver.say(.identity(nickname: "robert", color: color)) == [.remember(nickname: "robert", color: color)]
        )
        #expect(driver.say(.identity(nickname: "robert", color: color)).isEmpty)
        #expect(
            driver.say(.identity(nickname: "robert", color: .white)) == [.remember(nickname: "robert", color: .white)]
        )
        #expect(driver.screen.last == " robert › type a message, or /help")
    }
}
