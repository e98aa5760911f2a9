internal import ChatProtocol
internal import ChatTestSupport
internal import Foundation
internal import Testing

extension EndToEnd {
    @Suite("Whoever opens a chat")
    struct HostTests {
        let home: ScratchFolder

        init() throws {
            home = try ScratchFolder()
        }

        @Test(
            "is its admin, without an account and without typing, and nobody else is by it",
            arguments: [[], ["--tls", "off"]]
        )
        func admin(options: [String]) throws {
            let command = ["host", "--port", "0", "--nickname", "ann", "--color", "#00FF88"]
            let terminal = try Tmux(command + options, home: home)
            try terminal.waitFor("★ ann")
            let screen = try terminal.waitFor("chat-tui connect ")
            let port = try #require(RunningServer.port(in: screen))
            let bob = try FramedPeer(port: port, nickname: "bob")
            bob.send(.kick(KickRequest(user: "ann", reason: "")))
            let refusal = try bob.wait(for: "an answer") { response -> String? in
                if case .error(let text, _) = response.body { text } else { nil }
            }
            #expect(refusal.contains("Must be an admin"))
            try terminal.waitFor("bob")
            try terminal.type("/kick bob too loud\n")
            try terminal.waitFor("y kicks")
            try terminal.press("y")
            try terminal.waitFor("bob has been kicked by ann")
        }

        @Test("reads in the chat what the log of a server would say about the storage")
        func warnings() throws {
            let data = "\(home.path)/data"
            let command = ["host", "--port", "0", "--nickname", "ann", "--tls", "off", "--data", data]
            let terminal = try Tmux(command, columns: 200, home: home)
            try terminal.waitFor("★ ann")
            home.remove("data/chat.sqlite")
            try terminal.type("is it kept?\n")
            try terminal.waitFor("the files of \(data)/chat.sqlite were deleted or replaced")
        }
    }
}
