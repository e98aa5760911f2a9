internal import ArgumentParser
internal import ChatProtocol
internal import ChatServer
internal import ChatServerCore
internal import NIOCore
internal import Testing

@testable import ChatTUI

@Suite("How much a server takes")
struct LimitOptionsTests {
    private func configuration(_ arguments: [String]) throws -> ServerConfiguration {
        let command = try #require(try ChatTUI.parseAsRoot(["serve"] + arguments) as? ServeCommand)
        var configuration = ServerConfiguration()
        command.limits.apply(to: &configuration)
        return configuration
    }

    @Test("without a word as much as the server's own defaults say")
    func defaults() throws {
        #expect(try configuration([]) == ServerConfiguration())
    }

    @Test("each flag sets its bound and leaves the others alone")
    func each() throws {
        let tables: [([String], (inout ServerConfiguration) -> Void)] = [
            (["--connections", "500"], { $0.limits.connections = 500 }),
            (["--connections-per-address", "3"], { $0.limits.connectionsPerAddress = 3 }),
            (["--connections-per-address", "0"], { $0.limits.connectionsPerAddress = nil }),
            (["--new-connections-per-minute", "30"], { $0.limits.openings = .init(burst: 30, perSecond: 0.5) }),
            (["--new-connections-per-minute", "0"], { $0.limits.openings = nil }),
            (
                ["--login-seconds", "20"],
                {
                    $0.limits.login = .seconds(20)
                    $0.limits.loginInAll = .seconds(100)
                }
            ),
            (["--login-bytes", "2048"], { $0.limits.loginBytes = 2048 }),
            (["--message-bytes", "500"], { $0.messageBytes = 500 }),
            (["--request-burst", "7"], { $0.limits.requests.requests = .init(burst: 7, perSecond: 5) }),
            (["--requests-per-second", "0.5"], { $0.limits.requests.requests = .init(burst: 30, perSecond: 0.5) }),
            (["--requests-per-second", "0"], { $0.limits.requests.requests = nil }),
            (["--refreshes-per-second", "9"], { $0.limits.requests.refreshes = .init(burst: 20, perSecond: 9) }),
            (["--refreshes-per-second", "0"], { $0.limits.requests.refreshes = nil }),
            (["--soft-queue-kib", "64"], { $0.limits.softOutputBytes = 65_536 }),
            (["--hard-queue-kib", "512"], { $0.limits.hardOutputBytes = 524_288 }),
            (["--stuck-seconds", "5"], { $0.limits.stuck = .seconds(5) }),
            (["--total-queue-mib", "2"], { $0.limits.totalOutputBytes = 2_097_152 }),
            (
                ["--no-limits"],
                {
                    $0.limits.liftPerClient()
                    $0.guesses = nil
                    $0.newPasswords = nil
                }
            ),
        ]
        for (arguments, change) in tables {
            var expected = ServerConfiguration()
            change(&expected)
            #expect(try configuration(arguments) == expected, "\(arguments)")
        }
    }

    @Test("--no-limits lifts what one client may do, whatever else is said, and keeps what bounds memory")
    func noLimits() throws {
        let limits = try configuration(["--no-limits", "--requests-per-second", "1", "--hard-queue-kib", "512"]).limits
        #expect(limits.connectionsPerAddress == nil)
        #expect(limits.openings == nil)
        #expect(limits.requests == RequestBudget.Bounds(requests: nil, refreshes: nil))
        #expect(limits.hardOutputBytes == 524_288)
    }

    @Test(
        "a value out of bounds is named with its bounds",
        arguments: [
            ("--connections", "-1", "0 and 1000000"), ("--login-seconds", "1", "5 and 86400"),
            ("--message-bytes", "20000", "256 and 16384"), ("--request-burst", "0", "1 and 100000"),
            ("--stuck-seconds", "0", "1 and 3600"),
        ]
    )
    func wrong(flag: String, value: String, named: String) {
        #expect {
            _ = try ChatTUI.parseAsRoot(["serve", "\(flag)=\(value)"])
        } throws: { error in
            let message = ChatTUI.fullMessage(for: error)
            return ChatTUI.exitCode(for: error) == .validationFailure && message.contains(flag)
                && message.contains(named)
        }
    }
}
