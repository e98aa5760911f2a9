internal import ChatInterface
internal import ChatProtocol
internal import ChatSession
internal import Testing

@Suite("The message pane")
struct PaneTests {
    /// A small screen without a list of people.
    private func driver(_ columns: Int = 60, _ rows: Int = 12) -> InterfaceDriver {
        var driver = InterfaceDriver(columns, rows)
        if columns >= 60 { driver.press(.function(2)) }
        return driver
    }

    @Test("puts people who come and go into one line")
    func putsPeopleWho() {
        var driver = driver()
        for (name, joins) in [
            ("alice", true), ("bob", true), ("dave", false), ("eve", true), ("eve", false), ("frank", false),
            ("frank", true),
        ] {
            driver.presence(name, joins: joins)
        }
        driver.chat("bob", "quite a party")
        driver.presence("alice", joins: false)
        expect(
            &driver,
            shows: """
                 everyone                   home.example:6666 · tls · 12 ms
                ────────────────────────────────────────────────────────────



                               ── Sunday, 22 November 2026 ──
                 12:04         ↪ alice and bob joined · dave left · eve
                                 joined and left · frank left and came back
                 12:04     bob   quite a party
                 12:04         ↪ alice left
                ────────────────────────────────────────────────────────────
                 tester › type a message, or /help
                """
        )
    }

    @Test("lays a command out to be copied, without indent and as one command for a shell")
    func laysCommandOut() {
        let fingerprint = "sha256:" + String(repeating: "0123456789abcdef", count: 4)
        let notice = "Others join with:\nchat-tui connect 192.168.100.200:6666 --fingerprint \(fingerprint)"
        let layouts: [(columns: Int, rows: [String])] = [
            (130, ["chat-tui connect 192.168.100.200:6666 --fingerprint \(fingerprint)"]),
            (100, ["chat-tui connect 192.168.100.200:6666 \\", "--fingerprint \(fingerprint)"]),
            (80, ["chat-tui connect 192.168.100.200:6666 --fingerprint \\", fingerprint]),
        ]
        for (columns, rows) in layouts {
            var driver = driver(columns, 12)
            driver.say(.notice(SafeText(block: notice), isFailure: false))
            driver.chat("bob", "hello")
            let screen = driver.screen
            let start = screen.firstIndex { $0.hasSuffix("Others join with:") } ?? 0
            #expect(Array(screen.dropFirst(start + 1).prefix(rows.count)) == rows)
            #expect(screen.contains { $0.hasSuffix("bob   hello") })
        }
    }

    @Test("shows a command that is the same to a shell whatever the width, with nothing beside it")
    func showsCommandSame() {
        let fingerprint = "sha256:" + String(repeating: "0123abcd", count: 8)
        let command = "chat-tui connect 192.168.100.200:6666 --fingerprint \(fingerprint)"
        for columns in 20...220 {
            var driver = InterfaceDriver(columns, 30)
            driver.roster((1...20).map { "user\($0)" })
            driver.say(.notice(SafeText(block: "Join:\n\(command)"), isFailure: false))
            driver.chat("bob", "hello")
            let screen = driver.screen
            let start = screen.firstIndex { $0.contains("Join:") } ?? 0
            var copied = ""
            for row in screen.dropFirst(start + 1) {
                copied += row.hasSuffix("\\") ? String(row.dropLast()) : row
                if !row.hasSuffix("\\") { break }
            }
            #expect(copied == command, "\(columns) columns")
        }
    }

