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
            let process = try ChildProcess(
                Executable.path,
                ["serve", "--port", "0"],
                environment: Executable.environment(home: home.path)
            )
            let line = try eventually("a connect line") {
                process.standardOutput.split(separator: "\n").first { $0.contains("chat-tui connect ") }
            }
            #expect(!line.contains("0.0.0.0"))
            #expect(!line.contains("[::]"))
            let port = try #require(RunningServer.port(in: String(line)))
            let peer = try RawPeer(port: port)
            peer.send("CON,nickname=ann;password=;color=#00FF00,")
            #expect(try peer.receive(until: "CONVER,")[0].hasSuffix(",OK"))
            let sixth = try RawPeer(port: port, family: .version6)
            sixth.send("CON,nickname=bob;password=;color=#00FF00,")
            #expect(try sixth.receive(until: "CONVER,")[0].hasSuffix(",OK"))
        }

        @Test("costs next to nothing while nobody says anything")
        func idle() throws {
            let server = try RunningServer(home: home)
            usleep(1_000_000)
            let before = try server.process.cpuSeconds()
            usleep(3_000_000)
            #expect(try server.process.cpuSeconds() - before < 0.15)
        }

        @Test("a port in use is one clear line and exit code 1")
        func portInUse() throws {
            let server = try RunningServer(home: home)
            let second = try ChildProcess(
                Executable.path,
                ["serve", "--host", "127.0.0.1", "--port", "\(server.port)", "--ephemeral"],
                environment: Executable.environment(home: home.path)
            )
            #expect(second.exitStatus(within: 10) == 1)
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
            let process = try ChildProcess(
                Executable.path,
                ["serve", "--ephemeral"] + (arguments.contains("--port") ? [] : ["--port", "0"]) + arguments,
                environment: Executable.environment(home: home.path)
            )
            #expect(process.exitStatus(within: 15) == status)
            #expect(process.standardError.contains(named))
            #expect(process.standardOutput.isEmpty)
        }

        @Test("SIGTERM and Ctrl-C warn everyone, flush and exit 0 within 5 seconds", arguments: [SIGTERM, SIGINT])
        func gracefulStop(signal: Int32) throws {
            let server = try RunningServer(home: home)
            let peer = try RawPeer(port: server.port)
            peer.send("CON,nickname=ann;password=;color=#00FF00,")
            _ = try peer.receive(until: "USER,")
            for number in 1...8 { peer.send("CHAT,rec=-ALL,line \(number)"); usleep(20_000) }
            server.process.signal(signal)
            let rest = try peer.receive(until: "WARN,").joined()
            for number in 1...8 { #expect(rest.contains("line \(number)")) }
            #expect(rest.contains("clos"))
            #expect(server.process.exitStatus(within: 5) == 0)
        }
    }
}
