internal import Foundation
internal import Testing

@testable internal import ChatTUI

@Suite("What is written about settings")
struct SettingsTableTests {
    private static let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// The rows of the table in docs/SERVER.md, without its ornaments.
    private func rows() throws -> [[String]] {
        let text = try String(contentsOf: Self.root.appendingPathComponent("docs/SERVER.md"), encoding: .utf8)
        return text.split(separator: "\n")
            .filter { $0.hasPrefix("| `--") }
            .map { row in
                row.split(separator: "|").map { $0.trimmingCharacters(in: CharacterSet(charactersIn: " `")) }
            }
    }

    @Test("docs/SERVER.md tells of every flag, with its variable, key and default, and of none that is not there")
    func table() throws {
        let settings = Setting.all(of: ServeCommand.self)
        #expect(settings.count > 8)
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

    @Test("the example is a file that the server takes")
    func example() throws {
        let path = Self.root.appendingPathComponent("packaging/serve.example.json").path
        let invocation = ServerInvocation<ServeCommand>(own: ["--config", path], environment: [:])
        #expect(try invocation.parse().command.operation.log.format == .json)
    }
}
