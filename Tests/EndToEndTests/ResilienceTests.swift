internal import ChatTestSupport
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
            try server?.crash()
            server = nil
            let lost = try alice.waitFor("reconnecting in")
            #expect(lost.contains("said before the loss"))
            try alice.type("typed while away\n")
            try alice.waitFor("typed while away")
            let again = try RunningServer(home: home, port: port)
            let witness = try RawPeer(port: again.port)
            #expect(try witness.logIn("witness") == "OK")
            try witness.receive(until: "typed while away")
            #expect(try alice.waitFor("2 here").contains("said before the loss"))
            // What the witness hears comes in order.
            witness.send("CHAT,rec=-ALL,that was all")
            #expect(try !witness.receive(until: "that was all").contains("typed while away"))
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
            let process = try Executable.start(["connect", "127.0.0.1:1"], home: home)
            #expect(try process.end() == 64)
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
