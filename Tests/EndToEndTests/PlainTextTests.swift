internal import Foundation
internal import Testing

extension EndToEnd {
    @Suite("A server without encryption")
    struct PlainTextTests {
        @Test("is joined in plain text, visibly, about a second after it left the hello unanswered")
        func fallback() throws {
            let home = try ScratchFolder()
            let server = try SilentServer()
            defer { server.stop() }
            let terminal = try Tmux(["connect", "127.0.0.1:\(server.port)", "--nickname", "alice"], home: home)
            let screen = try terminal.waitFor("127.0.0.1:\(server.port) · not encrypted")
            let pause = try #require(server.pause)
            #expect(pause > .milliseconds(900) && pause < .milliseconds(1800), "\(pause)")
            #expect(screen.contains("127.0.0.1:\(server.port) offers no encryption."))
            let chunks = server.firstChunks
            #expect(chunks.count == 2)
            #expect(chunks.first?.first == 0x16)
            #expect(chunks.last.map { String(decoding: $0, as: UTF8.self) }?.hasPrefix("CON,nickname=alice;") == true)
            #expect(!FileManager.default.fileExists(atPath: "\(home.path)/.config/chat-tui/known_servers"))
        }

        @Test("is left alone when it is known to be encrypted, or has to be")
        func noFallback() throws {
            let home = try ScratchFolder()
            let server = try SilentServer()
            defer { server.stop() }
            let folder = "\(home.path)/.config/chat-tui"
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            try "127.0.0.1:\(server.port) public-ca\n".write(
                toFile: "\(folder)/known_servers",
                atomically: true,
                encoding: .utf8
            )
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
