internal import ChatProtocol
internal import ChatTestSupport
internal import Foundation
internal import Testing

extension EndToEnd {
    @Suite("What is kept")
    struct StorageTests {
        let home: ScratchFolder

        init() throws {
            home = try ScratchFolder()
        }

        /// Runs a command to its end, and gives what it wrote.
        private func run(
            _ arguments: [String],
            input: String? = nil,
            environment: [String: String] = [:]
        ) throws -> (status: Int32, out: String, err: String) {
            let process = try Executable.start(arguments, home: home, environment: environment, input: input)
            return (try process.end(), process.standardOutput, process.standardError)
        }

        @Test("a second server on the same data says so and exits")
        func secondServer() throws {
            let first = try RunningServer(home: home)
            let second = try run(["serve", "--host", "127.0.0.1", "--port", "0"])
            #expect(second.status == 1)
            #expect(second.out.isEmpty)
            #expect(second.err.contains("\(first.process.pid)"))
            #expect(second.err.split(separator: "\n").count == 1)
            // It is free again however the first one ends.
            try first.crash()
            _ = try RunningServer(home: home)
        }

        @Test("accounts are made beside a running server, which notices")
        func accounts() throws {
            let server = try RunningServer(home: home)
            #expect(server.process.standardOutput.contains("chat-tui account add NICKNAME --role admin"))
            #expect(try run(["account", "list"]) == (0, "", ""))
            #expect(try run(["account", "add", "ann"], input: "s3cret words\nignored\n").status == 0)
            #expect(try run(["account", "add", "eve"], input: "seven77\n").err.contains("shorter than 8"))
            #expect(try run(["account", "add", "ANN"], input: "other\n").err.contains("is registered"))
            #expect(try run(["account", "add", "bob", "--role", "admin"], input: "").err.contains("password"))
            #expect(try run(["account", "add", "1x"], input: "pw").err.contains("letter"))
            #expect(
                try run(["account", "add", "xy/"], input: "s3cret words\n").err.contains("older clients can't write to")
            )
            #expect(try run(["account", "role", "ann", "admin"]).status == 0)
            let users = try home.write(
                "root,toor,1\nann,other,2\n\u{430}nn,other,2\nx//y,other,2\n",
                to: "registeredUsers.txt"
            )
            let imported = try run(["account", "import", users])
            #expect(imported.out.contains("root is registered, as an admin."))
            #expect(imported.out.contains("root has a weak password, shorter than 8 characters."))
            #expect(imported.out.contains("ann was registered before"))
            #expect(imported.out.contains("\u{430}nn looks like ann, who is registered; left out."))
            #expect(imported.out.contains("x//y has a comma, semicolon or slash in it"))
            let list = try run(["account", "list"]).out.split(separator: "\n")
            #expect(list.map { $0.hasPrefix("admin") } == [true, true])
            #expect(list.map { $0.hasSuffix("ann") } == [true, false])

            // What it has seen is in its log.
            try server.waitForLog("account added detail=\"as admin\" nickname=root")
            #expect(try RawPeer(port: server.port).logIn("Ann", password: "wrong").hasPrefix("Error: "))
            let ann = try RawPeer(port: server.port)
            #expect(try ann.logIn("Ann", password: "s3cret words") == "OK")
            #expect(try ann.receive(until: "admin1=root").contains("admin=2"))

            #expect(try run(["account", "password", "ann"], input: "changed it\n").status == 0)
            #expect(try run(["account", "remove", "root"]).status == 0)
            #expect(try run(["account", "remove", "root"]) == (1, "", "Error: no such account\n"))
            try server.waitForLog("account removed nickname=root")
            #expect(try RawPeer(port: server.port).logIn("root") == "OK")
        }

