internal import ChatProtocol
internal import ChatTestSupport
internal import Foundation
internal import Testing

extension EndToEnd {
    @Suite("The terminal")
    struct TerminalTests {
        let home: ScratchFolder
        let server: RunningServer

        init() throws {
            home = try ScratchFolder()
            server = try RunningServer(arguments: ["--ephemeral"], home: home)
        }

        /// A shell in which alice has joined.
        private func join() throws -> Tmux {
            let terminal = try Tmux(
                ["connect", "127.0.0.1:\(server.port)", "--nickname", "alice", "--color", "#00FF88"],
                home: home,
                // Swift's own report of a crash takes half a minute to write in
                // a debug build, and is not what is looked at here.
                environment: ["SWIFT_BACKTRACE": "enable=no"],
                throughShell: true
            )
            try terminal.waitFor("1 here")
            return terminal
        }

        /// The pid of the program that runs in the terminal's shell.
        private func program(in terminal: Tmux) throws -> pid_t {
            let shell = try #require(try terminal.programPID())
            return try eventually("the shell has no child") {
                let children = try? String(contentsOfFile: "/proc/\(shell)/task/\(shell)/children", encoding: .utf8)
                return children?.split(separator: " ").first.flatMap { pid_t($0) }
            }
        }

        /// The shell is back, reads lines, echoes, and no mode is left on.
        private func expectRestored(_ terminal: Tmux, sourceLocation: SourceLocation = #_sourceLocation) throws {
            try terminal.waitForShell()
            try terminal.type(
                "stty -a | tr ' ;' '\\n\\n' | grep -cxE 'icanon|echo|isig|icrnl|opost' | sed s/^/modes:/\n"
            )
            try terminal.waitFor("modes:5")
            let modes = try terminal.query("#{alternate_on} #{mouse_any_flag} #{cursor_flag} #{keypad_flag}")
            #expect(modes == "0 0 1 0", sourceLocation: sourceLocation)
        }

        @Test("is as it was after /quit")
        func quitting() throws {
            let terminal = try join()
            try terminal.type("/quit\n")
            try terminal.waitForShell()
            try expectRestored(terminal)
        }

        @Test("is as it was after Ctrl-C twice")
        func interrupting() throws {
            let terminal = try join()
            try terminal.press("C-c")
            try terminal.waitFor("again")
            try terminal.press("C-c")
            try expectRestored(terminal)
        }

        @Test(
            "is as it was after a signal that ends the program",
            // All of `kill -l` but those that stop, go on, are ignored by default,
            // and can't be handled; SIGPIPE is ignored by the program.
            arguments: Array(1...31 as ClosedRange<Int32>).filter {
                ![
                    SIGKILL, SIGPIPE, SIGCHLD, SIGCONT, SIGSTOP, SIGTSTP, SIGTTIN, SIGTTOU, SIGURG, SIGWINCH,
                ].contains($0)
            } + [34, 49, 64]
        )
        func ending(signal: Int32) throws {
            let terminal = try join()
            kill(try program(in: terminal), signal)
            try expectRestored(terminal)
        }

        @Test("is the shell's while the program is stopped, and the chat's again after fg")
        func suspending() throws {
            let terminal = try join()
            try terminal.type("half a line")
            try terminal.waitFor("half a line")
            try terminal.press("C-z")
            try terminal.waitFor("Stopped")
            try expectRestored(terminal)
            try terminal.type("fg\n")
            let screen = try terminal.waitFor("half a line")
            #expect(screen.contains("1 here"))
            try terminal.press("Enter")
            try terminal.waitFor("alice   half a line")
        }

        /// Sends a signal to a program that may be stopped, as a shell's kill and systemd do.
        private func tell(_ program: pid_t, to signal: Int32) {
            kill(program, signal)
            kill(program, SIGCONT)
        }

        @Test("a client that is stopped ends when it is told to", arguments: [SIGTERM, SIGHUP, SIGINT], [false, true])
        func endingWhileStopped(signal: Int32, isInBackground: Bool) throws {
            let terminal = try join()
            let program = try program(in: terminal)
            try terminal.press("C-z")
            try terminal.waitFor("Stopped")
            if isInBackground { try terminal.type("bg; echo gone on\n") }
            if isInBackground { try terminal.waitFor("gone on") }
            tell(program, to: signal)
            try eventually("the program ends") { kill(program, 0) == -1 ? () : nil }
            try expectRestored(terminal)
        }

