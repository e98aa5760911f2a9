internal import ChatInterface
internal import ChatProtocol
internal import ChatSession
internal import Testing

@Suite("The chat screen")
struct ChatScreenTests {
    /// The morning that the screens below show.
    static func morning(_ columns: Int, _ rows: Int, glyphs: GlyphSet = .unicode) -> InterfaceDriver {
        var driver = InterfaceDriver(columns, rows, glyphs: glyphs)
        driver.roster(["admin", "alice", "bob", "carol", "tester", "日本太郎", "zoë"], admins: ["admin"])
        driver.presence("alice", joins: true)
        driver.presence("bob", joins: true)
        driver.presence("carol", joins: true)
        driver.chat("alice", "Hi everyone!")
        driver.chat("alice", "Second line of the same minute: no time, no name repeated.")
        driver.wait(seconds: 60)
        driver.chat(
            "bob",
            "A longer message wraps at words and hangs under its own text, never under the name, with wide 日本語 and 👍 counted right."
        )
        driver.chat("carol", "see https://example.org/a/long/link")
        driver.wait(seconds: 60)
        driver.say(.appended([driver.entry(InterfaceDriver.chat(from: "bob", to: "tester"), "only between us")]))
        driver.say(.appended([driver.entry(InterfaceDriver.chat(from: "tester", to: "bob", isOwn: true), "so be it")]))
        driver.send(.terminal(.focus(false)))
        driver.wait(seconds: 180)
        driver.chat("alice", "tester: this line mentions you")
        driver.send(.terminal(.focus(true)))
        driver.wait(seconds: 60)
        driver.say(.appended([driver.entry(.warning, "The server is closing in 30 s.")]))
        driver.say(
            .appended([
                driver.entry(InterfaceDriver.chat(from: "tester", isOwn: true), "on its way", delivery: .pending)
            ])
        )
        driver.type("a message being typed")
        return driver
    }
    @Test
    func p() {
        for (c, r) in [(100, 30), (80, 24), (60, 20), (30, 8), (19, 3), (20, 4), (40, 10)] {
            var d = Self.morning(c, r)
            print(d.text)
            print("=====")
        }
        var d = Self.morning(80, 24, glyphs: .ascii)
        d.enter("/help")
        print(d.text)
        d = InterfaceDriver(80, 24, nickname: nil, isOnline: false)
        d.say(.status(.loggingIn(.init(address: "a", isEncrypted: false))))
        d.say(.loginNeeded(reason: nil))
        d.type("tester")
        print(d.text)
        d.press(.enter)
        d.say(.loginNeeded(reason: SafeText(line: "User is a registered user: the password is wrong.")))
        print(d.text)
        d.resize(30, 8)
        print(d.text)
        d.resize(20, 4)
        print(d.text)
    }
}
