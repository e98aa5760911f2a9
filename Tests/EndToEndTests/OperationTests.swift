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

        @Test("a settings file that is wrong is one line that says where, and exit code 78")
        func brokenFile() throws {
            let file = try home.write("{\n  \"prot\": 7000\n}", to: "serve.json")
            let process = try Executable.start(["serve", "--config", file], home: home)
            #expect(try process.end() == 78)
            #expect(process.standardError == "Error: \(file):2:3: \"prot\" is no setting; do you mean \"port\"?\n")
            #expect(process.standardOutput.isEmpty)
        }

        @Test("--check says what is wrong, or that nothing is, and starts nothing")
        func check() throws {
            for (port, status) in [("70000", Int32(64)), ("0", 0)] {
                let process = try Executable.start(
                    // On all addresses, root would be warned.
                    ["serve", "--check", "--host", "127.0.0.1"],
                    home: home,
                    environment: ["CHAT_TUI_PORT": port]
                )
                #expect(try process.end() == status)
                #expect(process.standardOutput == (status == 0 ? "The settings are fine.\n" : ""))
                #expect(status == 0 || process.standardError.hasPrefix("Error: CHAT_TUI_PORT is "))
            }
        }

        @Test("a misspelt variable is warned of by --check and in the log")
        func misspeltVariable() throws {
            let environment = ["CHAT_TUI_PROT": "7000"]
            let warning = "CHAT_TUI_PROT is no setting; do you mean CHAT_TUI_PORT?"
            let process = try Executable.start(["serve", "--check"], home: home, environment: environment)
            #expect(try process.end() == 0)
            #expect(process.standardOutput == "The settings can be used.\n")
            #expect(process.standardError.contains(warning))
            let server = try RunningServer(arguments: ["--ephemeral"], home: home, environment: environment)
            try server.waitForLog(" warning \(warning)")
            try server.endInOrder()
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
                return try ann.waitForConfirmation()
            }

            try reload("{ \"ephemeral\": true, \"registration\": \"closed\", \"keep-days\": 9, \"port\": 1 ")
            try server.waitForLog("everything stays as it was reason=")
            #expect(server.process.standardError.contains("serve.json:1:1: the { here is never closed"))
            try reload("{ \"ephemeral\": true, \"registration\": \"closed\", \"keep-days\": 0 }")
            try server.waitForLog("\"keep-days\\\" is a whole number between 1 and 36500, not 0")

            try reload(
                "{ \"ephemeral\": true, \"registration\": \"closed\", \"flush\": \"commit\", \"log-format\": \"json\" }"
            )
            try server.waitForLog("\"message\":\"settings read again\"")
            #expect(server.process.standardError.contains("\"changed\":\"log-format,registration\""))
            try server.waitForLog("\"settings\":\"flush\"")
            #expect(try answer().contains("Registration is not allowed"))

            try reload("{ \"ephemeral\": true")
            try server.waitForLog("\"message\":\"everything stays as it was\"")
            #expect(try answer().contains("Registration is not allowed"))
            try reload("{ \"ephemeral\": true }")
            try server.waitForLog("settings read again changed=")
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
            #expect(try RawPeer(port: server.port).logIn("admin", password: "wr0ngGuess").hasPrefix("Error: "))
            let evil = "e\u{301}vil\"\\"
            let guest = try FramedPeer(port: server.port, nickname: evil)
            let admin = try FramedPeer(port: server.port, nickname: "admin", password: "Tr0ub4dor")
            admin.send(.update(UpdateRequest(password: "c0rrectH0rse")))
            guest.send(.update(UpdateRequest(password: "batteryStap1e")))
            try server.waitForLog("\"registration\"")
            guest.say("a whispered secret")
            try admin.waitForMessage("a whispered secret")
            admin.send(.kick(KickRequest(user: evil, reason: "enough")))
            try server.waitForLog("\"kick\"")
            // Whoever is gone without a word had an address, too.
            _ = try FramedPeer(port: server.port, nickname: "fleeting")
            try server.waitForLog("\"leave\"")
            try server.endInOrder()

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
                let process = try Executable.start(
                    ["account"] + arguments,
                    home: home,
                    environment: ["CHAT_TUI_DATA": data],
                    input: input
                )
                #expect(try process.end() == 0, "\(process.standardError)")
            }
            try account(["add", "ann"], input: "s3cret words\n")
            try server.waitForLog("account added detail=\"as member\" nickname=ann")
            try account(["role", "ann", "admin"])
            try server.waitForLog("account role detail=\"now admin\" nickname=ann")
            // Whoever is in with the old password is out with the new one, and can't take the account along.
            let thief = try FramedPeer(port: server.port, nickname: "ann", password: "s3cret words")
            try account(["password", "ann"], input: "n3wsecret\n")
            thief.send(.update(UpdateRequest(password: "thief password")))
            #expect(
                try thief.waitForWarning()
                    == "The password of your account was changed. Please connect again with the new one."
            )
            try server.waitForLog("account password detail=changed nickname=ann")
            try server.waitForLog("detail=\"the password was changed\" nickname=ann")
            #expect(try thief.receiveRest().isEmpty)
            _ = try FramedPeer(port: server.port, nickname: "ann", password: "n3wsecret")
            try account(["remove", "ann"])
            try server.waitForLog("account removed nickname=ann")
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
            try server.endInOrder()
            #expect(!FileManager.default.fileExists(atPath: path))
        }

        @Test("a closing server tells our clients when to come back, and a second signal ends it at once")
        func closing() throws {
            // It waits some seconds for her to close. Where this machine was not quick
            // enough with the second signal, the wait was over, and says nothing.
            var status: Int32 = 0
            for _ in 1...10 where status == 0 {
                let server = try RunningServer(arguments: ["--ephemeral"], home: home)
                let ann = try FramedPeer(port: server.port, nickname: "ann")
                server.process.signal(SIGTERM)
                let seconds = try ann.wait(for: "WARN") { response -> Int? in
                    guard case .closing(_, let seconds) = response.body else { return nil }
                    return seconds
                }
                #expect(seconds == 1)
                // Logs may be rotated, or a terminal closed, just now.
                server.process.signal(SIGHUP)
                server.process.signal(SIGTERM)
                status = try server.process.end()
            }
            #expect(status == 128 + SIGTERM)
        }
    }
}
