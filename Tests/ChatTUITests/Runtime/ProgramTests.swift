internal import ChatInterface
internal import ChatProtocol
internal import ChatSession
internal import Glibc
internal import Testing

@testable import ChatTUI

@Suite("Program loop")
struct ProgramTests {
    @Test("a key shows at once")
    func echo() throws {
        let driver = try ProgramDriver()
        let before = driver.terminal.grids.count
        driver.terminal.type("hel")
        #expect(driver.step())
        driver.terminal.type("lo")
        #expect(driver.step())
        #expect(driver.terminal.grids.count == before + 2)
        #expect(driver.terminal.screen.contains("hello"))
        #expect(driver.time.elapsed == 0)
    }

    @Test("what is typed is sent")
    func send() throws {
        let driver = try ProgramDriver()
        driver.terminal.type("hello\r")
        #expect(driver.step())
        #expect(driver.actions.commands == [.say("hello", to: .everyone)])
    }

    @Test("everything that has come in makes one repaint")
    func coalescing() throws {
        let driver = try ProgramDriver()
        driver.time.elapsed = 1000
        let before = driver.terminal.grids.count
        for number in 1...500 { driver.inbox.post([.appended([driver.said("line \(number)", number: number)])]) }
        driver.terminal.type("x")
        #expect(driver.step())
        #expect(driver.terminal.grids.count == before + 1)
        #expect(driver.terminal.screen.contains("line 500"))
    }

