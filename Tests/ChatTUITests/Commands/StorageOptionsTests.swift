internal import ArgumentParser
internal import ChatStorage
internal import Testing

@testable import ChatTUI

@Suite("How much is kept")
struct StorageOptionsTests {
    private func retention(_ arguments: [String]) throws -> Retention {
        let command = try #require(try ChatTUI.parseAsRoot(["serve"] + arguments) as? ServeCommand)
        return command.storage.retention
    }

    @Test("as much as the standard says, unless told otherwise")
    func defaults() throws {
        #expect(try retention([]) == .standard)
        let host = try #require(try ChatTUI.parseAsRoot(["host", "--flush", "commit"]) as? HostCommand)
        #expect(host.storage.flush.flush == .commit)
        #expect(host.storage.ephemeral == false)
    }

    @Test("so many messages, whatever became of joins and leaves")
    func count() throws {
        let retention = try retention(["--keep-messages", "5"])
        #expect(retention.messages == Retention.Bound(count: 5))
        #expect(retention.infos == Retention.standard.infos)
    }

    @Test(
        "nothing that is older than so many days",
        arguments: [(30, 2_592_000), (365, 7_776_000)] as [(Int, Int64)]
    )
    func days(days: Int, infoSeconds: Int64) throws {
        let retention = try retention(["--keep-days", "\(days)"])
        #expect(retention.messages.seconds == Int64(days) * 86_400)
        #expect(retention.messages.count == Retention.standard.messages.count)
        #expect(retention.infos.seconds == infoSeconds)
    }

    @Test(
        "wrong usage names what is wrong",
        arguments: [
            (["serve", "--keep-days", "0"], "--keep-days"), (["serve", "--keep-days", "99999999999"], "--keep-days"),
            (["serve", "--keep-messages", "-1"], "--keep-messages"), (["serve", "--flush", "never"], "never"),
            (["history", "prune", "--keep-days", "0"], "--keep-days"), (["history", "prune"], "--keep-messages"),
            (["history", "export", "--format", "xml"], "xml"), (["history", "search", "..."], "word"),
            (["history", "search", "a", "--limit", "0"], "--limit"), (["account", "add"], "nickname"),
            (["account", "role", "ann", "owner"], "owner"),
            (["account", "add", "ann", "--password", "x"], "--password"),
        ]
    )
    func wrongUsage(arguments: [String], named: String) {
        #expect {
            _ = try ChatTUI.parseAsRoot(arguments)
        } throws: { error in
            ChatTUI.exitCode(for: error) == .validationFailure && ChatTUI.fullMessage(for: error).contains(named)
        }
    }
}
