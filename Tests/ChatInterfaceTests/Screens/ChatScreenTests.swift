internal import ChatInterface
internal import ChatProtocol
internal import ChatSession
internal import Testing

@Suite("The chat screen")
struct ChatScreenTests {
    /// The morning that the screens below show.
    private func morning(_ columns: Int, _ rows: Int, glyphs: GlyphSet = .unicode) -> InterfaceDriver {
        var driver = InterfaceDriver(columns, rows, glyphs: glyphs)
        driver.roster(["admin", "alice", "bob", "carol", "tester", "日本太郎", "zoë"], admins: ["admin"])
        for name in ["alice", "bob", "carol"] { driver.presence(name, joins: true) }
        driver.chat("alice", "Hi everyone!")
        driver.chat("alice", "Second line of the same minute: no time, no name repeated.")
        driver.wait(seconds: 60)
        driver.chat(
            "bob",
            """
            A longer message wraps at words and hangs under its own text, \
            never under the name, with wide 日本語 and 👍 counted right.
            """
        )
        driver.chat("carol", "see https://example.org/a/long/link")
        driver.wait(seconds: 60)
        driver.say(.appended([driver.entry(InterfaceDriver.chat(from: "bob", to: "tester"), "only between us")]))
        driver.say(.appended([driver.entry(InterfaceDriver.chat(from: "tester", to: "bob", isOwn: true), "so be it")]))
        driver.send(.terminal(.focus(false)))
        driver.wait(seconds: 180)
        driver.chat("日本太郎", "tester: this line mentions you")
        driver.send(.terminal(.focus(true)))
        driver.wait(seconds: 60)
        driver.say(.appended([driver.entry(.warning, "The server is closing in 30 s.")]))
        let own = InterfaceDriver.chat(from: "tester", isOwn: true)
        driver.say(.appended([driver.entry(own, "on its way", delivery: .pending)]))
        driver.type("a message being typed")
        return driver
    }

    @Test("has everything at 100x30")
    func hasEverythingAt() {
        var driver = morning(100, 30)
        expect(
            &driver,
            shows: """
                 everyone                                                           home.example:6666 · tls · 12 ms
                ────────────────────────────────────────────────────────────────────────────────┬───────────────────
                                                                                                │ 7 here
                                                                                                │ ★ admin
                                                                                                │   alice
                                                                                                │   bob
                                                                                                │   carol
                                                                                                │›  tester
                                                                                                │   日本太郎
                                                                                                │   zoë
                                                                                                │
                                                                                                │
                                                                                                │
                                                                                                │
                                         ── Sunday, 22 November 2026 ──                         │
                 12:04           ↪ alice, bob and carol joined                                  │
                 12:04     alice   Hi everyone!                                                 │
                                   Second line of the same minute: no time, no name repeated.   │
                 12:05       bob   A longer message wraps at words and hangs under its own      │
                                   text, never under the name, with wide 日本語 and 👍 counted  │
                                   right.                                                       │
                 12:05     carol   see https://example.org/a/long/link                          │
                 12:06       bob → you  only between us                                         │
                 12:06    tester → bob  so be it                                                │
                ── new ─────────────────────────────────────────────────────────────────────────┤
                 12:09  日本太郎   tester: this line mentions you                               │
                 12:10           ! The server is closing in 30 s.                               │
                 12:10    tester   on its way                                                   │
                ────────────────────────────────────────────────────────────────────────────────┴───────────────────
                 tester › a message being typed█
                """
        )
    }

    @Test("wraps narrower at 80x24")
    func wrapsNarrowerAt() {
        var driver = morning(80, 24)
        expect(
            &driver,
            shows: """
                 everyone                                       home.example:6666 · tls · 12 ms
                ──────────────────────────────────────────────────────────────┬─────────────────
                                                                              │ 7 here
                                                                              │ ★ admin
                                                                              │   alice
                                                                              │   bob
                                                                              │   carol
                                ── Sunday, 22 November 2026 ──                │›  tester
                 12:04           ↪ alice, bob and carol joined                │   日本太郎
                 12:04     alice   Hi everyone!                               │   zoë
                                   Second line of the same minute: no time,   │
                                   no name repeated.                          │
                 12:05       bob   A longer message wraps at words and hangs  │
                                   under its own text, never under the name,  │
                                   with wide 日本語 and 👍 counted right.     │
                 12:05     carol   see https://example.org/a/long/link        │
                 12:06       bob → you  only between us                       │
                 12:06    tester → bob  so be it                              │
                ── new ───────────────────────────────────────────────────────┤
                 12:09  日本太郎   tester: this line mentions you             │
                 12:10           ! The server is closing in 30 s.             │
                 12:10    tester   on its way                                 │
                ──────────────────────────────────────────────────────────────┴─────────────────
                 tester › a message being typed█
                """
        )
    }

