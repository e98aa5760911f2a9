internal import ChatInterface
internal import ChatProtocol
internal import ChatSession
internal import ChatTestSupport
internal import Testing

@Suite("Any events in any order")
struct RandomEventTests {
    @Test("never trap, and leave a sound screen", arguments: 0..<60)
    func neverTrapLeave(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        var driver = InterfaceDriver(80, 24, isOnline: Bool.random(using: &generator))
        for _ in 0..<400 {
            step(&driver, &generator)
            if Int.random(in: 0..<3, using: &generator) == 0 {
                check(driver.interface.view(), seed)
            }
        }
    }

    private func check(_ grid: Grid, _ seed: UInt64) {
        #expect(grid.cells.count == grid.columns * grid.rows)
        if let cursor = grid.cursor {
            #expect((0..<grid.rows).contains(cursor.row) && (0..<grid.columns).contains(cursor.column), "\(seed)")
        }
        for row in 0..<grid.rows {
            for column in 0..<grid.columns {
                let text = grid[row, column].text
                if text.isEmpty {
                    #expect(column > 0 && DisplayWidth.of(grid[row, column - 1].text) == 2, "\(seed)")
                } else if DisplayWidth.of(text) == 2 {
                    #expect(column + 1 < grid.columns && grid[row, column + 1].text.isEmpty, "\(seed)")
                }
            }
        }
    }

    private func step(_ driver: inout InterfaceDriver, _ generator: inout SeededGenerator) {
        switch Int.random(in: 0..<20, using: &generator) {
        case 0..<8: driver.send(.terminal(.key(key(&generator))))
        case 8:
            let sizes = [0, 1, 2, 3, 4, 5, 19, 20, 21, 29, 39, 40, 49, 50, 59, 60, 80, 100, 240]
            driver.resize(sizes.randomElement(using: &generator) ?? 0, sizes.randomElement(using: &generator) ?? 0)
        case 9: driver.paste(text(&generator))
        case 10:
            let lines = Int.random(in: -20...20, using: &generator)
            let place = Int.random(in: -1...60, using: &generator)
            driver.send(.terminal(.wheel(lines: lines, row: place, column: place * 2)))
        case 11: driver.send(.terminal(.focus(Bool.random(using: &generator))))
        case 12: driver.wait(seconds: Int.random(in: 0...3, using: &generator))
        case 13 where Int.random(in: 0..<3, using: &generator) == 0: driver.send(.interrupt)
        default: driver.say(update(&driver, &generator))
        }
    }

    private func key(_ generator: inout SeededGenerator) -> KeyPress {
        let keys: [KeyPress.Key] = [
            .enter, .enter, .tab, .tab, .backspace, .delete, .up, .down, .left, .right, .home, .end, .pageUp,
            .pageDown, .insert, .escape, .function(1), .function(2), .function(13), .character("/"), .character("m"),
            .character("y"), .character(" "), .character("日"), .character("👨‍👩‍👧‍👦"), .character("\u{301}"),
            .character("b"), .character("\""), .character("u"), .character("k"), .character("\r\n"),
        ]
        let modifiers: [KeyPress.Modifiers] = [[], [], [], [], .shift, .alt, .control, [.control, .alt]]
        return KeyPress(
            keys.randomElement(using: &generator) ?? .enter,
            modifiers.randomElement(using: &generator) ?? []
        )
    }

    private func text(_ generator: inout SeededGenerator) -> String {
        let pieces = [
            "/msg bob ", "/kick bob ", "/password", "/help ", "/nick ", "/color ", "/clear", "/users", "\n", "日本語",
            "👨‍👩‍👧‍👦", "e\u{301}", "word ", String(repeating: "x", count: 300), "\u{1B}[2J", "tester ", "//", "\"bob s",
            String(repeating: "line\n", count: 30),
        ]
        return (0..<Int.random(in: 0...4, using: &generator)).map { _ in
            pieces.randomElement(using: &generator) ?? ""
        }.joined()
    }

    private func update(_ driver: inout InterfaceDriver, _ generator: inout SeededGenerator) -> SessionUpdate {
        let names = ["bob", "bob smith", "tester", "日本太郎", "a_name_that_is_long", "\u{202E}", ""]
        let name = names.randomElement(using: &generator) ?? ""
        switch Int.random(in: 0..<17, using: &generator) {
        case 14: return .plainPasswordQuestion
        case 16: return .plainTextQuestion(reason: SafeText(line: text(&generator)))
        case 15: return .status(.distrusted(reason: text(&generator)))
        case 0: return .status(.connecting)
        case 1: return .status(.loggingIn(InterfaceDriver.channel))
        case 2, 3: return .status(.online(InterfaceDriver.channel, framing: .none, roundTripMilliseconds: 5))
        case 4: return .status(.waiting(reason: text(&generator), milliseconds: 2500, attempt: 3))
        case 5: return .loginNeeded(reason: Bool.random(using: &generator) ? SafeText(line: text(&generator)) : nil)
        case 6: return .identity(nickname: name, color: .white)
        case 7:
            let members = names.shuffled(using: &generator).prefix(Int.random(in: 0...7, using: &generator)).map {
                Roster.Member(nickname: $0, color: nil, isAdmin: Bool.random(using: &generator), isOwn: $0 == "tester")
            }
            return .roster(Roster(members: members))
        case 8: return .olderHistory(available: Bool.random(using: &generator))
        case 9: return .notice(SafeText(block: text(&generator)), isFailure: Bool.random(using: &generator))
        case 10:
            return .inserted(
                (0..<Int.random(in: 0...5, using: &generator)).map { _ in entry(name, &driver, &generator) }
            )
        case 11: return .changed(entry(name, &driver, &generator, isKnown: true))
        default:
            return .appended(
                (0..<Int.random(in: 0...5, using: &generator)).map { _ in entry(name, &driver, &generator) }
            )
        }
    }

    private func entry(
        _ name: String,
        _ driver: inout InterfaceDriver,
        _ generator: inout SeededGenerator,
        isKnown: Bool = false
    ) -> TimelineEntry {
        let sender = SafeText(line: name)
        let kinds: [TimelineEntry.Kind] = [
            InterfaceDriver.chat(from: name), InterfaceDriver.chat(from: name, to: "tester"),
            InterfaceDriver.chat(from: "tester", to: name, isOwn: true),
            .info(sender: sender, event: .join(color: "#FFF", isAdmin: false)), .info(sender: sender, event: .leave),
            .info(sender: sender, event: .update(previous: "bob", color: "", isAdmin: false)),
            .info(sender: sender, event: nil), .warning, .error,
        ]
        let deliveries: [TimelineEntry.Delivery] = [
            .accepted, .accepted, .pending, .failed(SafeText(line: text(&generator))),
        ]
        var entry = driver.entry(
            kinds.randomElement(using: &generator) ?? .error,
            text(&generator),
            place: Int.random(in: -50...500, using: &generator),
            delivery: deliveries.randomElement(using: &generator) ?? .accepted
        )
        if isKnown { entry.id = .init(Int.random(in: 1...50, using: &generator)) }
        entry.at = Bool.random(using: &generator) ? nil : Int64.random(in: .min ... .max, using: &generator)
        return entry
    }
}
