import ChatInterface
import ChatProtocol
import ChatSession
import FuzzSupport

extension Interface.Configuration {
    static func arbitrary(_ reader: inout ByteReader) -> Interface.Configuration {
        Interface.Configuration(
            columns: reader.number(below: 130),
            rows: reader.number(below: 50),
            theme: Theme(
                depth: reader.pick([.indexed256, .monochrome, .direct]),
                background: reader.flag() ? .dark : .light
            ),
            glyphs: reader.isOne(in: 3) ? .ascii : .unicode,
            serverName: reader.text(),
            nickname: reader.flag() ? reader.nickname() : nil,
            color: reader.flag() ? .white : nil,
            showsSidebar: reader.flag()
        )
    }
}

extension InterfaceEvent {
    static func arbitrary(_ reader: inout ByteReader) -> InterfaceEvent {
        switch reader.number(below: 16) {
        case 0: .tick
        case 1: .interrupt
        case 2...7: .session(.arbitrary(&reader))
        default: .terminal(.arbitrary(&reader))
        }
    }
}

extension TerminalEvent {
    static func arbitrary(_ reader: inout ByteReader) -> TerminalEvent {
        switch reader.number(below: 32) {
        case 0, 1: .resize(columns: reader.number(below: 100), rows: reader.number(below: 40))
        case 2: .resize(columns: reader.number(below: 301), rows: reader.number(below: 301))
        case 3: .resize(columns: Int(reader.hostileNumber()) % 301, rows: Int(reader.hostileNumber()) % 301)
        case 4: .wheel(lines: Int(reader.hostileNumber()), row: reader.number(below: 60), column: 1)
        case 5: .focus(reader.flag())
        case 6: .unreadable
        case 7...9: .paste(reader.line())
        case 10...13: .key(KeyPress(.enter, reader.isOne(in: 4) ? .alt : []))
        default: .key(.arbitrary(&reader))
        }
    }
}

extension KeyPress {
    static func arbitrary(_ reader: inout ByteReader) -> KeyPress {
        let keys: [Key] = [
            .enter, .tab, .backspace, .delete, .up, .down, .left, .right, .home, .end, .pageUp, .pageDown, .insert,
            .escape, .function(1), .function(reader.isOne(in: 8) ? .min : 2),
        ]
        let modifiers = Modifiers(rawValue: reader.pick([0, 0, 0, 1, 1, 2, 2, 4, 7]))
        return KeyPress(reader.flag() ? reader.pick(keys) : .character(reader.piece().first ?? "x"), modifiers)
    }
}

extension ByteReader {
    mutating func nickname() -> String {
        isOne(in: 8) ? text() : pick(["ann", "bob", "Ｂob", "日本語日本語日本語日本語", "zoë", "👩‍👩‍👧x", "e\u{301}\u{301}\u{301}", ""])
    }

    /// What people type: commands, too.
    mutating func line() -> String {
        let commands = [
            "", "", "", "/", "/nick ", "/color ", "/msg ann ", "/kick ", "/help", "/who", "/quit ", "/me ", "//",
            "/password", "/refresh", "/q", "/color #fff",
        ]
        return pick(commands) + text()
    }
}
