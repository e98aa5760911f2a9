internal import ChatProtocol
internal import ChatTestSupport
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

        private static let tooMany = "Error: Too many wrong passwords. Please try again in "

        /// What a login is answered.
        private func logIn(
            _ port: Int,
            _ nickname: String,
            _ password: String = "",
            fromHost host: UInt8 = 1
        ) throws -> String {
            try RawPeer(port: port, fromHost: host).logIn(nickname, password: password)
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
                try terminal.waitFor(" here")
                return terminal
            }
            var root = try join(server.port)
            let bob = try FramedPeer(port: server.port, nickname: "bob")
            try root.waitFor("bob")
            try root.type("/ban bob 2h too loud")
            try root.press("Enter")
            try root.waitFor("Ban bob for 2 hours (too loud)?")
            try root.type("y")
            let warning = try bob.waitForWarning()
            #expect(warning.hasPrefix("You have been kicked and banned until "))
            #expect(warning.hasSuffix(" UTC: too loud"))
            try root.waitFor("bob is banned until")
            #expect(try logIn(server.port, "BOB").hasPrefix("Error: You are banned until"))

            // However the server ends.
            try server.crash()
            server = try RunningServer(home: home)
            #expect(try logIn(server.port, "bob").hasPrefix("Error: You are banned until"))
            root = try join(server.port)
            try root.type("/bans")
            try root.press("Enter")
            try root.waitFor("by root: too loud")
            try root.type("/unban bob")
            try root.press("Enter")
            try root.waitFor("bob may come back.")
            #expect(try logIn(server.port, "bob") == "OK")

            // Of somebody who is not here, and not for long.
            let admin = try FramedPeer(port: server.port, nickname: "bobby")
            admin.send(.kick(KickRequest(user: "eve", reason: "", ban: .seconds(1))))
            #expect(try admin.waitForConfirmation() == "Error: Must be an admin to perform that action.")
            try root.type("/ban eve 2s")
            try root.press("Enter")
            try root.type("y")
            try root.waitFor("eve is banned until")
            // Asked too often it opens no connection.
            try eventually("the ban is never over") { (try? logIn(server.port, "eve")) == "OK" ? () : nil }
        }

        @Test("a registration that was under way when its guest was banned is no way around it")
        func registrationUnderWay() throws {
            let users = try home.write("root,toor,x\nann,secret,x\n", to: "two.txt")
            let server = try RunningServer(arguments: ["--users", users], home: home)
            let root = try FramedPeer(port: server.port, nickname: "root", password: "toor")
            let troll = try FramedPeer(port: server.port, nickname: "troll")
            // Its password waits behind these.
            let guesses = try (0..<3).map { _ in try RawPeer(port: server.port) }
            // So that all of it is there at once.
            try server.process.stop()
            for guess in guesses { guess.send("CON,nickname=ann;password=wrong;color=#F00,") }
            troll.send(.update(UpdateRequest(nickname: "carl", password: "a password")))
            root.send(.kick(KickRequest(user: "troll", reason: "spam", ban: .seconds(600))))
            server.process.signal(SIGCONT)
            try server.waitForLog("asked for by troll, who is gone")
            #expect(!server.process.standardError.contains("account added"))
            #expect(try logIn(server.port, "carl", "a password").hasPrefix("Error: You are banned until"))
        }

        @Test("guesses are counted over all connections, and cost nobody else anything")
        func guessing() throws {
            let server = try RunningServer(arguments: ["--users", users, "--ephemeral"], home: home)
            // 5, and what comes back while they are made.
            let made = try (0..<50).firstIndex { _ in try logIn(server.port, "root", "wrong").hasPrefix(Self.tooMany) }
            #expect(try #require(made) >= 5)
            #expect(try logIn(server.port, "root", "toor").hasPrefix(Self.tooMany))
            #expect(try logIn(server.port, "ann") == "OK")
        }

        @Test("guesses from many addresses are counted together, and the owner gets in")
        func manyAddresses() throws {
            let server = try RunningServer(arguments: ["--users", users, "--ephemeral"], home: home)
            #expect(try logIn(server.port, "root", "toor") == "OK")
            // 60, and what comes back while they are made.
            let made = try Array(UInt8(2)...250).firstIndex { host in
                try logIn(server.port, "root", "wrong", fromHost: host).hasPrefix(Self.tooMany)
            }
            #expect(try #require(made) >= 60)
            // From where they were before, mistyped once; elsewhere after a while.
            #expect(try logIn(server.port, "root", "toot").hasPrefix("Error: User is a registered user"))
            #expect(try logIn(server.port, "root", "toor") == "OK")
            try eventually("the owner never gets in elsewhere") {
                (try? logIn(server.port, "root", "toor", fromHost: 251)) == "OK" ? () : nil
            }
        }

        @Test("a nickname that looks like a registered one is refused, at the door and by the tool")
        func lookalikes() throws {
            let server = try RunningServer(arguments: ["--users", users], home: home)
            #expect(try logIn(server.port, "rооt").hasPrefix("Error: Username looks like root, who is registered"))
            let tool = try Executable.start(["account", "add", "rооt"], home: home, input: "s3cret words\n")
            #expect(try tool.end() == 1)
            #expect(tool.standardError.contains("rооt looks like root, who is registered"))
        }
    }
}
