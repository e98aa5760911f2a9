internal import ChatProtocol
internal import ChatTestSupport
internal import Foundation
internal import Testing

extension EndToEnd {
    @Suite("Running a server")
    struct OperationTests {
        let home: ScratchFolder

        init() throws {
            home = try ScratchFolder()
        }

        private func logged(_ text: String, by server: RunningServer) throws {
            try eventually("«\(text)» in the log; it is:\n\(server.process.standardError)") {
                server.process.standardError.contains(text) ? () : nil
            }
        }

        @Test("a settings file that is wrong is one line that says where, and exit code 78")
        func brokenFile() throws {
            let file = try home.write("{\n  \"prot\": 7000\n}", to: "serve.json")
            let process = try ChildProcess(
                Executable.path,
                ["serve", "--config", file],
                environment: Executable.environment(home: home.path)
            )
            #expect(process.exitStatus(within: 10) == 78)
            #expect(process.standardError == "Error: \(file):2:3: \"prot\" is no setting; do you mean \"port\"?\n")
            #expect(process.standardOutput.isEmpty)
        }

        @Test("--check says what is wrong, or that nothing is, and starts nothing")
        func check() throws {
            for (port, status) in [("70000", Int32(64)), ("0", 0)] {
                let process = try ChildProcess(
                    Executable.path,
                    ["serve", "--check"],
                    environment: Executable.environment(home: home.path, adding: ["CHAT_TUI_PORT": port])
                )
                #expect(process.exitStatus(within: 10) == status)
                #expect(process.standardOutput == (status == 0 ? "The settings are fine.\n" : ""))
                #expect(status == 0 || process.standardError.hasPrefix("Error: CHAT_TUI_PORT is "))
            }
        }

        @Test("SIGHUP takes over what can change, names what can't, and nothing of a file that is wrong")
        func reload() throws {
            let file = try home.write("{ \"ephemeral\": true }", to: "serve.json")
            let server = try RunningServer(arguments: ["--config", file], home: home)
            let ann = try FramedPeer(port: server.port, nickname: "ann")
            let registration = Request.update(UpdateRequest(password: "a password"))
            func reload(_ text: String) throws {
                _ = try home.write(text, to: "serve.json")
                server.process.signal(SIGHUP)
            }
            func answer() throws -> String {
                ann.send(registration)
                return try ann.wait(for: "CONFIRM") { response in
                    guard case .confirm(let confirmation) = response.body else { return nil }
                    return confirmation.text
                }
            }

            try reload("{ \"ephemeral\": true, \"registration\": \"closed\", \"keep-days\": 9, \"port\": 1 ")
            try logged("everything stays as it was reason=", by: server)
            #expect(server.process.standardError.contains("serve.json:1:1: the { here is never closed"))
            try reload("{ \"ephemeral\": true, \"registration\": \"closed\", \"keep-days\": 0 }")
            try logged("\"keep-days\\\" is a whole number between 1 and 36500, not 0.", by: server)

            try reload(
                "{ \"ephemeral\": true, \"registration\": \"closed\", \"flush\": \"commit\", \"log-format\": \"json\" }"
            )
            try logged("\"message\":\"settings read again\"", by: server)
            #expect(server.process.standardError.contains("\"changed\":\"flush,log-format,registration\""))
            try logged("\"settings\":\"flush\"", by: server)
            #expect(try answer().contains("Registration is not allowed"))

            try reload("{ \"ephemeral\": true")
            try logged("\"message\":\"everything stays as it was\"", by: server)
            #expect(try answer().contains("Registration is not allowed"))
            try reload("{ \"ephemeral\": true }")
            try logged("settings read again changed=", by: server)
            #expect(try answer() == "OK")
            #expect(server.process.isRunning)
        }

