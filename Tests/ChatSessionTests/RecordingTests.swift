internal import ChatProtocol
internal import ChatSession
internal import FoundationEssentials
internal import Testing

/// What a real original server and client said to each other, played to a
/// session as it came.
@Suite("The recordings of the original server")
struct RecordingTests {
    struct Line: Decodable {
        var t: Double
        var peer: String
        var dir: String
        var utf8: String?
    }

    static func lines(_ name: String, peer: String) throws -> [Line] {
        let fixtures = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "ChatProtocolTests/Fixtures/\(name).jsonl")
        return try String(contentsOf: fixtures, encoding: .utf8).split(separator: "\n")
            .map { try JSONDecoder().decode(Line.self, from: Data($0.utf8)) }
            .filter { $0.peer == peer }
    }

    /// Plays one peer's side.
    ///
    /// Of what the recorded client asked for only REF and
    /// UPDATE are asked again: its messages come back as our own by themselves.
    static func play(_ name: String, peer: String, nickname: String) throws -> SessionScript {
        var script = SessionScript(nickname: nickname)
        try script.prepare("start\nopened")
        var decoder = UnframedResponseDecoder()
        for line in try lines(name, peer: peer) {
            guard let text = line.utf8 else { continue }
            if line.dir == "client" {
                switch try? Request(decoding: Array(text.utf8).span) {
                case .refresh?: _ = script.take(.command(.refresh))
                case .update(let request)?: _ = script.take(.command(.update(request)))
                default: break
                }
                continue
            }
            // Each chunk is followed by silence: the recording is in chunks.
            for result in decoder.receive(Array(text.utf8).span) + decoder.giveUpWaiting() {
                _ = script.take(.received(try result.get()))
                if case .success(let response) = result, case .login(.refused) = response.body {
                    _ = script.take(.command(.login(Credentials(nickname: nickname, color: .white))))
                }
            }
            for timer in [SessionTimer.answer] where script.timers[timer] != nil {
                try script.prepare("timer \(timer)")
            }
        }
        return script
    }

    @Test("alice sees the whole chat once, her REF included")
    func alice() throws {
        let script = try Self.play("original-server", peer: "a", nickname: "alice")
        #expect(
            script.timeline.entries.map(\.line) == [
                "— alice has joined the chat!",
                "— bob smith has joined the chat!",
                "— admin has joined the chat!",
                "!alice: hello, world; a=b/c",
                "bob smith → alice: psst",
                "— bob smith's name changed to foo,bar color changed to #ABCDEF ",
                "— foo/,bar's ",
                "!alice → foo,bar: private to comma",
                "ERR Must be an admin to preform that action.",
                "ERR Unknown reason: BOGUS.",
                "!alice: héllo wörld ✓ 日本語 👩‍👩‍👧",
                "!alice: one",
                "!alice: burst1",
                "!alice: burst2",
                "!alice: burst3",
                "— foo/,bar has been kicked by admin",
            ]
        )
        #expect(script.roster.line == "*admin, !alice #D333FF")
    }

    @Test("bob gets in at the eighth attempt, renames himself and is kicked")
    func bob() throws {
        let script = try Self.play("original-server", peer: "b", nickname: "bob smith")
        #expect(
            script.timeline.entries.map(\.line) == [
                "— bob smith has joined the chat!",
                "— admin has joined the chat!",
                "alice: hello, world; a=b/c",
                "!bob smith → alice: psst",
                "ERR nobody Unrecognized recipient.",
                "ERR rec parameter required.",
                "— bob smith's name changed to foo,bar color changed to #ABCDEF ",
                "— foo/,bar's ",
                "alice → foo,bar: private to comma",
                "alice: héllo wörld ✓ 日本語 👩‍👩‍👧",
                "alice: one",
                "alice: burst1",
                "alice: burst2",
                "alice: burst3",
                "WARN You have been kicked for reason: spamming, stop",
            ]
        )
        #expect(script.roster.line == "*admin, alice #FF0000, !foo,bar #ABCDEF")
    }

    @Test("the admin sees the chat from the third login on")
    func admin() throws {
        let script = try Self.play("original-server", peer: "c", nickname: "admin")
        #expect(
            script.timeline.entries.map(\.line) == [
                "— admin has joined the chat!",
                "alice: hello, world; a=b/c",
                "— bob smith's name changed to foo,bar color changed to #ABCDEF ",
                "— foo/,bar's ",
                "alice: héllo wörld ✓ 日本語 👩‍👩‍👧",
                "alice: one",
                "alice: burst1",
                "alice: burst2",
                "alice: burst3",
                "— foo/,bar has been kicked by admin",
                "— alice has disconnected",
            ]
        )
        #expect(script.roster.line == "*!admin #D333FF")
    }

    @Test("carol, of the original client, refreshes and changes her name")
    func carol() throws {
        let script = try Self.play("original-client", peer: "g1", nickname: "carol")
        #expect(
            script.timeline.entries.map(\.line) == [
                "— carol has joined the chat!",
                "!carol: hello from the old client",
                "!carol: comma, semi; eq=slash/ done",
                "— carol's name changed to caro/l,x color changed to #00FFAA ",
                "ERR Must be an admin to preform that action.",
            ]
        )
        #expect(script.roster.line == "!caro/l,x #00FFAA")
    }
}
