internal import ChatProtocol
internal import ChatTestSupport
internal import Foundation
internal import Testing

extension EndToEnd {
    @Suite("Standard streams that are closed")
    struct StandardStreamsTests {
        let home: ScratchFolder

        init() throws {
            home = try ScratchFolder()
        }

        /// The program, started by a shell that closes files before.
        private func start(_ arguments: String, closing files: String) throws -> ChildProcess {
            try ChildProcess(
                "/bin/bash",
                ["-c", "exec \(files); exec \(Executable.path) \(arguments)"],
                environment: Executable.environment(home: home.path)
            )
        }

        @Test("a server writes its log into none of its own files")
        func server() throws {
            let data = "\(home.path)/data"
            let process = try start("serve --host 127.0.0.1 --port 0 --data \(data)", closing: "0<&- 2>&-")
            let port = try eventually("the server says how to connect") {
                RunningServer.port(in: process.standardOutput)
            }
            let ann = try FramedPeer(port: port, nickname: "ann")
            ann.send(.chat(ChatRequest(recipient: .everyone, text: "hello")))
            _ = try ann.wait(for: "the own message") { response in
                if case .chat = response.body { true } else { nil }
            }
            for descriptor in [0, 2] {
                let file = "/proc/\(process.pid)/fd/\(descriptor)"
                let place = try FileManager.default.destinationOfSymbolicLink(atPath: file)
                #expect(place == "/dev/null")
            }
            process.signal(SIGTERM)
            #expect(try process.end() == 0)
            let lock = try String(contentsOfFile: "\(data)/server.lock", encoding: .utf8)
            #expect(!lock.contains("login") && !lock.contains("listening"))
            #expect(process.standardError.isEmpty)
            let history = try start("history export --data \(data)", closing: "1>&-")
            #expect(try history.end() == 1)
            #expect(history.standardError == "Error: can't write: Bad file descriptor\n")
        }

        @Test("a server whose standard output is closed serves nevertheless")
        func noOutput() throws {
            let process = try start("serve --host 127.0.0.1 --port 0 --ephemeral", closing: "1>&-")
            try eventually("it listens") { process.standardError.contains("listening") ? () : nil }
            process.signal(SIGTERM)
            #expect(try process.end() == 0)
        }

        @Test("nobody waits for what can't be typed")
        func commands() throws {
            let account = try start("account add ann", closing: "0<&-")
            #expect(try account.end() == 1)
            #expect(account.standardError == "Error: a password is needed; nothing is changed\n")
            let connect = try start("connect 127.0.0.1:1", closing: "0<&- 1>&- 2>&-")
            #expect(try connect.end() == 64)
        }
    }
}
