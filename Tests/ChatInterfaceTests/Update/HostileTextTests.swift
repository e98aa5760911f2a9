internal import ChatInterface
internal import ChatProtocol
internal import ChatSession
internal import Testing

@Suite("Text that means harm")
struct HostileTextTests {
    /// What a terminal would obey, or what would reorder or hide a line.
    static let texts: [String] = {
        var texts: [String] = []
        var all = ""
        for value in Array(0x00...0x1F) + Array(0x7F...0x9F) + [0xAD, 0x61C, 0x2028, 0x2029, 0xFEFF, 0xFFFF]
            + Array(0x200B...0x200F) + Array(0x202A...0x202E) + Array(0x2060...0x206F) + Array(0xE0000...0xE007F)
        {
            guard let scalar = Unicode.Scalar(UInt32(value)) else { continue }
            texts.append("a\(scalar)b")
            all.unicodeScalars.append(scalar)
        }
        texts.append(all)
        texts += [
            "\u{1B}[2J\u{1B}[H", "\u{1B}]0;title\u{7}", "\u{9B}31m", "\u{1B}P+q\u{1B}\\", "\u{1B}[?1049l",
            "hi\u{8}\u{8}\u{8}<eve> pay", "hi\r<eve> pay", "\u{202E}desrever", "\u{E}graphics\u{F}",
            "e" + String(repeating: "\u{301}", count: 5000), String(repeating: "\u{200D}", count: 5000),
            String(repeating: "👨‍👩‍👧‍👦", count: 300), String(repeating: "\u{1F3FD}", count: 50),
            String(repeating: "\n", count: 3000), "\u{5D0}\u{5D1}\u{5D2} \u{627}\u{644}", "\r\n\r\n", "",
            "\u{5D0}!\u{200F} a\u{200B}b\u{AD}c\u{FEFF}", String(repeating: "\u{200B}", count: 5000),
            "🏴\u{E0067}\u{E0062}\u{E0073}\u{E0063}\u{E0074}\u{E007F} flag",
        ]
        return texts
    }()

    /// The screen around a line that says something, and whether that line is the only thing that differs.
    @Test("changes nothing but its own line", arguments: [(100, 30), (60, 20), (30, 8), (20, 4)])
    func changesNothingBut(columns: Int, rows: Int) {
        for text in Self.texts {
            var driver = InterfaceDriver(columns, rows)
            driver.roster(["eve", "tester"])
            driver.chat("eve", "before")
            let without = driver.interface.view()
            driver.chat("eve", text)
            let grid = driver.interface.view()
            // All that is not the pane stands as it stood.
            let pane = rows >= 12 ? 2..<rows - 2 : rows >= 6 ? 2..<rows - 1 : 1..<rows - 1
            let paneColumns = columns >= 60 ? columns - (columns >= 100 ? 20 : 16) : columns
            for row in 0..<rows {
                for column in 0..<columns where !(pane.contains(row) && column < paneColumns) {
                    #expect(grid[row, column] == without[row, column], "\(row),\(column) of \(text.debugDescription)")
                }
            }
            checkCells(grid, text)
        }
    }

    /// Every cell holds one character that a terminal only draws.
    private func checkCells(_ grid: Grid, _ text: String) {
        for cell in grid.cells {
            for scalar in cell.text.unicodeScalars {
                let isInert =
                    switch scalar.properties.generalCategory {
                    case .control, .lineSeparator, .paragraphSeparator, .surrogate: false
                    case .format: false
                    default: true
                    }
                #expect(isInert, "U+\(String(scalar.value, radix: 16)) of \(text.debugDescription)")
            }
            #expect(cell.text.unicodeScalars.count <= 5)
        }
    }

    @Test("is as harmless in nicknames, reasons and addresses")
    func asHarmlessIn() {
        for text in Self.texts {
            var driver = InterfaceDriver(100, 30)
            driver.say(.roster(Roster(members: [.init(nickname: text, color: nil, isAdmin: true, isOwn: false)])))
            driver.presence(text, joins: true)
            driver.chat(text, "hello")
            driver.say(.appended([driver.entry(InterfaceDriver.chat(from: text, to: text), text)]))
            driver.say(.appended([driver.entry(.info(sender: SafeText(line: text), event: nil), text)]))
            driver.say(.appended([driver.entry(.warning, text)]))
            driver.enter("/msg " + SafeText(line: text).text)
            driver.say(.identity(nickname: text, color: .white))
            checkCells(driver.interface.view(), text)
            driver.say(.status(.waiting(reason: text, milliseconds: 1000, attempt: 1)))
            checkCells(driver.interface.view(), text)
            driver.say(.status(.ended(reason: text)))
            checkCells(driver.interface.view(), text)
            driver.say(.loginNeeded(reason: SafeText(line: text)))
            driver.paste(text)
            checkCells(driver.interface.view(), text)
        }
    }
}