        @Test("a client that is started in the background waits for fg, and ends when it is told to")
        func background() throws {
            let terminal = try Tmux(["--version"], home: home, throughShell: true)
            try terminal.waitForShell()
            let command = "\(Executable.path) connect 127.0.0.1:\(server.port) --nickname alice --color '#0F8'"
            try terminal.type("\(command) & sleep 0\n")
            let first = try program(in: terminal)
            try eventually("it waits, stopped") { Self.state(of: first) == "T" ? () : nil }
            tell(first, to: SIGTERM)
            try eventually("it ends") { kill(first, 0) == -1 ? () : nil }
            try terminal.type("clear; \(command) & sleep 0\n")
            let second = try program(in: terminal)
            try eventually("it waits, stopped") { Self.state(of: second) == "T" ? () : nil }
            try terminal.type("fg\n")
            try terminal.waitFor("1 here")
            try terminal.type("/quit\n")
            try expectRestored(terminal)
        }

        /// The state of a process's first thread as ps(1) names it.
        private static func state(of process: pid_t) -> String? {
            let stat = try? String(contentsOfFile: "/proc/\(process)/task/\(process)/stat", encoding: .utf8)
            return stat?.split(separator: ")").last?.split(separator: " ").first.map(String.init)
        }

        @Test("what was said while the program was stopped is there after fg, without another key")
        func newsWhileStopped() throws {
            let terminal = try join()
            let bob = try FramedPeer(port: server.port, nickname: "bob")
            try terminal.waitFor("2 here")
            try terminal.press("C-z")
            try terminal.waitFor("Stopped")
            bob.send(.chat(ChatRequest(recipient: .everyone, text: "said meanwhile")))
            // Until the server has handed it out, to the stopped client as well.
            _ = try bob.wait(for: "the own message") { response in
                if case .chat = response.body { true } else { nil }
            }
            try terminal.type("fg\n")
            try terminal.waitFor("bob   said meanwhile")
        }

        @Test("a closed standard error is no other file, and the chat sleeps where there is nothing to do")
        func closedStandardError() throws {
            let terminal = try Tmux(["--version"], home: home, throughShell: true)
            try terminal.waitForShell()
            let options = "--nickname alice --color '#0F8' 2>&-"
            try terminal.type("clear; \(Executable.path) connect 127.0.0.1:\(server.port) \(options)\n")
            try terminal.waitFor("1 here")
            let program = try program(in: terminal)
            try eventually("the program sleeps") { Self.state(of: program) == "S" ? () : nil }
            try terminal.press("C-z")
            try terminal.waitFor("Stopped")
            let place = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\(program)/fd/2")
            #expect(place == "/dev/null")
            try terminal.type("fg\n")
            try terminal.waitFor("1 here")
            try terminal.type("/quit\n")
            try expectRestored(terminal)
        }

        @Test("a hostile message changes nothing but its own line")
        func hostileText() throws {
            let terminal = try join()
            let eve = try FramedPeer(port: server.port, nickname: "eve")
            try terminal.waitFor("2 here")
            let before = try terminal.screen().split(separator: "\n", omittingEmptySubsequences: false)
            var text = "start"
            for value in Array(0x01...0x1F) + Array(0x7F...0x9F) + [0x061C, 0x200E, 0x200F, 0x2028, 0x2029]
                + Array(0x202A...0x202E) + Array(0x2066...0x2069) + [0xE0041, 0xFFFE]
            where value != 0x0A {
                if let scalar = Unicode.Scalar(UInt32(value)) { text.unicodeScalars.append(scalar) }
            }
            text += "\u{1B}[2J\u{1B}[H\u{1B}]0;owned\u{07}\u{1B}[?1049l\u{9B}31m\u{1B}c\r\u{8}\u{8}finis"
            eve.say(text)
            let after = try terminal.waitFor("finis").split(separator: "\n", omittingEmptySubsequences: false)
            #expect(after.count == before.count)
            // What was there has only moved up; the frame, the sidebar and the prompt stand.
            #expect(after.first == before.first)
            #expect(after.contains { $0.contains("eve   start") })
            #expect(try terminal.query("#{pane_title} #{alternate_on}").hasSuffix(" 1"))
            #expect(try !terminal.query("#{pane_title}").contains("owned"))
            #expect(after.contains { $0.contains("alice ›") })
        }
    }
}