    @Test("gives a long command all of the screen, and the people the rows that are left")
    func givesLongCommand() {
        var driver = InterfaceDriver(80, 12)
        let roster = (1...7).map { "user\($0)" }
        driver.roster(roster)
        let fingerprint = "sha256:" + String(repeating: "0123456789abcdef", count: 4)
        let notice = "Others join with:\nchat-tui connect 10.0.0.7:6666 --fingerprint \(fingerprint)"
        driver.say(.notice(SafeText(block: notice), isFailure: false))
        for _ in 1...4 { driver.chat("bob", "hello") }
        let screen = driver.screen
        let start = screen.firstIndex { $0.contains("Others join with:") } ?? 0
        #expect(
            Array(screen.dropFirst(start + 1).prefix(2)) == [
                "chat-tui connect 10.0.0.7:6666 --fingerprint \\", fingerprint,
            ]
        )
        #expect(screen[start].contains("│"))
        for name in roster.prefix(4) { #expect(screen.contains { $0.hasSuffix(name) }) }
        #expect(screen.contains { $0.hasSuffix("+3 more") })
    }

    @Test("greets below the restored history, once")
    func greetsBelowRestored() {
        var configuration = Interface.Configuration(columns: 80, rows: 12, serverName: "x", nickname: "tester")
        configuration.greeting = [SafeText(block: "Others join with:\nchat-tui connect 10.0.0.7:6666")]
        var driver = InterfaceDriver(80, 12)
        driver.interface = Interface(configuration)
        driver.say(.status(.connecting))
        #expect(driver.text.contains("Others join with:"))
        driver.say(.status(.online(InterfaceDriver.channel, framing: .netstring, roundTripMilliseconds: nil)))
        driver.chat("bob", "said yesterday")
        driver.say(.olderHistory(available: true))
        driver.say(.olderHistory(available: false))
        let rows = driver.screen
        #expect(rows.count { $0 == "chat-tui connect 10.0.0.7:6666" } == 1)
        let history = rows.firstIndex { $0.contains("said yesterday") }
        let greeting = rows.firstIndex { $0.contains("Others join with:") }
        #expect((history ?? .max) < (greeting ?? .min))
    }

    @Test("shows a long warning of a server that is not trusted from its start")
    func showsWarningFirst() {
        var driver = driver()
        driver.resize(30, 8)
        let warning = "WARNING: the certificate has changed. Somebody may be listening. Ask the operator. Then type:"
        for _ in 1...2 {
            driver.say(.notice(SafeText(block: warning + "\nchat-tui connect home.example:6666"), isFailure: true))
            driver.say(.status(.distrusted(reason: "The certificate has changed.")))
            #expect(driver.screen[2].contains("WARNING: the"))
            #expect(driver.text.contains("1 more below"))
            driver.enter("/reconnect")
            #expect(driver.text.contains("chat-tui connect"))
        }
    }

