internal import ChatProtocol
internal import ChatTestSupport
internal import Glibc
internal import Testing

extension EndToEnd {
    @Suite("A database taken away under a running server")
    struct ReplacedDatabaseTests {
        private let home: ScratchFolder
        private var data: String { "\(home.path)/data" }

        init() throws {
            home = try ScratchFolder()
        }

        private func serve() throws -> RunningServer {
            try RunningServer(arguments: ["--data", data], home: home)
        }

        /// Says something and returns whether it was confirmed; if not, the text of the error.
        private func refusal(of text: String, saidBy peer: FramedPeer) throws -> String? {
            peer.say(text, nonce: text)
            return try peer.wait(for: "an answer to «\(text)»") { response -> String?? in
                switch response.body {
                case .chat(let message) where message.nonce == text: .some(nil)
                case .error(let text, _): text
                default: nil
                }
            }
        }

        /// Checks that nothing said is confirmed or shown to others, and that the log says why.
        private func expectRefusals(_ server: RunningServer, _ ann: FramedPeer, _ bob: FramedPeer) throws {
            #expect(try refusal(of: "refused", saidBy: ann)?.contains("was not sent") == true)
            try server.waitForLog("were deleted or replaced")
            bob.send(.ping("now"))
            try bob.wait(for: "PONG") { response -> Void? in
                if case .chat(let message) = response.body { #expect(message.text != "refused") }
                if case .pong = response.body { return () } else { return nil }
            }
        }

        @Test(
            "moved away: messages are refused until it is back, and after a restart all that were confirmed are there",
            arguments: ["data/chat.sqlite", "data/chat.sqlite-wal", "data"]
        )
        func moved(name: String) throws {
            var server = try serve()
            let ann = try FramedPeer(port: server.port, nickname: "ann")
            let bob = try FramedPeer(port: server.port, nickname: "bob")
            #expect(try refusal(of: "before", saidBy: ann) == nil)
            try #require(rename("\(home.path)/\(name)", "\(home.path)/elsewhere") == 0)
            try expectRefusals(server, ann, bob)
            try #require(rename("\(home.path)/elsewhere", "\(home.path)/\(name)") == 0)
            #expect(try refusal(of: "after", saidBy: ann) == nil)
            try server.waitForLog("are back")
            try server.crash()

            server = try serve()
            let reader = try FramedPeer(port: server.port, nickname: "reader")
            #expect(try reader.history().map(\.text) == ["before", "after"])
        }

        @Test("deleted: who writes is told on the screen, and what a new server confirms is kept")
        func deleted() throws {
            var server = try serve()
            let ann = try FramedPeer(port: server.port, nickname: "ann")
            let bob = try FramedPeer(port: server.port, nickname: "bob")
            let terminal = try Tmux(["connect", "127.0.0.1:\(server.port)", "--nickname", "eve"], home: home)
            try terminal.waitFor("3 here")
            #expect(try refusal(of: "before", saidBy: ann) == nil)
            for name in ["", "-wal", "-shm"] { home.remove("data/chat.sqlite\(name)") }
            try expectRefusals(server, ann, bob)
            try terminal.type("is anybody here?\n")
            try terminal.waitFor("could not be stored")
            try server.endInOrder()

            server = try serve()
            var reader = try FramedPeer(port: server.port, nickname: "reader")
            #expect(try reader.history().map(\.text) == [])
            #expect(try refusal(of: "again", saidBy: reader) == nil)
            try server.crash()
            server = try serve()
            reader = try FramedPeer(port: server.port, nickname: "reader")
            #expect(try reader.history().map(\.text) == ["again"])
        }

        @Test("a second server is refused even if somebody deletes the lock file")
        func lostLockFile() throws {
            let server = try serve()
            home.remove("data/server.lock")
            let second = try Executable.start(["serve", "--port", "0", "--data", data], home: home)
            #expect(try second.end() == 1)
            #expect(second.standardError.contains("another server (process unknown) works on \(data)"))
            let ann = try FramedPeer(port: server.port, nickname: "ann")
            #expect(try refusal(of: "still here", saidBy: ann) == nil)
            try server.endInOrder()
        }
    }
}
