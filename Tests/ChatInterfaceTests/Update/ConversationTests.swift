internal import ChatInterface
internal import ChatProtocol
internal import ChatSession
internal import ChatTestSupport
internal import Testing

@Suite("Talking to one person")
struct ConversationTests {
    private func driver() -> InterfaceDriver {
        var driver = InterfaceDriver(80, 24)
        driver.roster(["alice", "bob smith", "tester"])
        driver.enter("/msg \"bob smith\"")
        return driver
    }

    /// Whether an effect says a text that was typed for one person to everyone.
    private func isLeak(_ effect: InterfaceEffect) -> Bool {
        guard case .session(.say(let text, .everyone)) = effect else { return false }
        return text.contains("secret")
    }

    @Test("keeps the person while there is text, and says how to get back")
    func keepsPersonWhile() {
        var driver = driver()
        driver.type("secret")
        driver.press(.escape)
        #expect(driver.screen.last == " tester → bob smith › secret")
        #expect(driver.text.contains("Ctrl-C clears it; then Esc goes back"))
        #expect(driver.press(.enter) == [.session(.say("secret", to: .user("bob smith")))])
        driver.press(.escape)
        #expect(driver.screen.last == " tester ›")
        #expect(driver.enter("hello") == [.session(.say("hello", to: .everyone))])
    }

    @Test("has private messages in the history as commands, which send them to the same person")
    func hasPrivateMessages() {
        var driver = driver()
        driver.enter("secret")
        driver.press(.escape)
        driver.press(.up)
        #expect(driver.screen.last == " tester › /msg \"bob smith\" secret")
        #expect(driver.press(.enter) == [.session(.say("secret", to: .user("bob smith")))])
        driver.enter("/msg alice")
        driver.paste((1...25).map { "secret \($0)" }.joined(separator: "\n"))
        driver.press(.enter)
        driver.press(.enter)
        driver.press(.escape)
        driver.press(.up)
        #expect(driver.press(.enter).isEmpty)
        #expect(driver.screen.last?.hasPrefix(" Send 25 lines to alice?") == true)
    }

    /// What could bring back a draft that was deleted.
    static let ways: [[KeyPress]] = [
        [KeyPress(.escape)],
        [KeyPress(.escape), KeyPress(.escape)],
        [KeyPress(.character("c"), .control), KeyPress(.escape), KeyPress(.character("_"), .control)],
        [KeyPress(.character("u"), .control), KeyPress(.escape), KeyPress(.character("y"), .control)],
        [KeyPress(.up), KeyPress(.character("c"), .control), KeyPress(.escape), KeyPress(.down)],
        [KeyPress(.enter), KeyPress(.escape), KeyPress(.up)],
    ]

    @Test("makes no private draft public, whichever way it comes back", arguments: ways)
    func makesNoPrivate(keys: [KeyPress]) {
        var driver = driver()
        driver.type("secret")
        let effects = keys.flatMap { driver.press($0.key, $0.modifiers) } + driver.press(.enter)
        #expect(!effects.contains(where: isLeak))
    }

    @Test("makes no private draft public by any row of keys", arguments: 0..<40 as Range<UInt64>)
    func makesNoPrivateDraft(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        var driver = driver()
        let keys: [KeyPress] = [
            KeyPress(.escape), KeyPress(.enter), KeyPress(.up), KeyPress(.down), KeyPress(.home), KeyPress(.end),
            KeyPress(.tab), KeyPress(.enter, .alt), KeyPress(.character("c"), .control),
            KeyPress(.character("u"), .control), KeyPress(.character("k"), .control),
            KeyPress(.character("y"), .control), KeyPress(.character("y"), .alt),
            KeyPress(.character("_"), .control), KeyPress(.character("_"), .alt),
        ]
        for _ in 0..<60 {
            switch Int.random(in: 0..<8, using: &generator) {
            case 0 where driver.screen.last?.contains("→") == true: driver.type("secret")
            case 1 where driver.screen.last?.hasSuffix("›") == true:
                driver.enter(["/msg", "/msg alice", "hello"].randomElement(using: &generator) ?? "")
            default:
                guard let key = keys.randomElement(using: &generator) else { continue }
                #expect(!driver.press(key.key, key.modifiers).contains(where: isLeak))
            }
        }
    }
}
