internal import ChatTestSupport
internal import Foundation
internal import Testing

extension EndToEnd {
    /// Whatever one peer does, the server answers the others as before.
    @Suite("Hostile peers")
    struct HostilePeerTests {
        let home: ScratchFolder
        let server: RunningServer
        let witness: RawPeer

        init() throws {
            home = try ScratchFolder()
            server = try RunningServer(home: home)
            witness = try RawPeer(port: server.port)
            try witness.join("witness")
        }

        /// The witness says something and hears it.
        private func expectService(sourceLocation: SourceLocation = #_sourceLocation) throws {
            let text = "still here \(UUID().uuidString)"
            witness.send("CHAT,rec=-ALL,\(text)")
            try witness.receive(until: text)
            #expect(server.process.isRunning, sourceLocation: sourceLocation)
        }

        @Test("2 MB of random bytes, before and after login", arguments: [false, true])
        func randomBytes(afterLogin: Bool) throws {
            var generator = SeededGenerator(seed: 2)
            let blob = (0..<2_000_000).map { _ in UInt8.random(in: 0...255, using: &generator) }
            let peer = try RawPeer(port: server.port)
            if afterLogin {
                #expect(try peer.logIn("noise") == "OK")
            }
            peer.send(blob)
            try expectService()
        }

        @Test("half a message, then silence")
        func halfAMessage() throws {
            let halves = try ["C", "CON,nick", "CON,nickname=half;password=;color=#0", "\u{16}"].map { half in
                let peer = try RawPeer(port: server.port)
                peer.send(half)
                return peer
            }
            try expectService()
            withExtendedLifetime(halves) {}
        }

        @Test("600 bytes without an end cost nothing")
        func messageWithoutEnd() throws {
            let peer = try RawPeer(port: server.port)
            peer.send(String(repeating: "x", count: 600))
            // Then they were read.
            try expectService()
            try server.process.waitUntilIdle()
            try expectService()
        }

        @Test("a nickname with a special character")
        func specialNickname() throws {
            let peer = try RawPeer(port: server.port)
            #expect(try peer.logIn("a/=b") == "OK")
            try witness.receive(until: "sender=a/=b,")
            try witness.receive(until: "=a/=b;")
            witness.send("CHAT,rec=a/=b,just for you")
            let got = try peer.receive(until: "just for you")
            #expect(got.contains("rec=a/=b;"))
        }

        @Test("an HTTP request is not served")
        func http() throws {
            let peer = try RawPeer(port: server.port)
            peer.send("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
            #expect(try peer.receiveRest() == "")
            try expectService()
        }
    }
}
