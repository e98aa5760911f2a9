internal import ArgumentParser
internal import ChatClient
internal import ChatInterface
internal import ChatProtocol
internal import ChatSecurity
internal import ChatSession
internal import ChatTestSupport
internal import Testing

@testable import ChatTUI

@Suite("Client settings")
struct ClientSettingsTests {
    private func settings(
        host: String? = nil,
        flags: [String] = [],
        encryption: [String] = [],
        environment: [String: String] = [:],
        preferences: Preferences = Preferences()
    ) throws -> ClientSettings {
        try ClientSettings(
            host: host,
            options: try ClientOptions.parse(flags),
            encryption: try EncryptionOptions.parse(encryption),
            variable: { environment[$0] },
            preferences: preferences
        )
    }

    private var file: Preferences {
        get throws {
            var preferences = Preferences()
            preferences.nickname = "file"
            preferences.color = ChatColor("#333333")
            preferences.server = try ServerAddress("file.example")
            return preferences
        }
    }

    static let flags = ["--nickname", "flag", "--color", "#111111"]
    static let environment = [
        "CHAT_TUI_NICKNAME": "variable", "CHAT_TUI_COLOR": "#222222", "CHAT_TUI_SERVER": "variable.example:2222",
        "CHAT_TUI_PASSWORD": "secret",
    ]

    @Test("a flag comes before the environment, that before the file, that before a question")
    func order() throws {
        let all = try settings(
            host: "flag.example:1111",
            flags: Self.flags,
            environment: Self.environment,
            preferences: try file
        )
        #expect(all.nickname == "flag")
        #expect(all.color == ChatColor("#111111"))
        #expect(all.server?.description == "flag.example:1111")

        let noFlags = try settings(environment: Self.environment, preferences: try file)
        #expect(noFlags.nickname == "variable")
        #expect(noFlags.color == ChatColor("#222222"))
        #expect(noFlags.server?.description == "variable.example:2222")
        #expect(noFlags.credentials?.password == "secret")

        let fileOnly = try settings(preferences: try file)
        #expect(fileOnly.nickname == "file")
        #expect(fileOnly.color == ChatColor("#333333"))
        #expect(fileOnly.server?.description == "file.example:6666")

        let nothing = try settings()
        #expect(nothing.server == nil)
        #expect(nothing.credentials == nil)
    }

    @Test("each is looked for by itself")
    func mixed() throws {
        let mixed = try settings(
            flags: ["--color", "#111111"],
            environment: ["CHAT_TUI_NICKNAME": "variable"],
            preferences: try file
        )
        #expect(
            mixed.credentials
                == Credentials(nickname: "variable", password: "", color: ChatColor(red: 0x11, green: 0x11, blue: 0x11))
        )
        #expect(mixed.server?.host == "file.example")
    }

    @Test("how much encryption is wanted has the same order, and a contradiction is wrong usage")
    func encryption() throws {
        var file = try file
        #expect(try settings(preferences: file).encryption == .prefer)
        file.encryption = .off
        #expect(try settings(preferences: file).encryption == .off)
        let environment = ["CHAT_TUI_CONNECT_TLS": "require"]
        #expect(try settings(environment: environment, preferences: file).encryption == .require)
        let flags = ["--tls", "prefer", "--fingerprint", "sha256:" + String(repeating: "0f", count: 32)]
        let all = try settings(encryption: flags, environment: environment, preferences: file)
        #expect(all.encryption == .prefer)
        #expect(all.fingerprint?.bytes == [UInt8](repeating: 0x0F, count: 32))
        #expect(throws: CommandFailure.self) { try settings(host: "chats://a", encryption: ["--tls", "off"]) }
        #expect(throws: CommandFailure.self) { try settings(environment: ["CHAT_TUI_CONNECT_TLS": "yes"]) }
    }

    @Test("advice about encryption names what the user wrote")
    func encryptionSource() throws {
        var file = Preferences()
        file.encryption = .off
        #expect(try settings(preferences: file).encryptionSource == "\"tls\": \"off\" of the preferences")
        let environment = ["CHAT_TUI_CONNECT_TLS": "off"]
        #expect(
            try settings(environment: environment, preferences: file).encryptionSource == "CHAT_TUI_CONNECT_TLS=off"
        )
        let all = try settings(encryption: ["--tls", "require"], environment: environment, preferences: file)
        #expect(all.encryptionSource == "--tls require")
    }

    @Test("a nickname without a color gets the one that the login screen would offer")
    func automaticColor() throws {
        let settings = try settings(flags: ["--nickname", "ann"])
        #expect(settings.color == ChatColor.automatic(for: "ann"))
        #expect(settings.forThisRun == IdentityForThisRun(nickname: "ann", color: nil))
    }

    @Test("a color is written as in the chat", arguments: ["red", "#E53E3E", "E53E3E", " RED "])
    func typedColor(text: String) throws {
        #expect(try settings(flags: ["--color", text]).color == ChatColor("#E53E3E"))
        #expect(try settings(environment: ["CHAT_TUI_COLOR": text]).color == ChatColor("#E53E3E"))
    }

    @Test(
        "what makes no sense is one line that says where, and wrong usage",
        arguments: [
            (nil, ["CHAT_TUI_COLOR": "reddish"], "CHAT_TUI_COLOR"),
            (nil, ["CHAT_TUI_SERVER": "a:b"], "CHAT_TUI_SERVER"),
            ("host:99999", [:], "99999"), ("", [:], "name"), ("\u{1B}[2J", [:], "[2J"),
        ] as [(String?, [String: String], String)]
    )
    func mistakes(host: String?, environment: [String: String], named: String) {
        #expect {
            try settings(host: host, environment: environment)
        } throws: { error in
            guard let failure = error as? CommandFailure else { return false }
            return failure.exitCode.rawValue == 64 && failure.description.contains(named)
                && !failure.description.contains("\n") && !failure.description.contains("\u{1B}")
        }
    }
}

@Suite("Identity keeper")
struct IdentityKeeperTests {
    @Test("what a flag said is for this run; what changed since is remembered")
    func forThisRun() throws {
        let folder = try ScratchFolder()
        let file = PreferencesFile(path: folder.path + "/preferences.json")
        let keeper = IdentityKeeper(
            file: file,
            forThisRun: IdentityForThisRun(nickname: "bob", color: nil),
            onFailure: { Issue.record("\($0)") }
        )
        keeper.keep(nickname: "bob", color: ChatColor(red: 1, green: 2, blue: 3))
        keeper.finish()
        #expect(try file.load().nickname == nil)
        #expect(try file.load().color == ChatColor("#010203"))

        keeper.keep(nickname: "rob", color: ChatColor(red: 1, green: 2, blue: 3))
        keeper.finish()
        #expect(try file.load().nickname == "rob")
    }

    @Test("a file that is broken is left alone, and the user told")
    func broken() async throws {
        let folder = try ScratchFolder()
        try folder.write("{ broken", to: "preferences.json")
        let file = PreferencesFile(path: folder.path + "/preferences.json")
        await confirmation { told in
            let keeper = IdentityKeeper(file: file, forThisRun: IdentityForThisRun()) { failure in
                #expect(failure.contains("preferences.json:1:3"))
                told()
            }
            keeper.keep(nickname: "ann", color: .white)
            keeper.finish()
        }
        #expect(try folder.read("preferences.json") == "{ broken")
    }
}
