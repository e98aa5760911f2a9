internal import ChatTestSupport
internal import Foundation
internal import Testing

extension EndToEnd {
    @Suite("A server without encryption")
    struct PlainTextTests {
        @Test("is joined in plain text, visibly, and the next time without a word of TLS first")
        func fallback() throws {
            let home = try ScratchFolder()
            let server = try SilentServer()
            defer { server.stop() }
            let command = ["connect", "127.0.0.1:\(server.port)", "--nickname", "alice"]
            let terminal = try Tmux(command, home: home)
            let screen = try terminal.waitFor("127.0.0.1:\(server.port) · not encrypted")
            #expect(screen.contains("127.0.0.1:\(server.port) offers no encryption."))
            #expect(server.firstChunks.first?.first == 0x16)
            #expect(try home.read(".config/chat-tui/known_servers") == "127.0.0.1:\(server.port) plain-text\n")
            let before = server.firstChunks.count
            let again = try Tmux(command, home: home)
            try again.waitFor("127.0.0.1:\(server.port) · not encrypted")
            #expect(server.firstChunks.dropFirst(before).first == Array("USER,,".utf8))
        }

        @Test("is left alone when it is known to be encrypted, or has to be")
        func noFallback() throws {
            let home = try ScratchFolder()
            let server = try SilentServer()
            defer { server.stop() }
            try home.write("127.0.0.1:\(server.port) public-ca\n", to: ".config/chat-tui/known_servers")
            let terminal = try Tmux(
                ["connect", "127.0.0.1:\(server.port)", "--nickname", "alice", "--tls", "off"],
                home: home,
                throughShell: true
            )
            try terminal.waitFor("line 1 of ")
            try terminal.type("/quit\n")
            try terminal.waitForShell()
            try terminal.type("echo code $?\n")
            try terminal.waitFor("code 76")
            #expect(server.firstChunks.isEmpty)
        }
    }
}
