internal import ChatTestSupport
internal import Foundation
internal import Testing

extension EndToEnd {
    @Suite("What can't work")
    struct WrongUsageTests {
        let home: ScratchFolder

        init() throws {
            home = try ScratchFolder()
        }

        @Test("a server and a tool say in one line why not, and end with the code that README names")
        func withoutTerminal() throws {
            let folder = home.path
            let cases: [(limit: Int?, home: String, arguments: String, code: Int32, line: String)] = [
                (nil, folder, "serve --port 70000", 64, "'--port <port>': write a whole number between 0 and 65535."),
                (nil, folder, "serve --config \(folder)", 78, "\(folder): can't be read: Is a directory"),
                (nil, folder, "serve --users /nonexistent", 1, "/nonexistent: there is no such file"),
                (nil, folder, "serve --host 192.0.2.99 --port 0", 1, "192.0.2.99"),
                (nil, "/dev/null", "serve --port 0", 1, "/dev/null/.local/share/chat-tui: Not a directory"),
                (nil, "/dev/null", "account list", 1, "/dev/null/.local/share/chat-tui"),
                (64, folder, "serve --port 0", 1, "lets this program open 64 files, and 128 are needed: see ulimit -n"),
                (nil, folder, "connect 127.0.0.1", 64, "needs a terminal"),
                (nil, folder, "history search x --limit 0", 64, "--limit"),
                (nil, folder, "account add", 64, "nickname"),
            ]
            for (limit, home, arguments, code, line) in cases {
                let bound = limit.map { "ulimit -n \($0); " } ?? ""
                let process = try ChildProcess(
                    "/bin/bash",
                    ["-c", "\(bound)exec \(Executable.path) \(arguments)"],
                    environment: Executable.environment(home: home)
                )
                #expect(try process.end() == code, "\(arguments)")
                let said = process.standardError
                #expect(said.hasPrefix("Error: ") && said.contains(line), "\(arguments): \(said)")
            }
        }

        @Test("a client says in one line why not, and ends with the code that README names")
        func inATerminal() throws {
            let pipe = "\(home.path)/pipe"
            #expect(mkfifo(pipe, 0o600) == 0)
            _ = try home.write("{ \"nickname\": 5 }", to: "broken.json")
            let cases = [
                ("", "connect fe80::1", 64, "write through which interface, as in fe80::1%eth0"),
                ("", "connect host:x", 64, "is no port"),
                ("", "connect --preferences \(home.path)", 1, "\(home.path): can't be read: Is a directory"),
                ("", "connect --preferences \(pipe)", 1, "\(pipe): can't be read: it is a pipe, not a file"),
                ("", "connect --preferences /dev/zero", 1, "/dev/zero: can't be read: File too large"),
                ("", "connect --preferences \(home.path)/broken.json", 78, "\"nickname\" is a text in double quotes"),
                ("HOME=/dev/null", "connect 127.0.0.1:1", 1, "preferences.json: can't be read: Not a directory"),
                ("HOME=/dev/null", "host --port 0", 1, "can't be read: Not a directory"),
                ("ulimit -n 10;", "connect 127.0.0.1:1", 1, "open 10 files, and 32 are needed"),
                ("ulimit -n 64;", "host --port 0", 1, "open 64 files, and 128 are needed"),
            ]
            let terminal = try Tmux(["--version"], columns: 200, home: home, throughShell: true)
            for (before, arguments, code, line) in cases {
                try terminal.type("clear; (\(before) \(Executable.path) \(arguments)); echo code:$?.\n")
                let screen = try terminal.waitFor("code:\(code).")
                #expect(screen.contains("Error: ") && screen.contains(line), "\(arguments): \(screen)")
            }
        }
    }
}
