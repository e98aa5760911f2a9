internal import ChatTestSupport
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
            // What she sees comes in order.
            try carol.type("that was all\n")
            #expect(try !alice.waitFor("that was all").contains("only between us"))
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
            let text = try eventually("the preferences were never written") {
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
            try admin.waitFor("Kick bob (spamming, stop)?")
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
            try eventually("bob's terminal never ended") { bob.isAlive ? nil : () }
        }

        @Test("a newcomer sees what was said before, and refresh doubles nothing")
        func history() throws {
            let alice = try join("alice")
            try alice.type("before bob came\n")
            try alice.waitFor("before bob came")
            let bob = try join("bob")
            try bob.waitFor("before bob came")
            try bob.type("/refresh\n")
            try bob.type("refreshed\n")
            try alice.waitFor("refreshed")
            // What bob sees comes in order.
            try alice.type("that was all\n")
            let screen = try bob.waitFor("that was all")
            #expect(screen.components(separatedBy: "before bob came").count == 2)
        }

        @Test("an old program over a bare socket talks with people at their terminals")
        func oldProgram() throws {
            let alice = try join("alice")
            let old = try RawPeer(port: server.port)
            #expect(try old.logIn("foo/=bar") == "OK")
            try old.receive(until: "sender=foo/=bar,foo=bar has joined the chat!")
            try old.receive(until: "num=2;admin=2;0=")
            try alice.waitFor("foo=bar")
            old.send("CHAT,rec=-ALL,comma, semi; eq=slash/ done")
            try alice.waitFor("comma, semi; eq=slash/ done")
            try alice.type("/msg foo=bar hello old friend\n")
            let heard = try old.receive(until: "hello old friend")
            #expect(heard.contains("sender=alice;rec=foo/=bar;color=#D333FF,hello old friend"))
            old.send("KICK,user=alice,nope")
            try old.receive(until: "Must be an admin")
            old.send("REF,,")
            try old.receive(until: "reason=REF")
            try old.receive(until: "hello old friend")
            old.send("DISCON,,")
            #expect(try old.receiveRest().contains("reason=DISCON"))
            try alice.waitFor("1 here")
        }

        @Test("a long paste with emoji arrives whole at every size", arguments: [(80, 24), (30, 8), (200, 50)])
        func sizes(columns: Int, rows: Int) throws {
            let alice = try join("alice", columns: max(columns, 60), rows: rows)
            if columns < 60 { try alice.resize(columns: columns, rows: rows) }
            try alice.waitFor("›")
            let old = try RawPeer(port: server.port)
            try old.join("old")
            try alice.paste("one 👩‍👩‍👧 family, one 👍🏽, one 🇫🇷 and 日本語 finis")
            try alice.press("Enter")
            let got = try old.receive(until: "finis")
            #expect(got.contains("one 👩‍👩‍👧 family, one 👍🏽, one 🇫🇷 and 日本語 finis"))
            old.send("CHAT,rec=-ALL,heard")
            // It is in the pane now, not in the composer any more.
            #expect(try alice.waitFor("heard").contains("finis"))
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
