internal import Foundation
internal import Testing

extension EndToEnd {
    @Suite("What goes wrong around a client")
    struct ResilienceTests {
        let home: ScratchFolder

        init() throws {
            home = try ScratchFolder()
        }

        @Test("a lost server is said at once, the screen stays, and it comes back by itself")
        func reconnects() throws {
            var server: RunningServer? = try RunningServer(home: home)
            let port = try #require(server?.port)
            let alice = try Tmux(
                ["connect", "127.0.0.1:\(port)", "--nickname", "alice", "--color", "#00FF88"],
                home: home
            )
            try alice.waitFor("1 here")
            try alice.type("said before the loss\n")
            try alice.waitFor("said before the loss")
            server?.process.signal(SIGKILL)
            _ = server?.process.exitStatus(within: 5)
            server = nil
            let lost = try alice.waitFor("connect", within: 5)
            #expect(lost.contains("said before the loss"))
            try alice.type("typed while away\n")
            try alice.waitFor("typed while away")
            let again = try RunningServer(home: home, port: port)
            let witness = try RawPeer(port: again.port)
            witness.send("CON,nickname=witness;password=;color=#FFFFFF,")
            let heard = try witness.receive(until: "typed while away", within: 60).joined()
            #expect(heard.components(separatedBy: "typed while away").count == 2)
            #expect(try alice.waitFor("2 here").contains("said before the loss"))
        }

        @Test("a server that can't be reached is said on the screen, and leaving then is exit code 69")
        func unreachable() throws {
            let alice = try Tmux(["connect", "127.0.0.1:1", "--nickname", "alice"], home: home, throughShell: true)
            try alice.waitFor("reconnecting in")
            try alice.waitFor("no chat answers")
            try alice.type("/quit\n")
            try alice.waitForShell()
            try alice.type("echo status $?\n")
            try alice.waitFor("status 69")
        }

        @Test("without a terminal it says so and does not hang")
        func noTerminal() throws {
            let process = try ChildProcess(
                Executable.path,
                ["connect", "127.0.0.1:1"],
                environment: Executable.environment(home: home.path)
            )
            let status = try #require(process.exitStatus(within: 10))
            #expect(status != 0)
            #expect(process.standardError.contains("terminal"))
        }

        @Test("host serves and chats in one, and others can join")
        func host() throws {
            let host = try Tmux(
                ["host", "--port", "0", "--nickname", "teacher", "--color", "#00FF88"],
                home: home
            )
            try host.waitFor("1 here")
            let screen = try host.waitFor("chat-tui connect ")
            let port = try #require(RunningServer.port(in: screen))
            let student = try Tmux(
                ["connect", "127.0.0.1:\(port)", "--nickname", "student", "--color", "#00FF88"],
                home: try ScratchFolder()
            )
            try student.waitFor("2 here")
            try student.type("good morning\n")
            try host.waitFor("good morning")
            try host.type("/quit\n")
            try student.waitFor("clos")
        }
    }
}
