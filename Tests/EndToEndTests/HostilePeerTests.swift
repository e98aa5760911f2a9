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
            witness.send("CON,nickname=witness;password=;color=#00FF00,")
            _ = try witness.receive(until: "USER,")
        }

        /// The witness says something and hears it, soon.
        private func expectService(sourceLocation: SourceLocation = #_sourceLocation) throws {
            let text = "still here \(UUID().uuidString)"
            let before = ContinuousClock.now
            witness.send("CHAT,rec=-ALL,\(text)")
            _ = try witness.receive(until: text, within: 3)
            #expect(before.duration(to: .now) < .seconds(2), sourceLocation: sourceLocation)
            #expect(server.process.isRunning, sourceLocation: sourceLocation)
        }

        @Test("2 MB of random bytes, before and after login", arguments: [false, true])
        func randomBytes(afterLogin: Bool) throws {
            var generator = SeededGenerator(seed: 2)
            let blob = (0..<2_000_000).map { _ in UInt8.random(in: 0...255, using: &generator) }
            let peer = try RawPeer(port: server.port)
            if afterLogin {
                peer.send("CON,nickname=noise;password=;color=#00FF00,")
                _ = try peer.receive(until: "OK")
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
            // What logging in cost must not count, nor a busy machine's hiccup:
            // a server that spins would use most of every second.
            usleep(500_000)
            let before = try server.process.cpuSeconds()
            usleep(2_000_000)
            let used = try server.process.cpuSeconds() - before
            #expect(used < 0.2)
            try expectService()
        }

        @Test("a nickname of the four special characters")
        func specialNickname() throws {
            let peer = try RawPeer(port: server.port)
            peer.send("CON,nickname=a//b/,c/;d/=e;password=;color=#00FF00,")
            #expect(try peer.receive(until: "CONVER,")[0].hasSuffix(",OK"))
            let heard = try witness.receive(until: "USER,").joined()
            #expect(heard.contains("sender=a//b/,c/;d/=e,"))
            #expect(heard.contains("=a//b/,c/;d/=e;"))
            witness.send("CHAT,rec=a//b/,c/;d/=e,just for you")
            let got = try peer.receive(until: "just for you").joined()
            #expect(got.contains("rec=a//b/,c/;d/=e;"))
        }

        @Test("an HTTP request is not served")
        func http() throws {
            let peer = try RawPeer(port: server.port)
            peer.send("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
            _ = peer.receive(within: 1)
            try expectService()
        }

        @Test("a peer that reads nothing does not hold up the others")
        func slowReader() throws {
            let slow = try RawPeer(port: server.port)
            slow.send("CON,nickname=slow;password=;color=#00FF00;framing=netstring,")
            _ = try slow.receive(until: "OK")
            let talker = try RawPeer(port: server.port)
            talker.send("CON,nickname=talker;password=;color=#00FF00;framing=netstring,")
            _ = try talker.receive(until: "OK")
            let message = "CHAT,rec=-ALL,\(String(repeating: "y", count: 8000))"
            let frame = Array("\(message.utf8.count):\(message),".utf8)
            for _ in 0..<400 {
                talker.send(frame)
                while talker.receive(within: 0) != "" {}
            }
            #expect(server.process.isRunning)
            let peer = try RawPeer(port: server.port)
            peer.send("CON,nickname=late;password=;color=#00FF00,")
            #expect(try peer.receive(until: "CONVER,", within: 5)[0].hasSuffix(",OK"))
        }
    }
}
