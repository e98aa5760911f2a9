internal import ChatInterface
internal import ChatProtocol
internal import ChatSession
internal import Testing

@Suite("Times that the server writes in UTC")
struct LocalTimesTests {
    static let fixtures: [(text: String, hours: Int32, shown: String)] = [
        ("bob is banned until 2026-11-28 10:04:05 UTC.", 1, "bob is banned until 2026-11-28 11:04 local time."),
        ("until 2026-12-31 23:30:00 UTC: spam", 1, "until 2027-01-01 00:30 local time: spam"),
        ("until 2028-03-01 00:30:00 UTC", -1, "until 2028-02-29 23:30 local time"),
        (
            "2026-11-28 11:04 local time, not 2026-11-28 11:04:05 UTC", 1,
            "2026-11-28 11:04 local time, not 2026-11-28 12:04"
        ),
        ("until 2000-02-29 12:00:00 UTC", 0, "until 2000-02-29 12:00 local time"),
        ("until 2026-13-28 10:04:05 UTC", 1, "until 2026-13-28 10:04:05 UTC"),
        ("the UTC is a time", 1, "the UTC is a time"),
    ]

    @Test("are shown on the reader's clock, wherever they stand", arguments: fixtures)
    func areShownOn(text: String, hours: Int32, shown: String) {
        for number in 0..<4 {
            var driver = InterfaceDriver(120, 24)
            driver.now = Timestamp(unixMilliseconds: driver.now.unixMilliseconds, utcOffsetSeconds: hours * 3600)
            switch number {
            case 0: driver.say(.notice(SafeText(block: text), isFailure: false))
            case 1: driver.say(.appended([driver.entry(.warning, text)]))
            case 2: driver.say(.status(.ended(reason: text)))
            default: driver.say(.loginNeeded(reason: SafeText(line: text)))
            }
            #expect(driver.text.contains(shown), "\(driver.text)")
        }
    }

    @Test("stay as they are in what people say")
    func stayAsThey() {
        var driver = InterfaceDriver(120, 24)
        driver.now = Timestamp(unixMilliseconds: driver.now.unixMilliseconds, utcOffsetSeconds: 3600)
        driver.chat("bob", "at 2026-11-28 10:04:05 UTC")
        #expect(driver.text.contains("at 2026-11-28 10:04:05 UTC"))
    }
}
