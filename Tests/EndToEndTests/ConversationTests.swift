internal import Foundation
internal import Testing

extension EndToEnd {
    /// Two people at 100x30, an admin, and an old program over a bare socket.
    @Suite("A conversation")
    struct ConversationTests {
        let home: ScratchFolder
        let server: RunningServer

        init() throws {
            home = try ScratchFolder()
            let users = try home.write("admin,secret,x\nroot,toor,x\n", to: "registeredUsers.txt")
            server = try RunningServer(arguments: ["--users", users, "--ephemeral"], home: home)
        }

        private func join(
            _ nickname: String,
            columns: Int = 100,
            rows: Int = 30,
            password: String? = nil
        ) throws -> Tmux {
            let own = try ScratchFolder()
            let terminal = try Tmux(
                ["connect", "127.0.0.1:\(server.port)", "--nickname", nickname, "--color", "#D333FF"],
                columns: columns,
                rows: rows,
                home: own,
                environment: password.map { ["CHAT_TUI_PASSWORD": $0] } ?? [:]
            )
            try terminal.waitFor("\(nickname) ›")
            try terminal.waitFor(" here")
            return terminal
        }

        @Test("public and private messages reach those they are for, and nobody else")
        func talking() throws {
            let alice = try join("alice")
            let bob = try join("bob")
            let carol = try join("carol")
            try alice.type("Hello from alice, with 日本語 and 👍!\n")
            for terminal in [alice, bob, carol] {
                let screen = try terminal.waitFor("Hello from alice, with 日本語 and 👍!")
                #expect(screen.contains("3 here"))
            }
            try bob.type("/msg carol only between us\n")
            try carol.waitFor("only between us")
            #expect(try bob.waitFor("only between us").contains("→ carol"))
            try alice.type("done\n")
            #expect(try !alice.waitFor("done").contains("only between us"))
        }

        @Test("nickname and color change for everyone, and are remembered")
        func updates() throws {
            let alice = try join("alice")
            let bob = try join("bob")
            try alice.type("/nick alicia\n")
            try alice.waitFor("alicia ›")
            try bob.waitFor("alicia")
            try alice.type("/color #00FF88\n")
            let preferences = "\(alice.home.path)/.config/chat-tui/preferences.json"
            let text = try eventually("the preferences are written") {
                let text = try? String(contentsOfFile: preferences, encoding: .utf8)
                return text.flatMap { $0.contains("#00FF88") ? $0 : nil }
            }
            #expect(text.contains("\"alicia\""))
        }

        @Test("an admin kicks, after a question, and the kicked sees why")
        func kicking() throws {
            let admin = try join("admin", password: "secret")
            let bob = try join("bob")
            try admin.waitFor("bob")
            try admin.type("/kick bob spamming, stop\n")
            try admin.waitFor("y")
            try admin.press("y")
            try bob.waitFor("spamming, stop")
            try admin.waitFor("1 here")
        }

        @Test("leaving is seen by the others, and the shell gets its terminal back")
        func leaving() throws {
            let alice = try join("alice")
            let bob = try join("bob")
            try alice.waitFor("2 here")
            try bob.type("/quit\n")
            try alice.waitFor("1 here")
            _ = try eventually("bob's terminal ends") { bob.isAlive ? nil : true }
        }

        @Test("a newcomer sees what was said before, and refresh doubles nothing")
        func history() throws {
            let alice = try join("alice")
            try alice.type("before bob came\n")
            try alice.waitFor("before bob came")
            let bob = try join("bob")
            try bob.waitFor("before bob came")
            try bob.type("/refresh\n")
            try bob.type("after\n")
            let screen = try bob.waitFor("after")
            #expect(screen.components(separatedBy: "before bob came").count == 2)
        }

        @Test("an old program over a bare socket talks with people at their terminals")
        func oldProgram() throws {
            let alice = try join("alice")
            let old = try RawPeer(port: server.port)
            old.send("CON,nickname=foo/,bar;password=;color=#ABCDEF,")
            let greeting = try old.receive(until: "USER,")
            #expect(greeting[0].hasPrefix("CONVER,time=") && greeting[0].hasSuffix(",OK"))
            #expect(greeting[1].hasSuffix("sender=foo/,bar,foo,bar has joined the chat!"))
            #expect(greeting[2].contains("num=2;admin=2;0="))
            try alice.waitFor("foo,bar")
            old.send("CHAT,rec=-ALL,comma, semi; eq=slash/ done")
            try alice.waitFor("comma, semi; eq=slash/ done")
            try alice.type("/msg foo,bar hello old friend\n")
            let heard = try old.receive(until: "hello old friend").joined()
            #expect(heard.contains("sender=alice;rec=foo/,bar;color=#D333FF,hello old friend"))
            old.send("KICK,user=alice,nope")
            #expect(try old.receive(until: "ERR,").joined().contains("Must be an admin"))
            old.send("REF,,")
            let replay = try old.receive(until: "hello old friend")
            #expect(replay[0].contains("reason=REF"))
            // One message in each chunk: an old client takes one recv for one message.
            #expect(replay.allSatisfy { $0.components(separatedBy: ",time=").count == 2 })
            old.send("DISCON,,")
            #expect(try old.receive(until: "reason=DISCON").last?.contains("CONFIRM") == true)
            #expect(old.isClosed(within: 5))
            try alice.waitFor("1 here")
        }

        @Test("a long paste with emoji arrives whole at every size", arguments: [(80, 24), (30, 8), (200, 50)])
        func sizes(columns: Int, rows: Int) throws {
            let alice = try join("alice", columns: max(columns, 60), rows: rows)
            if columns < 60 { try alice.resize(columns: columns, rows: rows) }
            try alice.waitFor("›")
            let old = try RawPeer(port: server.port)
            old.send("CON,nickname=old;password=;color=#ABCDEF,")
            _ = try old.receive(until: "USER,")
            try alice.paste("one 👩‍👩‍👧 family, one 👍🏽, one 🇫🇷 and 日本語 finis")
            try alice.press("Enter")
            let got = try old.receive(until: "finis").joined()
            #expect(got.contains("one 👩‍👩‍👧 family, one 👍🏽, one 🇫🇷 and 日本語 finis"))
            try alice.waitFor("finis")
        }

        @Test("below 20x4 it says so, and comes back")
        func tooSmall() throws {
            let alice = try join("alice")
            try alice.resize(columns: 19, rows: 3)
            try alice.waitFor("small")
            try alice.resize(columns: 80, rows: 24)
            try alice.waitFor("alice ›")
        }
    }
}
