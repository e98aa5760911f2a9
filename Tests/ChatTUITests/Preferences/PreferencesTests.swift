internal import ChatClient
internal import ChatInterface
internal import ChatProtocol
internal import ChatSystem
internal import Testing

@testable import ChatTUI

@Suite("Preferences")
struct PreferencesTests {
    private func preferences(_ text: String) throws -> Preferences {
        try Preferences(try JSONDocument(Array(text.utf8)))
    }

    @Test("our own keys")
    func ownKeys() throws {
        let read = try preferences(
            """
            {"nickname": "ann", "color": "#d3f", "server": "chat.example.org:7000", "mouse": false, "sidebar": false,
             "theme": {"background": "#000000", "entry-text": "#FFFFFF", "accent": null}}
            """
        )
        var expected = Preferences()
        expected.nickname = "ann"
        expected.color = ChatColor("#d3f")
        expected.server = try ServerAddress(host: "chat.example.org", port: 7000)
        expected.usesMouse = false
        expected.showsSidebar = false
        expected.theme.background = ChatColor("#000000")
        expected.theme.entryText = ChatColor("#FFFFFF")
        #expect(read == expected)
    }

    @Test("every theme color has a key", arguments: Preferences.themeKeys.map(\.key))
    func themeKeys(key: String) throws {
        let read = try preferences("{\"theme\": {\"\(key)\": \"#123456\"}}")
        #expect(read.theme != ThemeColors())
        #expect(read.notices.isEmpty)
        let colors = read.theme
        #expect(Preferences.themeKeys.filter { colors[keyPath: $0.value] != nil }.map(\.key) == [key])
    }

    /// What the original writes out with its program.
    static let originalFile = """
        {"text-font": "Calibri 15", "login-page-bg": "#1F208D", "login-page-text": "#3CE312", \
        "text-background": "#393a3b", "default-text-color": "#d9d9d9", "bg-color": "#25282b", \
        "message-box": "#60606E", "send-button-bg": "#B673E8", "send-button-fg": "#000000", \
        "other-button-bg": "#aaaac3", "other-button-fg": "#000000", "message-label-bg": "#161619", \
        "message-label-fg": "#000000", "text-entry-bg": "#60606E", "text-entry-fg": "#FFFFFF", \
        "dropdown-bg": "#00FF00", "active-dropdown-bg": "#00EE00", "dropdown-fg": "#000000", \
        "message-color": "#D333FF", "custom-bg": "#1F208D", "custom-label-bg": "#1F208D", \
        "custom-label-fg": "#3CE312", "custom-entry": "#FFFFFF"}
        """

    @Test("the original's file just works")
    func originalKeys() throws {
        let read = try preferences(Self.originalFile)
        var expected = Preferences()
        expected.color = ChatColor("#D333FF")
        expected.theme.background = ChatColor("#393a3b")
        expected.theme.text = ChatColor("#d9d9d9")
        expected.theme.entryBackground = ChatColor("#60606E")
        expected.theme.entryText = ChatColor("#FFFFFF")
        #expect(read == expected)
    }

    @Test("our keys come before the original's, wherever they stand")
    func precedence() throws {
        let read = try preferences(
            ##"{"color": "#111111", "theme": {"text": "#222222"}, "message-color": "#333", "default-text-color": "#444"}"##
        )
        #expect(read.color == ChatColor("#111111"))
        #expect(read.theme.text == ChatColor("#222222"))
        #expect(try preferences(##"{"bg-color": "#555"}"##).theme.background == ChatColor("#555"))
        #expect(
            try preferences(##"{"bg-color": "#555", "text-background": "#666"}"##).theme.background == ChatColor("#666")
        )
    }

    @Test(
        "the original's colors in all forms that its toolkit takes",
        arguments: [
            ("#fff", "#fff"), ("#D333FF", "#D333FF"), ("#DDD333FFF", "#DD33FF"), ("#D333D333FFFF", "#D3D3FF"),
            ("white", "#FFFFFF"), ("Light Gray", "#D3D3D3"), ("no such color", nil), ("#12", nil), ("#GGGGGGGGG", nil),
        ] as [(String, String?)]
    )
    func originalColors(text: String, color: String?) {
        #expect(OriginalPreferences.color(text) == color.flatMap { ChatColor($0) })
    }

    @Test(
        "a value that makes no sense is an error at its place",
        arguments: [
            (#"{"tls": "maybe"}"#, "1:9: \"tls\""),
            (#"{"nickname": 3}"#, "1:14: \"nickname\""), (#"{"color": "red"}"#, "1:11: \"color\""),
            ("{\n  \"mouse\": \"no\"}", "2:12: \"mouse\" is true or false"), (#"{"theme": "dark"}"#, "1:11: \"theme\""),
            (#"{"theme": {"text": "blue"}}"#, "1:20: \"text\""), (#"{"server": "host:port"}"#, "1:12:"), ("[]", "1:1:"),
        ]
    )
    func invalidValues(text: String, start: String) {
        #expect {
            try preferences(text)
        } throws: { error in
            "\(error)".hasPrefix(start)
        }
    }

    @Test(
        "a key that nobody knows is told, and what was probably meant",
        arguments: [
            (#"{"colour": "x"}"#, "\"colour\" is no preference; do you mean \"color\"?"),
            (#"{"nick_name": "x"}"#, "do you mean \"nickname\"?"), (#"{"zoom": 3}"#, "\"zoom\" is no preference"),
            (#"{"theme": {"entry_background": "x"}}"#, "do you mean \"entry-background\"?"),
            (#"{"bg-color": "mauveish"}"#, "\"mauveish\" is no color"),
            ("{\"\u{1B}[2J\": 1}".replacing("\u{1B}", with: "\\u001b"), "is no preference"),
        ]
    )
    func notices(text: String, notice: String) throws {
        let read = try preferences(text)
        #expect(read.notices.count == 1)
        #expect(read.notices[0].contains(notice))
        #expect(read.notices[0].hasPrefix("line 1: "))
        #expect(!read.notices[0].contains("\u{1B}"))
    }
}

@Suite("The example preferences")
struct ExamplePreferencesTests {
    private static let root = #filePath.split(separator: "/").dropLast(4)

    private func file(_ name: String) throws -> [UInt8] {
        let path = "/" + (Self.root + [Substring(name)]).joined(separator: "/")
        return try #require(try File.read(path, maximumBytes: 1 << 20))
    }

    @Test("have every key, and no other")
    func allKeys() throws {
        let document = try JSONDocument(try file("preferences.example.json"))
        let members = try #require(document.members)
        #expect(members.map(\.key) == Preferences.keys)
        guard case .object(let colors)? = members.last?.node.value else {
            Issue.record("no theme")
            return
        }
        #expect(Set(colors.map(\.key)) == Set(Preferences.themeKeys.map(\.key)))
        let preferences = try Preferences(document)
        #expect(preferences.notices.isEmpty)
        #expect(Preferences.themeKeys.allSatisfy { preferences.theme[keyPath: $0.value] != nil })
        #expect(preferences.encryption == .prefer)
        #expect(preferences.nickname != nil && preferences.color != nil && preferences.server != nil)
    }

    @Test("are documented key by key", arguments: Preferences.keys + Preferences.themeKeys.map(\.key))
    func documented(key: String) throws {
        let text = String(decoding: try file("docs/PREFERENCES.md"), as: UTF8.self)
        #expect(text.contains("`\(key)`"))
    }
}
