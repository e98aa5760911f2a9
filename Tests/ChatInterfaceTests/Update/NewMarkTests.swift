internal import ChatInterface
internal import ChatProtocol
internal import ChatSession
internal import Testing

@Suite("The mark of what is new")
struct NewMarkTests {
    private func driver() -> InterfaceDriver {
        var driver = InterfaceDriver(50, 16)
        driver.chat("bob", "seen")
        return driver
    }

    /// The first line under the mark, or nil where there is none.
    private func marked(_ driver: inout InterfaceDriver) -> String? {
        let screen = driver.screen
        guard let row = screen.firstIndex(where: { $0.hasPrefix("── new ──") }), row + 1 < screen.count else {
            return nil
        }
        return screen[row + 1].split(separator: " ").last.map(String.init)
    }

    @Test("is not there for a reader who watches")
    func notThereFor() {
        var driver = driver()
        driver.chat("bob", "more")
        #expect(marked(&driver) == nil)
    }

    @Test("stands above what came while the terminal had no focus")
    func standsAboveWhat() {
        var driver = driver()
        driver.send(.terminal(.focus(false)))
        driver.presence("eve", joins: true)
        driver.chat("bob", "first")
        driver.chat("bob", "second")
        #expect(marked(&driver) == "first")
        driver.send(.terminal(.focus(true)))
        driver.chat("bob", "third")
        #expect(marked(&driver) == "first")
    }

    @Test("stands above what came while the view was scrolled")
    func standsAboveWhatCame() {
        var driver = driver()
        for number in 0..<30 { driver.chat("bob", "old\(number)") }
        driver.press(.pageUp)
        driver.chat("bob", "first")
        driver.chat("bob", "second")
        driver.press(.end, .alt)
        #expect(marked(&driver) == "first")
    }

    @Test("moves on once the reader was there")
    func movesOnOnce() {
        var driver = driver()
        driver.send(.terminal(.focus(false)))
        driver.chat("bob", "first")
        driver.send(.terminal(.focus(true)))
        driver.type("x")
        driver.chat("bob", "second")
        driver.send(.terminal(.focus(false)))
        driver.chat("bob", "third")
        #expect(marked(&driver) == "third")
    }

    @Test("stays while the reader looks for it")
    func staysWhileReader() {
        var driver = driver()
        for number in 0..<30 { driver.chat("bob", "old\(number)") }
        driver.send(.terminal(.focus(false)))
        driver.chat("bob", "first")
        for number in 0..<30 { driver.chat("bob", "new\(number)") }
        driver.send(.terminal(.focus(true)))
        driver.press(.pageUp)
        driver.press(.pageUp)
        driver.press(.pageUp)
        #expect(marked(&driver) == "first")
        driver.press(.end, .alt)
        driver.press(.character("u"), .alt)
        #expect(marked(&driver) == "first")
        #expect(driver.screen[2].hasPrefix("── new ──"))
    }

    @Test("goes when the reader says something")
    func goesWhenReader() {
        var driver = driver()
        driver.send(.terminal(.focus(false)))
        driver.chat("bob", "first")
        driver.enter("here I am")
        #expect(marked(&driver) == nil)
    }

    @Test("is not set by own lines, history and what the program says")
    func notSetBy() {
        var driver = driver()
        driver.send(.terminal(.focus(false)))
        driver.say(.appended([driver.entry(InterfaceDriver.chat(from: "tester", isOwn: true), "own")]))
        driver.say(.inserted([driver.entry(InterfaceDriver.chat(from: "bob"), "history", place: -5)]))
        driver.say(.notice(SafeText(line: "notice"), isFailure: true))
        #expect(marked(&driver) == nil)
        driver.say(.appended([driver.entry(.error, "failure")]))
        #expect(marked(&driver) == "failure")
    }
}
