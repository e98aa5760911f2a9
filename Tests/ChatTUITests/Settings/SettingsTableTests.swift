internal import ArgumentParser
internal import ChatServer
internal import Foundation
internal import NIOCore
internal import Testing

@testable internal import ChatServerCore
@testable internal import ChatStorage
@testable internal import ChatTUI

@Suite("What is written about settings")
struct SettingsTableTests {
    private static let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    private func page() throws -> String {
        try String(contentsOf: Self.root.appendingPathComponent("docs/SERVER.md"), encoding: .utf8)
    }

    /// The rows of the table in docs/SERVER.md, without its ornaments.
    private func rows() throws -> [[String]] {
        try page().split(separator: "\n")
            .filter { $0.hasPrefix("| `--") }
            .map { row in
                row.split(separator: "|").map { $0.trimmingCharacters(in: CharacterSet(charactersIn: " `")) }
            }
    }

    @Test("docs/SERVER.md tells of every flag, with its variable, key and default, and of none that is not there")
    func table() throws {
        let settings = ServeCommand.settings
        let rows = try rows()
        #expect(Set(rows.map { $0.first ?? "" }) == Set(settings.map { "--\($0.name)" }))
        for row in rows {
            try #require(row.count == 6, "\(row)")
            let setting = try #require(settings.first { "--\($0.name)" == row[0] })
            #expect(row[1] == setting.variable)
            #expect(row[2] == setting.name)
            #expect(row[3] == setting.defaultValue ?? "")
            #expect(row[4] == (ServerReload.changeable.contains(setting.name) ? "yes" : "no"), "\(setting.name)")
            #expect(!row[5].isEmpty)
        }
    }

    /// The flags that the help of a command names.
    private func flags(_ command: any ParsableCommand.Type) -> Set<String> {
        let lines = ChatTUI.helpMessage(for: command, columns: 500).split(separator: "\n")
        return Set(lines.compactMap { $0.firstMatch(of: #/^ +--([a-z-]+)/#).map { String($0.output.1) } })
    }

    @Test("every flag of a command that serves is a setting, but those that ask for something else or are the client's")
    func everyFlag() {
        #expect(
            flags(ServeCommand.self) == Set(ServeCommand.settings.map(\.name)).union(["config", "check", "version"])
        )
        let client: Set = ["config", "version", "nickname", "color", "preferences"]
        #expect(flags(HostCommand.self) == Set(HostCommand.settings.map(\.name)).union(client))
    }

    @Test("every default is what the command does without the flag, and stands in the help")
    func defaults() throws {
        func settled(_ arguments: [String]) throws -> String {
            let command = try ServeCommand.parse(arguments)
            let storage = command.storage
            return "\(command.serverConfiguration()) \(storage.retention) \(storage.flush) \(command.operation.log)"
                + "\(command.tls.tls)"
        }
        let help = ChatTUI.helpMessage(for: ServeCommand.self, columns: 500).components(separatedBy: "\n  --")
        for setting in ServeCommand.settings {
            guard let value = setting.defaultValue else { continue }
            #expect(try settled(["--\(setting.name)=\(value)"]) == settled([]), "\(setting.name)")
            let entry = help.first { $0.hasPrefix("\(setting.name) ") }
            #expect(entry?.contains("default: \(value))") == true, "\(setting.name)")
        }
    }

    private func seconds(_ time: TimeAmount) -> String { "\(time.nanoseconds / 1_000_000_000) s" }

    private func text(_ rate: TokenBucket.Rate?) -> String {
        rate.map { "\(Int($0.burst)) at once, 1 more every \(Int((1 / $0.perSecond).rounded())) s" } ?? "any"
    }

    @Test("docs/SERVER.md tells of the bounds that have no flag as they are")
    func bounds() throws {
        let configuration = try ServerInvocation<ServeCommand>(own: [], environment: [:]).parse().command
            .serverConfiguration()
        let limits = configuration.limits
        let waiting = PasswordPool.standardWaiting
        let expected = [
            text(configuration.guesses?.perAddress),
            text(configuration.guesses?.perAccount),
            text(configuration.guesses?.perAccountFromNewcomers),
            "\(GuessThrottle.memoryMilliseconds / 1000) s",
            "\(GuessThrottle.familiarAddresses)",
            "\(configuration.guesses?.waitingPerAccount ?? 0)",
            text(configuration.newPasswords?.registrations),
            text(configuration.newPasswords?.changes),
            "\(waiting), \(waiting / 2) of them new ones",
            "\(PasswordPool.patience.components.seconds) s",
            "\(RoomLimits.refusals)",
            "\(limits.loginInAll.nanoseconds / limits.login.nanoseconds) × `--login-seconds`",
            seconds(limits.silence),
            seconds(limits.pingAnswer),
            seconds(limits.probeAnswer),
            "\(limits.connection.pacedMessages), or \(limits.connection.pacedBytes >> 20) MiB",
            "\(limits.requestsPerTick)",
            "\(limits.waitingRecords), or \(limits.waitingRecordBytes >> 20) MiB of text",
            "\(Int(limits.requests.refreshes?.burst ?? 0))",
            "\(limits.historyPageBytes >> 20) MiB",
            "\(RoomLimits.bans)",
            "\(SQLiteAccountStore.capacity)",
        ]
        let table = try #require(page().components(separatedBy: "| Bound | Value | Why |\n|---|---|---|\n").last)
        let values = table.split(separator: "\n", omittingEmptySubsequences: false).prefix { $0.hasPrefix("|") }
            .compactMap { $0.components(separatedBy: "|").dropFirst(2).first?.trimmingCharacters(in: .whitespaces) }
        #expect(values == expected)
    }

    @Test("the example is a file that the server takes")
    func example() throws {
        let path = Self.root.appendingPathComponent("packaging/serve.example.json").path
        let invocation = ServerInvocation<ServeCommand>(own: ["--config", path], environment: [:])
        #expect(try invocation.parse().command.operation.log.format == .json)
    }
}