    @Test("keeps the list of people down to 60 columns")
    func keepsListPeople() {
        var driver = morning(60, 20)
        expect(
            &driver,
            shows: """
                 everyone                   home.example:6666 · tls · 12 ms
                ────────────────────────────────────────────┬───────────────
                                repeated.                   │ 7 here
                 12:05      bob A longer message wraps at   │ ★ admin
                                words and hangs under its   │   alice
                                own text, never under the   │   bob
                                name, with wide 日本語 and  │   carol
                                👍 counted right.           │›  tester
                 12:05    carol see https://example.org/a/l │   日本太郎
                                ong/link                    │   zoë
                 12:06      bob → you  only between us      │
                 12:06   tester → bob  so be it             │
                ── new ─────────────────────────────────────┤
                 12:09 日本太郎 tester: this line mentions  │
                                you                         │
                 12:10        ! The server is closing in 30 │
                                s.                          │
                 12:10   tester on its way                  │
                ────────────────────────────────────────────┴───────────────
                 tester › a message being typed█
                """
        )
    }

    @Test("leaves out times and people at 30x8")
    func leavesOutTimes() {
        var driver = morning(30, 8)
        expect(
            &driver,
            shows: """
                 everyone         tls · 12 ms
                ──────────────────────────────
                 日本… tester: this line
                       mentions you
                     ! The server is closing
                       in 30 s.
                tester on its way
                › a message being typed█
                """
        )
    }

    @Test("still works at 20x4")
    func stillWorksAt() {
        var driver = morning(20, 4)
        expect(
            &driver,
            shows: """
                 everyone       tls
                       s.
                tester on its way
                › …ge being typed█
                """
        )
    }

    @Test("says so when the window is too small")
    func saysSoWhen() {
        var driver = morning(19, 3)
        expect(
            &driver,
            shows: """
                The chat needs
                20x4; this window
                is smaller.
                """
        )
        driver.resize(12, 4)
        #expect(driver.screen.prefix(2) == ["The chat", "needs 20x4;"])
        driver.resize(80, 3)
        #expect(driver.text.contains("The chat needs 20x4; this window is smaller."))
    }

    @Test("comes back after the window was too small")
    func comesBackAfter() {
        var driver = morning(80, 24)
        let before = driver.drawing
        for (columns, rows) in [(0, 0), (1, 1), (19, 3), (500, 1), (-5, -5), (.max, .max)] {
            driver.resize(columns, rows)
            _ = driver.text
        }
        driver.resize(80, 24)
        #expect(driver.drawing == before)
    }

    @Test("makes do with ASCII")
    func makesDoWith() {
        var driver = morning(60, 20, glyphs: .ascii)
        let text = driver.text
        #expect(text.utf8.allSatisfy { $0 < 0x80 })
        expect(
            &driver,
            shows: """
                 everyone                   home.example:6666 | tls | 12 ms
                --------------------------------------------+---------------
                                repeated.                   | 7 here
                 12:05      bob A longer message wraps at   | @ admin
                                words and hangs under its   |   alice
                                own text, never under the   |   bob
                                name, with wide ?????? and  |   carol
                                ?? counted right.           |>  tester
                 12:05    carol see https://example.org/a/l |   ????????
                                ong/link                    |   zo?
                 12:06      bob -> you  only between us     |
                 12:06   tester -> bob  so be it            |
                -- new -------------------------------------+
                 12:09 ???????? tester: this line mentions  |
                                you                         |
                 12:10        ! The server is closing in 30 |
                                s.                          |
                 12:10   tester on its way                  |
                --------------------------------------------+---------------
                 tester > a message being typed_
                """
        )
    }

    @Test("is empty but for a hint at the start")
    func emptyButFor() {
        var driver = InterfaceDriver(60, 6, nickname: nil, isOnline: false)
        expect(
            &driver,
            shows: """
                 everyone                   connecting to home.example:6666
                ────────────────────────────────────────────┬───────────────
                                                            │
                                                            │
                                                            │
                 › type a message, or /help
                """
        )
    }
}
