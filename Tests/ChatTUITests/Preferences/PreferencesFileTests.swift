internal import ChatProtocol
internal import ChatTestSupport
internal import Glibc
internal import Testing

@testable import ChatTUI

@Suite("Preferences file")
struct PreferencesFileTests {
    let folder: ScratchFolder
    let path: String

    init() throws {
        folder = try ScratchFolder()
        path = folder.path + "/preferences.json"
    }

    @Test(
        "its usual place",
        arguments: [
            (nil, ["HOME": "/home/ann"], "/home/ann/.config/chat-tui/preferences.json"),
            (nil, ["HOME": "/home/ann", "XDG_CONFIG_HOME": "/etc/ann"], "/etc/ann/chat-tui/preferences.json"),
            (nil, ["HOME": "/home/ann", "XDG_CONFIG_HOME": "relative"], "/home/ann/.config/chat-tui/preferences.json"),
            ("mine.json", ["HOME": "/home/ann", "XDG_CONFIG_HOME": "/etc/ann"], "mine.json"),
        ] as [(String?, [String: String], String)]
    )
    func location(named: String?, environment: [String: String], path: String) {
        #expect(PreferencesFile(named: named, variable: { environment[$0] }).path == path)
    }

    @Test("no file is no preferences, and none is made before there is something to remember")
    func missing() throws {
        let file = PreferencesFile(path: folder.path + "/a/b/preferences.json")
        #expect(try file.load() == Preferences())
        try file.remember(nickname: nil, color: nil)
        #expect(access(folder.path + "/a", F_OK) != 0)

        try file.remember(nickname: "ann", color: ChatColor("#D333FF"))
        let text = try folder.read("a/b/preferences.json")
        #expect(text == "{\n  \"nickname\": \"ann\",\n  \"color\": \"#D333FF\"\n}\n")
        #expect(folder.mode("a/b/preferences.json") == 0o600)
        #expect(folder.mode("a/b") == 0o700)
    }

    @Test("only the keys that changed change")
    func onlyThose() throws {
        let before =
            "{\r\n  \"theme\" : {\"text\":\"#D9D9D9\"},\r\n\"nickname\":\"ann\",  \"color\": \"#abc\",\r\n \"zoom\" : 1.50\r\n}"
        try folder.write(before, to: "preferences.json")
        let file = PreferencesFile(path: path)
        try file.remember(nickname: "ann", color: ChatColor("#123456"))
        #expect(try folder.read("preferences.json") == before.replacing("#abc", with: "#123456"))
        try file.remember(nickname: "bob", color: nil)
        #expect(
            try folder.read("preferences.json")
                == before.replacing("#abc", with: "#123456").replacing("\"ann\"", with: "\"bob\"")
        )
    }

    @Test("the original's color goes where the original reads it")
    func original() throws {
        try folder.write(PreferencesTests.originalFile, to: "preferences.json")
        let file = PreferencesFile(path: path)
        try file.remember(nickname: nil, color: ChatColor("#00FF00"))
        #expect(
            try folder.read("preferences.json") == PreferencesTests.originalFile.replacing("#D333FF", with: "#00FF00")
        )
        #expect(try file.load().color == ChatColor("#00FF00"))

        try folder.write(##"{"message-color": "#111111", "color": "#222222"}"##, to: "preferences.json")
        try file.remember(nickname: nil, color: ChatColor("#333333"))
        #expect(try folder.read("preferences.json") == ##"{"message-color": "#333333", "color": "#333333"}"##)
    }

    @Test("what is the same already is not written at all")
    func unchanged() throws {
        try folder.write(##"{"nickname": "ann", "color": "#abc"}"##, to: "preferences.json")
        let before = folder.inode("preferences.json")
        try PreferencesFile(path: path).remember(nickname: "ann", color: ChatColor("#abc"))
        #expect(folder.inode("preferences.json") == before)
    }

    @Test(
        "it is replaced in one step, with the same mode, and nothing is left beside it",
        arguments: [0o600, 0o644, 0o400]
    )
    func replaced(mode: Int) throws {
        try folder.write("{}", to: "preferences.json")
        chmod(path, mode_t(mode))
        let before = folder.inode("preferences.json")
        try PreferencesFile(path: path).remember(nickname: "ann", color: nil)
        #expect(folder.inode("preferences.json") != before)
        #expect(folder.mode("preferences.json") == mode)
        #expect(folder.names() == ["preferences.json"])
    }

    @Test("a link stays a link", arguments: ["target.json", "missing.json"])
    func link(target: String) throws {
        if target == "target.json" { try folder.write(#"{"nickname": "ann"}"#, to: target) }
        // One link relative, one absolute.
        symlink(target, folder.path + "/inner.json")
        symlink(folder.path + "/inner.json", path)
        try PreferencesFile(path: path).remember(nickname: "bob", color: nil)
        #expect(folder.isLink("preferences.json"))
        #expect(folder.isLink("inner.json"))
        #expect(try folder.read(target).contains("\"bob\""))
        #expect(folder.names() == ["inner.json", "preferences.json", target].sorted())
    }

    @Test("links that lead nowhere in a circle are an error")
    func circle() throws {
        symlink("b.json", folder.path + "/a.json")
        symlink("a.json", folder.path + "/b.json")
        #expect(throws: PreferencesError.self) {
            try PreferencesFile(path: folder.path + "/a.json").remember(nickname: "ann", color: nil)
        }
    }

    @Test(
        "a broken file is named with its place and never overwritten",
        arguments: ["{\n  \"nickname\": ann\n}", "", "{\"color\": \"red\"}", "[]", "{\"nickname\": \"\u{FFFD}"]
    )
    func broken(text: String) throws {
        try folder.write(text, to: "preferences.json")
        let before = folder.inode("preferences.json")
        let file = PreferencesFile(path: path)
        for attempt in [{ _ = try file.load() }, { try file.remember(nickname: "bob", color: nil) }] {
            #expect {
                try attempt()
            } throws: { error in
                "\(error)".hasPrefix("\(path):") && !"\(error)".contains("\n")
            }
        }
        #expect(try folder.read("preferences.json") == text)
        #expect(folder.inode("preferences.json") == before)
    }

    @Test("what is no file is an error, not a wait")
    func noFile() {
        mkfifo(path, 0o600)
        #expect(throws: PreferencesError.self) { try PreferencesFile(path: path).load() }
        #expect(throws: PreferencesError.self) { try PreferencesFile(path: folder.path).load() }
    }
}