    @Test("a flood repaints 60 times a second at most, and the last of it shows")
    func flood() throws {
        let driver = try ProgramDriver()
        driver.time.elapsed = 1000
        let before = driver.terminal.grids.count
        for number in 1...1000 {
            driver.inbox.post([.appended([driver.said("line \(number)", number: number)])])
            #expect(driver.step())
            driver.time.elapsed += 1
        }
        let frames = driver.terminal.grids.count - before
        #expect(frames <= 64)
        #expect(frames >= 50)
        while driver.time.sleeps.last != .some(nil) { #expect(driver.step()) }
        #expect(driver.terminal.screen.contains("line 1000"))
    }

    @Test("a key in the middle of a flood shows at once")
    func keyInFlood() throws {
        let driver = try ProgramDriver()
        driver.time.elapsed = 1000
        driver.inbox.post([.appended([driver.said("one")])])
        #expect(driver.step())
        driver.inbox.post([.appended([driver.said("two", number: 2)])])
        #expect(driver.step())
        #expect(!driver.terminal.screen.contains("two"))
        driver.terminal.type("k")
        #expect(driver.step())
        #expect(driver.terminal.screen.contains("two"))
        #expect(driver.terminal.screen.contains("k"))
    }

    @Test("with nothing to do it sleeps until something happens")
    func idle() throws {
        let driver = try ProgramDriver()
        let before = driver.terminal.grids.count
        for _ in 0..<5 { #expect(driver.step()) }
        #expect(driver.time.sleeps.suffix(5) == [nil, nil, nil, nil, nil])
        #expect(driver.terminal.grids.count == before)
    }

    @Test("while something counts down it wakes once a second, and no longer")
    func countdown() throws {
        let driver = try ProgramDriver()
        driver.time.elapsed = 1000
        driver.inbox.post([.status(.waiting(reason: "gone", milliseconds: 3000, attempt: 1))])
        #expect(driver.step())
        #expect(driver.terminal.screen.contains("3 s"))
        let start = driver.time.sleeps.count
        for _ in 0..<3 { #expect(driver.step()) }
        #expect(driver.time.sleeps[start...] == [1000, 1000, 1000])
        #expect(driver.step())
        #expect(driver.time.sleeps.last == .some(nil))
    }

    @Test("Ctrl-C twice leaves, and the hint goes away when the second does not come")
    func interrupt() throws {
        let driver = try ProgramDriver()
        driver.terminal.type("\u{3}")
        #expect(driver.step())
        let hinted = driver.terminal.screen
        repeat { #expect(driver.step()) } while driver.time.sleeps.last != .some(nil)
        #expect(driver.terminal.screen != hinted)
        driver.terminal.type("\u{3}\u{3}")
        #expect(!driver.step())
        #expect(driver.actions.commands == [.quit])
    }

    @Test("an Escape by itself waits 25 ms and no longer")
    func escape() throws {
        let driver = try ProgramDriver(isOnline: false)
        driver.inbox.post([.loginNeeded(reason: nil)])
        #expect(driver.step())
        driver.terminal.type("\u{1B}")
        #expect(driver.step())
        #expect(!driver.step())
        #expect(driver.time.sleeps.last == 25)
        #expect(driver.actions.commands == [.quit])
    }

    @Test("what the user was confirmed as is remembered")
    func remember() throws {
        let driver = try ProgramDriver(isOnline: false)
        driver.inbox.post([.identity(nickname: "zoe", color: ChatColor(red: 1, green: 2, blue: 3))])
        #expect(driver.step())
        #expect(driver.actions.remembered == ["zoe #010203"])
    }

    @Test("a new window size is measured and painted at once")
    func resize() throws {
        let driver = try ProgramDriver()
        driver.terminal.size = TerminalSize(columns: 40, rows: 10)
        driver.signal(SIGWINCH)
        #expect(driver.step())
        #expect(driver.terminal.grids.last?.columns == 40)
        #expect(driver.terminal.grids.last?.rows == 10)
    }

    @Test("Ctrl-Z and SIGTSTP hand the terminal to the shell; the size may be another after", arguments: [true, false])
    func suspend(byKey: Bool) throws {
        let driver = try ProgramDriver()
        let terminal = driver.terminal
        terminal.whileSuspended = { terminal.size = TerminalSize(columns: 50, rows: 12) }
        if byKey { driver.terminal.type("\u{1A}") } else { driver.signal(SIGTSTP) }
        #expect(driver.step())
        #expect(driver.terminal.log == ["suspend", "measure"])
        #expect(driver.terminal.grids.last?.columns == 50)
        #expect(driver.step())
        #expect(driver.terminal.log == ["suspend", "measure"])
    }

    @Test("what came while it was suspended shows without another key", arguments: [true, false])
    func newsWhileSuspended(byKey: Bool) throws {
        let driver = try ProgramDriver()
        let (inbox, news) = (driver.inbox, driver.said("said meanwhile"))
        driver.terminal.whileSuspended = { inbox.post([.appended([news])]) }
        if byKey { driver.terminal.type("\u{1A}") } else { driver.signal(SIGTSTP) }
        for _ in 0..<4 { #expect(driver.step()) }
        #expect(driver.terminal.screen.contains("said meanwhile"))
    }

    @Test("after a stop from outside the terminal is taken again")
    func continued() throws {
        let driver = try ProgramDriver()
        driver.signal(SIGCONT)
        #expect(driver.step())
        #expect(driver.terminal.log == ["resume", "measure"])
    }

    @Test("signals that end programs end it, also while it is suspended", arguments: [SIGTERM, SIGHUP, SIGINT])
    func ending(signal number: Int32) throws {
        let driver = try ProgramDriver()
        driver.signal(number)
        #expect(!driver.step())

        let suspended = try ProgramDriver()
        let signal = suspended.signal
        suspended.terminal.whileSuspended = { signal(number) }
        suspended.terminal.type("\u{1A}")
        #expect(suspended.step())
        #expect(!suspended.step())
    }

    @Test("a terminal that is gone ends it")
    func hangUp() throws {
        let driver = try ProgramDriver()
        driver.terminal.hangUp()
        #expect(!driver.step())
    }

    @Test("run paints first and gives the terminal back last")
    func run() throws {
        let driver = try ProgramDriver(isOnline: false)
        driver.terminal.hangUp()
        driver.run()
        #expect(driver.terminal.grids.count == 1)
        #expect(driver.terminal.log == ["close"])
    }

    @Test("Ctrl-L repaints every cell")
    func redraw() throws {
        let driver = try ProgramDriver()
        driver.terminal.type("\u{C}")
        #expect(driver.step())
        #expect(driver.terminal.log == ["invalidate"])
    }
}

@Suite("Connection outcome")
struct ConnectionOutcomeTests {
    @Test("a server that never answered was not reached, and the last reason counts")
    func neverReached() {
        var outcome = ConnectionOutcome()
        outcome.note(.status(.connecting))
        outcome.note(.status(.waiting(reason: "refused", milliseconds: 1, attempt: 1)))
        outcome.note(.status(.connecting))
        outcome.note(.status(.waiting(reason: "no route", milliseconds: 1, attempt: 2)))
        #expect(!outcome.wasReached)
        #expect(outcome.reason == "no route")
    }

    @Test(
        "an open connection is no chat yet, until it lets the user in or refuses; somebody who is asked just leaves",
        arguments: [
            ([login], false, true), ([login, .loginNeeded(reason: nil)], false, false),
            ([login, refusal], true, false), ([login, ProgramDriver.online], true, false),
            ([login, lost, .status(.connecting), login], false, true),
            ([login, .plainPasswordQuestion], false, false),
        ]
    )
    func noChat(updates: [SessionUpdate], wasReached: Bool, hasReason: Bool) {
        var outcome = ConnectionOutcome()
        for update in updates { outcome.note(update) }
        #expect(outcome.wasReached == wasReached)
        #expect((outcome.reason != nil) == hasReason)
    }

    static let login = SessionUpdate.status(.loggingIn(ProgramDriver.channel))
    static let lost = SessionUpdate.status(.waiting(reason: "closed", milliseconds: 1, attempt: 1))
    static let refusal = SessionUpdate.loginNeeded(reason: SafeText(line: "The password is wrong."))

    @Test("one that did was, and what was lost shows until it is back")
    func reached() {
        var outcome = ConnectionOutcome()
        outcome.note(ProgramDriver.online)
        outcome.note(.status(.ended(reason: "kicked")))
        #expect(outcome.wasReached)
        #expect(outcome.reason == "kicked")
        outcome.note(ProgramDriver.online)
        #expect(outcome.reason == nil)
    }

    @Test("one that is not trusted is told apart, until it is tried again")
    func distrusted() {
        var outcome = ConnectionOutcome()
        outcome.note(.status(.distrusted(reason: "another certificate")))
        #expect(outcome.isDistrusted)
        #expect(outcome.reason == "another certificate")
        outcome.note(.status(.connecting))
        #expect(!outcome.isDistrusted)
    }
}
