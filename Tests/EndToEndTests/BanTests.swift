internal import ChatProtocol
internal import Foundation
internal import Testing

extension EndToEnd {
    @Suite("Keeping somebody out")
    struct BanTests {
        let home: ScratchFolder
        let users: String

        init() throws {
            home = try ScratchFolder()
            users = try home.write("root,toor,x\n", to: "registeredUsers.txt")
        }

        /// What a login is answered.
        private func logIn(
            _ port: Int,
            _ nickname: String,
            _ password: String = "",
            fromHost host: UInt8 = 1
        ) throws -> String {
            let peer = try RawPeer(port: port, fromHost: host)
            peer.send("CON,nickname=\(nickname);password=\(password);color=#00FF00,")
            return try peer.receive(until: "CONVER,", within: 60).joined()
        }

        @Test("a ban by an admin at the screen holds over a restart, until it is lifted or over")
        func ban() throws {
            var server = try RunningServer(arguments: ["--users", users], home: home)
            func join(_ port: Int) throws -> Tmux {
                let terminal = try Tmux(
                    ["connect", "127.0.0.1:\(port)", "--nickname", "root"],
                    columns: 100,
                    rows: 30,
                    home: try ScratchFolder(),
                    environment: ["CHAT_TUI_PASSWORD": "toor"]
                )
                try terminal.waitFor(" here", within: 60)
                return terminal
            }
            var root = try join(server.port)
            let bob = try FramedPeer(port: server.port, nickname: "bob")
            try root.waitFor("bob")
            try root.type("/ban bob 2h too loud")
            try root.press("Enter")
            try root.waitFor("Ban bob for 2 hours (too loud)?")
            try root.type("y")
            let warning = try bob.wait(for: "WARN") { response -> String? in
                if case .warning(let text, _, _) = response.body { text } else { nil }
            }
            #expect(warning.hasPrefix("You have been kicked and banned until "))
            #expect(warning.hasSuffix(" UTC: too loud"))
            try root.waitFor("bob is banned until")
            #expect(try logIn(server.port, "BOB").contains("Error: You are banned until"))

            // However the server ends.
            server.process.signal(SIGKILL)
            _ = server.process.exitStatus(within: 10)
            server = try RunningServer(home: home)
            #expect(try logIn(server.port, "bob").contains("Error: You are banned until"))
            root = try join(server.port)
            try root.type("/bans")
            try root.press("Enter")
            try root.waitFor("by root: too loud")
            try root.type("/unban bob")
            try root.press("Enter")
            try root.waitFor("bob may come back.")
            #expect(try logIn(server.port, "bob").hasSuffix(",OK"))

            // Of somebody who is not here, and not for long.
            let admin = try FramedPeer(port: server.port, nickname: "bobby")
            admin.send(.kick(KickRequest(user: "eve", reason: "", ban: .seconds(1))))
            let refusal = try admin.wait(for: "CONFIRM") { response -> String? in
                if case .confirm(let confirmation) = response.body { confirmation.text } else { nil }
            }
            #expect(refusal == "Error: Must be an admin to perform that action.")
            try root.type("/ban eve 2s")
            try root.press("Enter")
            try root.type("y")
            try root.waitFor("eve is banned until")
            #expect(try logIn(server.port, "eve").contains("Error: You are banned until"))
            _ = try eventually("the ban is over") { try logIn(server.port, "eve").hasSuffix(",OK") ? true : nil }
        }

        @Test("a registration that was under way when its guest was banned is no way around it")
        func registrationUnderWay() throws {
            let users = try home.write("root,toor,x\nann,secret,x\n", to: "two.txt")
            let server = try RunningServer(arguments: ["--users", users], home: home)
            let root = try FramedPeer(port: server.port, nickname: "root", password: "toor")
            let troll = try FramedPeer(port: server.port, nickname: "troll")
            // Its password waits behind these.
            let guesses = try (0..<3).map { _ in try RawPeer(port: server.port) }
            for guess in guesses { guess.send("CON,nickname=ann;password=wrong;color=#F00,") }
            troll.send(.update(UpdateRequest(nickname: "carl", password: "pw")))
            root.send(.kick(KickRequest(user: "troll", reason: "spam", ban: .seconds(600))))
            try eventually("the account in the log:\n\(server.process.standardError)") {
                server.process.standardError.contains("asked for by troll, who is gone") ? () : nil
            }
            #expect(!server.process.standardError.contains("account added"))
            #expect(try logIn(server.port, "carl", "pw").contains("Error: You are banned until"))
        }

        @Test("guesses are counted over all connections, and cost nobody else anything")
        func guessing() throws {
            let server = try RunningServer(arguments: ["--users", users, "--ephemeral"], home: home)
            for _ in 0..<5 {
                #expect(try logIn(server.port, "root", "wrong").contains("Error: User is a registered user"))
            }
            let refusal = try logIn(server.port, "root", "toor")
            #expect(refusal.contains("Error: Too many wrong passwords. Please try again in "))
            #expect(try logIn(server.port, "ann").hasSuffix(",OK"))
        }

        @Test("guesses from many addresses are counted together, and the owner gets in")
        func manyAddresses() throws {
            let server = try RunningServer(arguments: ["--users", users, "--ephemeral"], home: home)
            #expect(try logIn(server.port, "root", "toor").hasSuffix(",OK"))
            var made = 0
            for host in UInt8(2)...200 {
                let answer = try logIn(server.port, "root", "wrong", fromHost: host)
                if answer.contains("User is a registered user") {
                    made += 1
                } else {
                    #expect(answer.contains("Error: Too many wrong passwords. Please try again in "))
                }
            }
            // 60, and what comes back while they are made.
            #expect((60...70).contains(made))
            // From where they were before, mistyped once; elsewhere after a while.
            #expect(try logIn(server.port, "root", "toot").contains("User is a registered user"))
            #expect(try logIn(server.port, "root", "toor").hasSuffix(",OK"))
            _ = try eventually("the owner gets in elsewhere") {
                // Asked too often it opens no connection.
                let answer = try? logIn(server.port, "root", "toor", fromHost: 201)
                return answer?.hasSuffix(",OK") == true ? true : nil
            }
        }

        @Test("a nickname that looks like a registered one is refused, at the door and by the tool")
        func lookalikes() throws {
            let server = try RunningServer(arguments: ["--users", users], home: home)
            #expect(try logIn(server.port, "rооt").contains("Error: Username looks like root, who is registered"))
            let tool = try ChildProcess(
                Executable.path,
                ["account", "add", "rооt"],
                environment: Executable.environment(home: home.path),
                input: "secret\n"
            )
            #expect(tool.exitStatus(within: 60) == 1)
            #expect(tool.standardError.contains("rооt looks like root, who is registered"))
        }
    }
}