        @Test("every line of a JSON log is an object, and no line holds a password or what was said")
        func log() throws {
            let users = try home.write("admin,Tr0ub4dor\n", to: "users.txt")
            let server = try RunningServer(
                arguments: ["--users", users, "--ephemeral", "--log-format", "json", "--log-level", "trace"],
                home: home
            )
            let stranger = try RawPeer(port: server.port)
            stranger.send("CON,nickname=admin;password=wr0ngGuess;color=#F00,")
            _ = try stranger.receive(until: "Error")
            let evil = "e\u{301}vil\"\\"
            let guest = try FramedPeer(port: server.port, nickname: evil)
            let admin = try FramedPeer(port: server.port, nickname: "admin", password: "Tr0ub4dor")
            admin.send(.update(UpdateRequest(password: "c0rrectH0rse")))
            guest.send(.update(UpdateRequest(password: "batteryStap1e")))
            try logged("\"registration\"", by: server)
            guest.send(.chat(ChatRequest(recipient: .everyone, text: "a whispered secret")))
            _ = try admin.wait(for: "the message") { response in
                if case .chat = response.body { true } else { nil }
            }
            admin.send(.kick(KickRequest(user: evil, reason: "enough")))
            try logged("\"kick\"", by: server)
            // Whoever is gone without a word had an address, too.
            _ = try FramedPeer(port: server.port, nickname: "fleeting")
            try logged("\"leave\"", by: server)
            server.process.signal(SIGTERM)
            #expect(server.process.exitStatus(within: 5) == 0)

            var messages: Set<String> = []
            for line in server.process.standardError.split(separator: "\n") {
                let object = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: String]
                let event = try #require(object, "\(line)")
                messages.insert(try #require(event["message"]))
                #expect(event["time"]?.hasSuffix("Z") == true)
                if event["nickname"] != nil { #expect(event["address"] == "127.0.0.1", "\(line)") }
            }
            let expected = ["refusal", "login", "update", "registration", "kick", "closing", "closed"]
            #expect(messages.isSuperset(of: expected), "\(messages)")
            for secret in ["Tr0ub4dor", "wr0ngGuess", "c0rrectH0rse", "batteryStap1e", "whispered"] {
                #expect(!server.process.standardError.contains(secret))
                #expect(!server.process.standardOutput.contains(secret))
            }
        }

        @Test("what chat-tui account changes beside a server is in its log")
        func accounts() throws {
            let data = "\(home.path)/data"
            let server = try RunningServer(arguments: ["--data", data], home: home)
            func account(_ arguments: [String], input: String? = nil) throws {
                let process = try ChildProcess(
                    Executable.path,
                    ["account"] + arguments,
                    environment: Executable.environment(home: home.path, adding: ["CHAT_TUI_DATA": data]),
                    input: input
                )
                #expect(process.exitStatus(within: 60) == 0, "\(process.standardError)")
            }
            try account(["add", "ann"], input: "s3cret\n")
            try logged("account added detail=\"as member\" nickname=ann", by: server)
            try account(["role", "ann", "admin"])
            try logged("account role detail=\"now admin\" nickname=ann", by: server)
            // Whoever is in with the old password is out with the new one, and can't take the account along.
            let thief = try FramedPeer(port: server.port, nickname: "ann", password: "s3cret")
            try account(["password", "ann"], input: "n3wsecret\n")
            thief.send(.update(UpdateRequest(password: "thiefpw")))
            let warning = try thief.wait(for: "WARN") { response -> String? in
                if case .warning(let text, _, _) = response.body { text } else { nil }
            }
            #expect(warning == "The password of your account was changed. Please connect again with the new one.")
            try logged("account password detail=changed nickname=ann", by: server)
            try logged("detail=\"the password was changed\" nickname=ann", by: server)
            #expect(throws: Overdue.self) {
                _ = try thief.wait(for: "anything more", within: 5) { _ in true }
            }
            _ = try FramedPeer(port: server.port, nickname: "ann", password: "n3wsecret")
            try account(["remove", "ann"])
            try logged("account removed nickname=ann", by: server)
        }

        @Test("the operator's endpoint answers, and its socket goes with the server")
        func endpoint() throws {
            let path = "\(home.path)/admin.sock"
            let server = try RunningServer(arguments: ["--ephemeral", "--admin-listen", path], home: home)
            let ann = try FramedPeer(port: server.port, nickname: "ann")
            _ = try ann.wait(for: "USER") { response in
                if case .users = response.body { true } else { nil }
            }
            #expect(UnixHTTP.get("/healthz", at: path)?.hasSuffix("\r\n\r\nok\n") == true)
            #expect(UnixHTTP.get("/readyz", at: path)?.hasSuffix("\r\n\r\nready\n") == true)
            #expect(UnixHTTP.get("/metrics", at: path)?.contains("\nchat_logins_total 1\n") == true)
            server.process.signal(SIGTERM)
            #expect(server.process.exitStatus(within: 5) == 0)
            #expect(!FileManager.default.fileExists(atPath: path))
        }

        @Test("a closing server tells our clients when to come back, and a second signal ends it at once")
        func closing() throws {
            let server = try RunningServer(arguments: ["--ephemeral"], home: home)
            let ann = try FramedPeer(port: server.port, nickname: "ann")
            server.process.signal(SIGTERM)
            let seconds = try ann.wait(for: "WARN") { response -> Int? in
                guard case .closing(_, let seconds) = response.body else { return nil }
                return seconds
            }
            #expect(seconds == 1)
            // She does not close, and would be waited for.
            // Logs may be rotated, or a terminal closed, just now.
            server.process.signal(SIGHUP)
            #expect(server.process.exitStatus(within: 0.2) == nil)
            server.process.signal(SIGTERM)
            #expect(server.process.exitStatus(within: 0.7) == 128 + SIGTERM)
        }
    }
}
