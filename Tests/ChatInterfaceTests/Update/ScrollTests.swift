internal import ChatInterface
internal import ChatProtocol
internal import ChatSession
internal import Testing

@Suite("Scrolling")
struct ScrollTests {
    /// 100 numbered lines in a pane of 8 rows.
    private func driver(lines: Int = 100) -> InterfaceDriver {
        var driver = InterfaceDriver(50, 12)
        for number in 0..<lines { driver.chat("bob", "line \(number)") }
        return driver
    }

    /// The numbers of the lines in view.
    private func numbers(_ driver: inout InterfaceDriver) -> [Int] {
        driver.screen.compactMap { row in
            guard let range = row.firstRange(of: "line ") else { return nil }
            return Int(row[range.upperBound...].prefix(while: \.isNumber))
        }
    }

    @Test("follows what is new until it is scrolled")
    func followsWhatNew() {
        var driver = driver()
        #expect(numbers(&driver) == Array(92..<100))
        driver.chat("bob", "line 100")
        #expect(numbers(&driver) == Array(93..<101))
    }

    @Test("goes by pages that share two rows, and comes back")
    func goesByPages() {
        var driver = driver()
        driver.press(.pageUp)
        #expect(numbers(&driver) == Array(86..<94))
        driver.press(.pageUp)
        #expect(numbers(&driver) == Array(80..<88))
        driver.press(.pageDown)
        #expect(numbers(&driver) == Array(86..<94))
        driver.press(.pageDown)
        #expect(numbers(&driver) == Array(92..<100))
        driver.press(.pageDown)
        #expect(numbers(&driver) == Array(92..<100))
    }

    @Test(
        "jumps to both ends",
        arguments: [
            (KeyPress(.home, .alt), KeyPress(.end, .alt)),
            (KeyPress(.home, .control), KeyPress(.end, .control)),
        ]
    )
    func jumpsBothEnds(home: KeyPress, end: KeyPress) {
        var driver = driver()
        driver.press(home.key, home.modifiers)
        #expect(numbers(&driver) == Array(0..<7))
        #expect(driver.text.contains("22 November"))
        driver.press(end.key, end.modifiers)
        #expect(numbers(&driver) == Array(92..<100))
    }

    @Test("goes by lines with the wheel and with Alt")
    func goesByLines() {
        var driver = driver()
        driver.send(.terminal(.wheel(lines: -3, row: 5, column: 5)))
        #expect(numbers(&driver) == Array(89..<97))
        driver.press(.pageUp, .alt)
        #expect(numbers(&driver) == Array(86..<94))
        driver.press(.pageDown, .alt)
        driver.send(.terminal(.wheel(lines: 3, row: 5, column: 5)))
        #expect(numbers(&driver) == Array(92..<100))
        driver.send(.terminal(.wheel(lines: .min, row: .min, column: .max)))
        #expect(numbers(&driver).first == 0)
        driver.send(.terminal(.wheel(lines: .max, row: 5, column: 5)))
        #expect(numbers(&driver).last == 99)
    }

    @Test("does not move when lines arrive, and counts them")
    func doesNotMove() {
        var driver = driver()
        driver.press(.pageUp)
        #expect(driver.rows(with: "more below").first?.hasSuffix(" ↓ 6 more below ─") == true)
        for number in 100..<110 { driver.chat("bob", "line \(number)") }
        #expect(numbers(&driver) == Array(86..<94))
        #expect(driver.text.contains(" ↓ 16 more below "))
        driver.press(.end, .alt)
        #expect(!driver.text.contains("more below"))
        #expect(numbers(&driver).last == 109)
    }

    @Test("counts what is below on a row of its own where there is no line for it")
    func countsWhatBelow() {
        var driver = driver()
        driver.resize(40, 8)
        #expect(numbers(&driver) == Array(95..<100))
        driver.press(.pageUp)
        #expect(numbers(&driver) == Array(92..<96))
        #expect(driver.screen[6].hasSuffix("↓ 4 more below"))
    }

    @Test("comes back to the newest when something is said")
    func comesBackNewest() {
        var driver = driver()
        driver.press(.pageUp)
        driver.enter("hello")
        #expect(numbers(&driver).last == 99)
        driver.press(.pageUp)
        driver.enter("/nosuch")
        #expect(driver.text.contains("There is no command"))
    }

