internal import ArgumentParser
internal import ChatProtocol
internal import Testing

@testable import ChatTUI

@Suite("Command line")
struct CommandLineTests {
    @Test("connect takes a server and who to be")
    func connect() throws {
        let command = try #require(
            try ChatTUI.parseAsRoot(
                ["connect", "home.example:7000", "--nickname", "ann", "--color", "#d3f", "--preferences", "p.json"]
            ) as? ConnectCommand
        )
        #expect(command.host == "home.example:7000")
        #expect(command.options.nickname == "ann")
        #expect(command.options.color == "#d3f")
        #expect(command.options.preferences == "p.json")
    }

    @Test("connect can do without everything")
    func bareConnect() throws {
        let command = try #require(try ChatTUI.parseAsRoot(["connect"]) as? ConnectCommand)
        #expect(command.host == nil)
        #expect(command.options.nickname == nil)
    }

    @Test("host takes what serve and connect take")
    func host() throws {
        let command = try #require(
            try ChatTUI.parseAsRoot(["host", "--port", "7000", "--users", "u.txt", "--nickname", "ann"])
                as? HostCommand
        )
        #expect(command.serverOptions.port == 7000)
        #expect(command.serverOptions.users == "u.txt")
        #expect(command.options.nickname == "ann")
        let bare = try #require(try ChatTUI.parseAsRoot(["host"]) as? HostCommand)
        #expect(bare.serverOptions.port == Limits.defaultPort)
    }

    @Test(
        "wrong usage ends with 64 and names what is wrong",
        arguments: [
            (["connect", "--color", "reddish"], "reddish"), (["connect", "--nickname", ""], "nickname"),
            (["connect", "a", "b"], "b"), (["connect", "--password", "x"], "--password"),
            (["host", "--port", "65536"], "65536"), (["host", "--port", "-1"], "--port"),
            (["host", "--port", "x"], "x"),
            (["connect", "--tls", "maybe"], "require, prefer or off"),
            (["connect", "--fingerprint", "12"], "sha256:"),
            (
                ["connect", "--tls", "off", "--fingerprint", "sha256:" + String(repeating: "00", count: 32)],
                "--tls off"
            ),
            (["host", "elsewhere"], "elsewhere"), (["dance"], "dance"), (["connect", "--color"], "--color"),
        ]
    )
    func wrongUsage(arguments: [String], named: String) {
        #expect {
            _ = try ChatTUI.parseAsRoot(arguments)
        } throws: { error in
            ChatTUI.exitCode(for: error) == .validationFailure && ChatTUI.fullMessage(for: error).contains(named)
        }
    }

    @Test("--version says the version, of every command", arguments: [["--version"], ["connect", "--version"]])
    func version(arguments: [String]) {
        #expect {
            _ = try ChatTUI.parseAsRoot(arguments)
        } throws: { error in
            ChatTUI.exitCode(for: error) == .success && ChatTUI.fullMessage(for: error) == ChatTUI.version
        }
    }

    static let commands: [any ParsableCommand.Type] = [
        ChatTUI.self, HostCommand.self, ConnectCommand.self, ServeCommand.self,
    ]

    @Test("the help of every command has examples and exit codes, and fits 80 columns", arguments: 0..<commands.count)
    func help(index: Int) {
        let command = Self.commands[index]
        let name = command.configuration.commandName ?? ""
        let help = ChatTUI.helpMessage(for: command, columns: 80)
        #expect(help.contains("Examples:\n"))
        #expect(help.contains("  chat-tui \(name == "chat-tui" ? "host" : name)"))
        #expect(help.contains("Exit codes: "))
        #expect(help.split(separator: "\n").allSatisfy { $0.count <= 80 || $0.hasPrefix("USAGE") })
    }

    @Test("the help of every command below account and history has examples of its own")
    func helpBelow() {
        for parent in [AccountCommand.self, HistoryCommand.self] as [any ParsableCommand.Type] {
            for command in parent.configuration.subcommands {
                let help = ChatTUI.helpMessage(for: command, columns: 80)
                #expect(help.contains("Examples:\n  chat-tui \(parent._commandName) \(command._commandName)"))
                #expect(help.split(separator: "\n").allSatisfy { $0.count <= 80 || $0.hasPrefix("USAGE") })
            }
        }
    }

    @Test(
        "the help names every environment variable that is read",
        arguments: ["SERVER", "NICKNAME", "COLOR", "PASSWORD", "CONNECT_TLS"]
    )
    func environment(name: String) {
        #expect(ChatTUI.helpMessage(for: ConnectCommand.self).contains("CHAT_TUI_\(name)"))
    }
}