        @Test("a password is asked for twice, without showing it, and Ctrl-C changes nothing")
        func prompt() throws {
            let terminal = try Tmux(["account", "add", "ann"], home: home, throughShell: true)
            try terminal.waitFor("New password for ann:")
            try terminal.type("s3cret words\n")
            try terminal.waitFor("Once more:")
            try terminal.press("C-c")
            try terminal.waitFor("cancelled; nothing is changed")
            #expect(try run(["account", "list"]).out.isEmpty)
            try terminal.type("clear; '\(Executable.path)' account add ann\n")
            try terminal.waitFor("New password for ann:")
            try terminal.type("s3cret words\n")
            try terminal.waitFor("Once more:")
            try terminal.type("s3cret words\n")
            let screen = try terminal.waitFor("ann is registered, as a member.")
            #expect(!screen.contains("s3cret"))
            // What is typed from here on shows again.
            try terminal.type("echo visible")
            try terminal.waitFor("echo visible")
        }

        @Test("bytes that are not UTF-8 are no password and no setting, wherever they come from")
        func otherBytes() throws {
            let program = "'\(Executable.path)'"
            let latin = #"$(printf 's3cret w\366rds')"#
            func run(_ line: String) throws -> ChildProcess {
                try ChildProcess("/bin/bash", ["-c", line], environment: Executable.environment(home: home.path))
            }
            let piped = try run(#"printf 's3cret w\366rds\n' | "# + "\(program) account add ann")
            #expect(try piped.end() == 1)
            #expect(piped.standardError == "Error: the password is not UTF-8 text; nothing is changed\n")
            for name in ["CHAT_TUI_PASSWORD", "CHAT_TUI_DATA", "XDG_DATA_HOME"] {
                let set = try run("\(name)=\(latin) exec \(program) account list")
                #expect(try set.end() == 64)
                #expect(set.standardError == "Error: \(name) is not UTF-8 text\n")
            }
            let typed = try Tmux(["account", "add", "ann"], home: home, throughShell: true)
            try typed.waitFor("New password for ann:")
            try typed.press("-H", "73", "33", "63", "72", "65", "74", "f6", "73", "0a")
            try typed.waitFor("the password is not UTF-8 text; nothing is changed")
            let accounts = try self.run(["account", "list"])
            #expect(accounts == (0, "", ""))
        }

        @Test("what was said is exported and searched beside a running server, without harm to a terminal")
        func history() throws {
            let server = try RunningServer(home: home)
            let ann = try FramedPeer(port: server.port, nickname: "ann")
            let bob = try FramedPeer(port: server.port, nickname: "bob")
            for (recipient, text) in [
                (Recipient.everyone, "the release is next week"),
                (.user("bob"), "the release is a secret"),
                (.everyone, "red \u{1B}[31malert\u{202E} \"quoted\"\nand two lines"),
            ] {
                ann.send(.chat(ChatRequest(recipient: recipient, nonce: text, text: text)))
            }
            try bob.waitForMessage("red")
            let lines = try run(["history", "export"]).out.split(separator: "\n")
            try #require(lines.count == 2)
            #expect(lines[0].hasSuffix(" <ann> the release is next week"))
            #expect(lines[1].contains(" <ann> red "))
            #expect(lines.allSatisfy { line in !line.unicodeScalars.contains { $0.value < 32 || $0 == "\u{202E}" } })

            let json = try run(["history", "export", "--format", "json", "--private", "--infos"]).out
                .split(separator: "\n")
                .map { try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any] }
            #expect(json.map { $0?["kind"] as? String } == ["info", "info", "message", "private", "message"])
            #expect(json.last??["text"] as? String == "red \u{1B}[31malert\u{202E} \"quoted\"\nand two lines")
            #expect(json[3]?["recipient"] as? String == "bob")

            #expect(try run(["history", "search", "release"]).out.split(separator: "\n").count == 1)
            #expect(try run(["history", "search", "release", "--private"]).out.split(separator: "\n").count == 2)
            #expect(try run(["history", "search", "from:ann", "RED"]).out.contains("two lines"))
            #expect(try run(["history", "search", "absent"]) == (0, "", ""))
            #expect(try run(["history", "search", "!!"]).status == 64)
            #expect(try run(["history", "prune", "--keep-messages", "1"]).out == "1 records deleted.\n")
            #expect(
                try ann.history().map(\.text) == [
                    "the release is a secret", "red \u{1B}[31malert\u{202E} \"quoted\"\nand two lines",
                ]
            )
        }

        @Test("times of the history are local, with the offset for programs; --utc writes UTC, marked")
        func localTimes() throws {
            let server = try RunningServer(home: home)
            let ann = try FramedPeer(port: server.port, nickname: "ann")
            ann.say("when is that?")
            try ann.waitForMessage("when is that?")
            func history(_ command: [String], in zone: String = "UTC") throws -> String {
                try run(["history"] + command, environment: ["TZ": zone]).out
            }
            let json = try history(["export", "--format", "json"])
            let object = try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any]
            let moment = Date(timeIntervalSince1970: Double(try #require(object?["at"] as? Int) / 1000))
            // For TZ the sign means the opposite: this is two and a half hours ahead of UTC.
            for (zone, offset, written) in [("XYZ-02:30", 9000, "+02:30"), ("ABC3", -10_800, "-03:00")] {
                let day = moment.addingTimeInterval(Double(offset)).formatted(.iso8601)
                let local = day.dropLast()
                let line = local.replacing("T", with: " ") + " <ann> when is that?\n"
                #expect(try history(["export"], in: zone) == line)
                #expect(try history(["search", "when"], in: zone) == line)
                #expect(try history(["export", "--format", "json"], in: zone).contains("\"\(local)\(written)\""))
                let utc = moment.formatted(.iso8601)
                #expect(
                    try history(["export", "--utc"], in: zone) == utc.replacing("T", with: " ")
                        + " <ann> when is that?\n"
                )
                #expect(try history(["search", "when", "--utc", "--format", "json"], in: zone).contains("\"\(utc)\""))
            }
        }

        @Test("after a restart everything is there, and private messages for accounts only")
        func restart() throws {
            let users = try home.write("ann,secret,\nbob,secret,\n", to: "users.txt")
            var server = try RunningServer(arguments: ["--users", users], home: home)
            do {
                let ann = try FramedPeer(port: server.port, nickname: "ann", password: "secret")
                let bob = try FramedPeer(port: server.port, nickname: "bob", password: "secret")
                let guest = try FramedPeer(port: server.port, nickname: "guest")
                ann.say("for all", nonce: "1")
                ann.send(.chat(ChatRequest(recipient: .user("bob"), nonce: "2", text: "for bob")))
                ann.send(.chat(ChatRequest(recipient: .user("guest"), nonce: "3", text: "for the guest")))
                try guest.waitForMessage("for the guest")
                #expect(try guest.history().map(\.text) == ["for all", "for the guest"])
                withExtendedLifetime(bob) {}
            }
            try server.endInOrder()
            server = try RunningServer(home: home)
            let ann = try FramedPeer(port: server.port, nickname: "ann", password: "secret")
            #expect(try ann.history().map(\.text) == ["for all", "for bob", "for the guest"])
            let bob = try FramedPeer(port: server.port, nickname: "bob", password: "secret")
            #expect(try bob.history().map(\.text) == ["for all", "for bob"])
            let other = try FramedPeer(port: server.port, nickname: "guest")
            #expect(try other.history().map(\.text) == ["for all"])
        }

        @Test("--ephemeral leaves nothing behind")
        func ephemeral() throws {
            _ = try RunningServer(arguments: ["--ephemeral"], home: home)
            #expect(try FileManager.default.contentsOfDirectory(atPath: home.path) == [])
        }

        @Test("a list of users is judged with --ephemeral as it is without")
        func ephemeralUsers() throws {
            let users = try home.write(
                "root,toor\nann,long enough\n\u{430}nn,long enough\nx//y,long enough\n",
                to: "users"
            )
            for arguments in [["--ephemeral"], []] {
                let server = try RunningServer(arguments: ["--users", users] + arguments, home: home)
                try eventually("the notices never came: \(server.process.standardOutput)") {
                    server.process.standardOutput.contains("x//y has a comma, semicolon or slash in it") ? () : nil
                }
                let output = server.process.standardOutput
                #expect(output.contains("root has a weak password, shorter than 8 characters."))
                #expect(output.contains("\u{430}nn looks like ann, who is registered, and was left out."))
                #expect(!output.contains("ann has a weak password"))
                try server.endInOrder()
            }
        }
    }

    @Suite("A full disk", .enabled(if: SmallDisk.isPossible, "needs a file system of its own, so root"))
    struct FullDiskTests {
        @Test("senders get an error, reads go on, and space is all it needs")
        func fullDisk() throws {
            let home = try ScratchFolder()
            let disk = try SmallDisk(kilobytes: 4096)
            let ballast = "\(disk.path)/ballast"
            try Data(count: 2_000_000).write(to: URL(fileURLWithPath: ballast))
            let server = try RunningServer(arguments: ["--data", "\(disk.path)/chat"], home: home)
            let ann = try FramedPeer(port: server.port, nickname: "ann")
            var accepted: [String] = []
            /// Says something; whether it was accepted.
            func say(_ number: Int) throws -> Bool {
                let text = "\(number) " + String(repeating: "x", count: 16_000)
                ann.say(text, nonce: "\(number)")
                let isAccepted = try ann.wait(for: "an answer") { response -> Bool? in
                    switch response.body {
                    case .chat(let message) where message.nonce == "\(number)": true
                    case .error: false
                    default: nil
                    }
                }
                if isAccepted { accepted.append(text) }
                return isAccepted
            }
            var number = 1
            while try say(number), number < 1000 { number += 1 }
            #expect(number > 10)
            #expect(number < 1000)
            #expect(try ann.history().map(\.text) == accepted)
            #expect(server.process.standardError.contains("full"))
            try FileManager.default.removeItem(atPath: ballast)
            #expect(try say(number))
            #expect(try ann.history().map(\.text) == accepted)
            try server.endInOrder()
        }

        /// Starts a server that can't, and gives what it says.
        private func failure(_ data: String, home: ScratchFolder) throws -> String {
            let process = try Executable.start(
                ["serve", "--host", "127.0.0.1", "--port", "0", "--data", data],
                home: home
            )
            #expect(try process.end() == 1)
            #expect(process.standardError.split(separator: "\n").count == 1)
            return process.standardError
        }

        @Test("a start on a full or read-only disk says so, and once it can be written the next has everything")
        func start() throws {
            let home = try ScratchFolder()
            let disk = try SmallDisk(kilobytes: 4096)
            let (data, ballast) = ("\(disk.path)/chat", "\(disk.path)/ballast")
            func serve(_ body: (RunningServer) throws -> Void) throws {
                let server = try RunningServer(arguments: ["--data", data], home: home)
                try body(server)
                try server.endInOrder()
            }
            try serve { server in
                let ann = try FramedPeer(port: server.port, nickname: "ann")
                ann.say("hello", nonce: "1")
                try ann.waitForMessage("hello")
            }
            // SQLite comes to different points with it.
            for kilobytes in [0, 4, 28] {
                try disk.fill(ballast, leaving: kilobytes)
                #expect(try failure(data, home: home).contains("the disk is full, with "))
                try FileManager.default.removeItem(atPath: ballast)
            }
            try disk.remount(readOnly: true)
            #expect(try failure(data, home: home).lowercased().contains("read-only file system"))
            try disk.remount(readOnly: false)
            try serve { server in
                let bob = try FramedPeer(port: server.port, nickname: "bob")
                #expect(try bob.history().map(\.text) == ["hello"])
            }
        }
    }
}