    @Test("keeps the same top line when the window changes")
    func keepsSameTop() {
        var driver = InterfaceDriver(100, 20)
        for number in 0..<50 {
            let words = Array(repeating: "n\(number)", count: 1 + number % 7 * 9)
            driver.chat("bob", words.joined(separator: " "))
        }
        driver.press(.pageUp)
        driver.press(.pageUp)
        let first = topWord(&driver)
        for (columns, rows) in [(60, 20), (30, 8), (200, 9), (20, 6), (10, 2), (0, 0), (80, 10), (100, 20)] {
            driver.resize(columns, rows)
            if columns >= 20 { #expect(topWord(&driver) == first, "\(columns)x\(rows)") }
        }
    }

    /// The first word in view of what was said.
    private func topWord(_ driver: inout InterfaceDriver) -> Substring? {
        driver.screen.dropFirst(2).first?.split(separator: " ").first { $0.hasPrefix("n") }
    }

    @Test("keeps its place inside a long line")
    func keepsItsPlace() {
        var driver = InterfaceDriver(60, 10)
        driver.press(.function(2))
        driver.chat("bob", (0..<400).map { "w\($0)" }.joined(separator: " "))
        driver.press(.home, .alt)
        for _ in 0..<6 { driver.press(.pageDown) }
        let word = driver.screen[2].split(separator: " ").first.map(String.init) ?? ""
        #expect(word.hasPrefix("w"))
        driver.resize(40, 10)
        #expect(driver.screen[2].contains(word + " "))
        driver.resize(60, 10)
        #expect(driver.screen[2].split(separator: " ").first.map(String.init) == word)
    }

    @Test("follows the newest again once the window has room for all")
    func followsNewestAgain() {
        var driver = driver(lines: 20)
        driver.press(.home, .alt)
        driver.resize(50, 60)
        #expect(numbers(&driver) == Array(0..<20))
        #expect(!driver.text.contains("more below"))
        driver.chat("bob", "line 20")
        #expect(numbers(&driver) == Array(0..<21))
    }

    @Test("asks for older lines at the top, once, and stays where it is when they come")
    func asksForOlder() {
        var driver = driver(lines: 20)
        driver.say(.olderHistory(available: true))
        var effects: [InterfaceEffect] = []
        for _ in 0..<10 { effects += driver.press(.pageUp) }
        #expect(effects == [.session(.loadOlder)])
        #expect(driver.text.contains("loading earlier messages"))
        #expect(numbers(&driver).first == 0)
        let older = (0..<30).map { number in
            driver.entry(InterfaceDriver.chat(from: "carol"), "line \(1000 + number)", place: -30 + number)
        }
        driver.say(.inserted(older))
        driver.say(.olderHistory(available: false))
        #expect(!driver.text.contains("loading"))
        #expect(numbers(&driver).first == 0)
        effects = driver.press(.pageUp)
        #expect(numbers(&driver).contains(1029))
        for _ in 0..<10 { effects += driver.press(.pageUp) }
        #expect(numbers(&driver).first == 1000)
        #expect(effects.isEmpty)
    }

    @Test("asks for older lines also where all fit the pane, but not while away")
    func asksForOlderLines() {
        var driver = driver(lines: 2)
        #expect(driver.press(.pageUp).isEmpty)
        driver.say(.olderHistory(available: true))
        #expect(driver.press(.pageUp) == [.session(.loadOlder)])
        #expect(driver.press(.home, .alt).isEmpty)
        driver.say(.status(.waiting(reason: "lost", milliseconds: 1000, attempt: 1)))
        #expect(driver.press(.home, .alt).isEmpty)
        driver.say(.status(.online(InterfaceDriver.channel, framing: .netstring, roundTripMilliseconds: nil)))
        #expect(driver.press(.home, .alt) == [.session(.loadOlder)])
    }

    @Test("does nothing without lines")
    func doesNothingWithout() {
        var driver = InterfaceDriver(50, 12)
        for key in [KeyPress.Key.pageUp, .pageDown] {
            #expect(driver.press(key).isEmpty)
            #expect(driver.press(key, .alt).isEmpty)
        }
        driver.press(.home, .alt)
        driver.press(.end, .alt)
        driver.press(.character("u"), .alt)
        #expect(driver.screen.count == 12)
    }
}