    @Test("starts a new line of comings and goings after a while")
    func startsNewLine() {
        var driver = driver()
        driver.presence("alice", joins: true)
        driver.wait(seconds: 9 * 60 + 59)
        driver.presence("bob", joins: true)
        driver.wait(seconds: 1)
        driver.presence("carol", joins: true)
        #expect(
            driver.rows(with: "joined").map { $0.drop(while: \.isWhitespace) } == [
                "12:04         ↪ alice and bob joined", "12:14         ↪ carol joined",
            ]
        )
    }

    @Test("counts the rest of a crowd")
    func countsRestCrowd() {
        var driver = driver(100, 12)
        for number in 1...10 { driver.presence("user\(number)", joins: true) }
        #expect(driver.text.contains("user7, user8 and 2 others joined"))
        for number in 11...500 { driver.presence("user\(number)", joins: true) }
        #expect(driver.rows(with: "others joined").count == 3)
    }

    @Test("shows each kind of line with a mark of its own")
    func showsEachKind() {
        var driver = driver(60, 14)
        driver.say(
            .appended([
                driver.entry(.info(sender: SafeText(line: "bob"), event: nil), "bob is now called robert"),
                driver.entry(.warning, "You have been kicked: spamming"),
                driver.entry(.error, "No such user: bob"),
            ])
        )
        driver.say(.notice(SafeText(line: "Your password has been changed."), isFailure: false))
        driver.say(.notice(SafeText(line: "That nickname is taken."), isFailure: true))
        driver.enter("/nosuch")
        expect(
            &driver,
            shows: """
                 everyone                   home.example:6666 · tls · 12 ms
                ────────────────────────────────────────────────────────────

                               ── Sunday, 22 November 2026 ──
                 12:04         ↪ bob is now called robert
                 12:04         ! You have been kicked: spamming
                 12:04         ✗ No such user: bob
                 12:04         · Your password has been changed.
                 12:04         ✗ That nickname is taken.
                 12:04         ✗ There is no command /nosuch; /help lists
                                 them, // sends a line that starts with a
                                 slash.
                ────────────────────────────────────────────────────────────
                 tester › /nosuch█
                """
        )
    }

    @Test("names both ends of a private line")
    func namesBothEnds() {
        var driver = driver()
        driver.say(
            .appended([
                driver.entry(
                    InterfaceDriver.chat(from: "bob", to: "tester"),
                    "psst, a longer one that has to be wrapped here"
                ),
                driver.entry(InterfaceDriver.chat(from: "bob", to: "tester"), "again"),
                driver.entry(InterfaceDriver.chat(from: "bob"), "in public"),
                driver.entry(InterfaceDriver.chat(from: "tester", to: "bob smith", isOwn: true), "and back"),
            ])
        )
        expect(
            &driver,
            shows: """
                 everyone                   home.example:6666 · tls · 12 ms
                ────────────────────────────────────────────────────────────


                               ── Sunday, 22 November 2026 ──
                 12:04     bob → you  psst, a longer one that has to be
                                 wrapped here
                               → you  again
                 12:04     bob   in public
                 12:04  tester → bob smith  and back
                ────────────────────────────────────────────────────────────
                 tester › type a message, or /help
                """
        )
    }

    @Test("keeps the line breaks of a message, and says why one could not be sent")
    func keepsLineBreaks() {
        var driver = driver()
        let own = InterfaceDriver.chat(from: "tester", isOwn: true)
        driver.chat("bob", "first\n\n  third, indented")
        driver.say(.appended([driver.entry(own, "hello?", delivery: .failed(SafeText(line: "no such user")))]))
        expect(
            &driver,
            shows: """
                 everyone                   home.example:6666 · tls · 12 ms
                ────────────────────────────────────────────────────────────


                               ── Sunday, 22 November 2026 ──
                 12:04     bob   first

                                   third, indented
                 12:04  tester   hello?
                                 ✗ not sent: no such user
                ────────────────────────────────────────────────────────────
                 tester › type a message, or /help
                """
        )
    }

    @Test("aligns wide, combined and joined characters")
    func alignsWideCombined() {
        var driver = driver(50, 14)
        driver.chat("日本太郎", "日本語の文章は空白なしで続くので、どこでも折り返すことができる。")
        driver.chat("zoë", "e\u{301}clair, n\u{303}andu\u{301}, 👨‍👩‍👧‍👦 family, 👍🏽 thumb, 🇫🇷 flag, ❤️ heart, 한국어")
        driver.chat("मनीष", "नमस्ते दुनिया")
        driver.chat("x", "plain")
        expect(
            &driver,
            shows: """
                 everyone         home.example:6666 · tls · 12 ms
                ──────────────────────────────────────────────────

                          ── Sunday, 22 November 2026 ──
                 12:04  日本太郎   日本語の文章は空白なしで続くの
                                   で、どこでも折り返すことができ
                                   る。
                 12:04       zoë   éclair, ñandú, 👨 family, 👍
                                   thumb, FR flag, ❤ heart,
                                   한국어
                 12:04      मनीष   नमस्ते दुनिया
                 12:04         x   plain
                ──────────────────────────────────────────────────
                 tester › type a message, or /help
                """
        )
    }

    @Test("cuts long names and keeps a column for short ones")
    func cutsLongNames() {
        var driver = driver(80, 12)
        driver.chat("al", "short")
        #expect(driver.rows(with: "short") == [" 12:04      al   short"])
        driver.chat("sixteen_letters_", "just fits")
        #expect(driver.rows(with: "just fits") == [" 12:04  sixteen_letters_   just fits"])
        driver.chat("seventeen_letters", "does not")
        #expect(driver.rows(with: "does not") == [" 12:04  seventeen_lette…   does not"])
        #expect(driver.rows(with: "short") == [" 12:04                al   short"])
        for number in 0..<200 { driver.chat("al", "line \(number)") }
        #expect(driver.rows(with: "line 199") == ["                 line 199"])
    }

    @Test("starts each day with a line")
    func startsEachDay() {
        var driver = driver(60, 16)
        driver.chat("bob", "good night")
        driver.wait(seconds: 60)
        driver.now = Timestamp(unixMilliseconds: driver.now.unixMilliseconds + 86_400_000 * 100)
        driver.chat("bob", "good morning")
        driver.chat("bob", "again")
        expect(
            &driver,
            shows: """
                 everyone                   home.example:6666 · tls · 12 ms
                ────────────────────────────────────────────────────────────







                               ── Sunday, 22 November 2026 ──
                 12:04     bob   good night
                                ── Tuesday, 2 March 2027 ──
                 12:05     bob   good morning
                                 again
                ────────────────────────────────────────────────────────────
                 tester › type a message, or /help
                """
        )
        driver.resize(30, 10)
        #expect(driver.text.contains("── Tuesday, 2 March 2027 ──"))
        driver.resize(24, 10)
        #expect(driver.text.contains("── Tue 2 Mar 2027 ──"))
        driver.resize(20, 10)
        #expect(driver.text.contains("── 2 Mar ──"))
    }

    @Test("shows times as the reader's clock has them")
    func showsTimesAs() {
        var driver = driver()
        driver.now = Timestamp(unixMilliseconds: driver.now.unixMilliseconds, utcOffsetSeconds: 5 * 3600 + 1800)
        var entry = driver.entry(InterfaceDriver.chat(from: "bob"), "hello")
        entry.time = WireTime("2026-11-22 12-04-00") ?? entry.time
        driver.say(.appended([entry]))
        #expect(driver.rows(with: "hello") == [" 17:34     bob   hello"])
        entry = driver.entry(InterfaceDriver.chat(from: "bob"), "from an old server")
        entry.time = WireTime("2026-11-22 23:04:00") ?? entry.time
        entry.at = nil
        driver.say(.appended([entry]))
        #expect(driver.rows(with: "old server") == [" 23:04     bob   from an old server"])
    }

    @Test("repeats the name where the first of several lines is out of view")
    func repeatsNameWhere() {
        var driver = driver(60, 8)
        for number in 1...8 { driver.chat("bob", "line \(number)") }
        #expect(driver.screen.dropFirst(2).first == " 12:04     bob   line 4")
        #expect(driver.rows(with: "line 5") == ["                 line 5"])
    }

    @Test(
        "marks lines that name the reader",
        arguments: [
            ("tester: hello", true), ("hello TESTER", true), ("(tester)", true), ("ｔｅｓｔｅｒ!", true), ("testers", false),
            ("a_tester", false), ("nothing", false), ("", false), ("testéer", false), ("tester2", false),
        ]
    )
    func marksLinesName(text: String, isMarked: Bool) {
        var driver = driver()
        driver.chat("bob", text + ".")
        let row = driver.interface.view().styledLines.first { $0.contains("12:04") } ?? ""
        #expect(row.contains("reverse") == isMarked, "\(row)")
    }

    @Test("does not mark the reader's own lines nor private ones")
    func doesNotMark() {
        var driver = driver()
        driver.say(
            .appended([
                driver.entry(InterfaceDriver.chat(from: "tester", isOwn: true), "tester"),
                driver.entry(InterfaceDriver.chat(from: "bob", to: "tester"), "tester"),
            ])
        )
        #expect(!driver.interface.view().styledText.contains("reverse"))
    }

    @Test("finds a nickname without letter case inside a run")
    func findsNicknameWithout() {
        var driver = InterfaceDriver(60, 12, nickname: "太郎")
        driver.chat("bob", "日本太郎さん")
        #expect(driver.interface.view().styledText.contains("reverse"))
    }
}
