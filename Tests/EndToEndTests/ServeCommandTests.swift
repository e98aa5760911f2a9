internal import ChatTestSupport
internal import Foundation
internal import Testing

extension EndToEnd {
    @Suite("chat-tui serve")
    struct ServeCommandTests {
        let home: ScratchFolder

        init() throws {
            home = try ScratchFolder()
        }

        @Test("prints a line that can be pasted to connect")
        func connectLine() throws {
            let server = try RunningServer(home: home)
            #expect(server.process.standardOutput.contains("chat-tui connect 127.0.0.1:\(server.port)"))
        }

        @Test("listens on IPv4 and IPv6 when no host is named")
        func bothFamilies() throws {
            let process = try Executable.start(["serve", "--port", "0"], home: home)
            let line = try eventually("no connect line") {
                process.standardOutput.split(separator: "\n").first { $0.contains("chat-tui connect ") }
            }
            #expect(!line.contains("0.0.0.0"))
            #expect(!line.contains("[::]"))
            let port = try #require(RunningServer.port(in: String(line)))
            #expect(try RawPeer(port: port).logIn("ann") == "OK")
            if Loopback.hasIPv6 { #expect(try RawPeer(port: port, family: .version6).logIn("bob") == "OK") }
        }

        @Test("costs next to nothing while nobody says anything")
        func idle() throws {
            let server = try RunningServer(home: home)
            let ann = try FramedPeer(port: server.port, nickname: "ann")
            try server.process.waitUntilIdle()
            withExtendedLifetime(ann) {}
        }

        @Test("a port in use is one clear line and exit code 1")
        func portInUse() throws {
            let server = try RunningServer(home: home)
            let second = try Executable.start(
                ["serve", "--host", "127.0.0.1", "--port", "\(server.port)", "--ephemeral"],
                home: home
            )
            #expect(try second.end() == 1)
            let lines = second.standardError.split(separator: "\n")
            #expect(lines.count == 1)
            #expect(second.standardError.contains("\(server.port)"))
            #expect(second.standardError.contains("in use"))
        }

        @Test(
            "what can't be used is one clear line and the right exit code",
            arguments: [
                (["--host", "203.0.113.7"], Int32(1), "203.0.113.7"),
                (["--host", "no such host"], 1, "no such host"),
                (["--users", "/nonexistent/registeredUsers.txt"], 1, "/nonexistent/registeredUsers.txt"),
                (["--tls-certificate", "/nonexistent/c", "--tls-key", "/nonexistent/k"], 1, "/nonexistent/c"),
                (["--port", "70000"], 64, "70000"),
                (["--port", "many"], 64, "many"),
                (["--no-such-flag"], 64, "--no-such-flag"),
            ] as [([String], Int32, String)]
        )
        func refusals(arguments: [String], status: Int32, named: String) throws {
            let process = try Executable.start(
                ["serve", "--ephemeral"] + (arguments.contains("--port") ? [] : ["--port", "0"]) + arguments,
                home: home
            )
            #expect(try process.end() == status)
            #expect(process.standardError.contains(named))
            #expect(process.standardOutput.isEmpty)
        }

        @Test(
            "SIGTERM and Ctrl-C warn everyone after what was said, and are exit code 0",
            arguments: [SIGTERM, SIGINT]
        )
        func gracefulStop(signal: Int32) throws {
            let server = try RunningServer(home: home)
            // She gets one message at a time, so that some still wait.
            let ann = try RawPeer(port: server.port)
            try ann.join("ann")
            let bob = try FramedPeer(port: server.port, nickname: "bob")
            for number in 1...8 { bob.say("line \(number)") }
            try bob.waitForMessage("line 8")
            server.process.signal(signal)
            for number in 1...8 { try ann.receive(until: "line \(number)") }
            try ann.receive(until: "WARN,")
            #expect(try ann.receiveRest().contains("clos"))
            #expect(try server.process.end() == 0)
        }
    }
}
