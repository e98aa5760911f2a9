internal import ChatProtocol
internal import ChatTestSupport
internal import Foundation
internal import Testing

@testable import ChatServerCore

/// The recorded clients of an original server talk to the room.
@Suite("The recordings of the original server")
struct RecordedServerTests {
    /// Where the original's words were broken, and what the room says instead.
    static let corrections = [
        ("paramters. nickname/, password/, and color", "parameters. nickname, password, and color"),
        ("'CON/,nickname/,password/,color'", "'CON,nickname,password,color'"),
        ("preform", "perform"),
        ("recgnized", "recognized"),
        ("foo/=bar has been kicked", "foo=bar has been kicked"),
        ("color changed to #ABCDEF ", "color changed to #ABCDEF"),
        ("Hex color. ", "Hex color."),
        ("logged in. ", "logged in."),
    ]

    @Test("the room says what the original server said, word for word but for its slips")
    func wordForWord() throws {
        let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        let recording = try Recording(
            contentsOf: tests.appendingPathComponent("ChatProtocolTests/Fixtures/original-server.jsonl"),
            replacing: Recording.withoutComma
        )
        var scene = Scene()
        var decoders: [String: UnframedResponseDecoder] = [:]
        var (said, expected): ([String: [String]], [String: [String]]) = ([:], [:])
        for row in recording.rows {
            switch row.direction {
            case .client:
                if decoders[row.peer] == nil {
                    decoders[row.peer] = UnframedResponseDecoder()
                    scene.open(row.peer)
                }
                // A new password has more characters here than the recorded one.
                scene.send(row.peer, row.text.replacingOccurrences(of: "password=new,", with: "password=new words,"))
                for peer in decoders.keys {
                    said[peer, default: []] += scene.read(peer).filter { $0 != "closed" && !$0.hasPrefix("USER") }
                }
            case .server:
                var decoder = decoders[row.peer] ?? UnframedResponseDecoder()
                let bytes = Array(row.text.utf8)
                var results = decoder.receive(bytes.span)
                while decoder.isWaiting { results += decoder.giveUpWaiting() }
                decoders[row.peer] = decoder
                expected[row.peer, default: []] += try results.map { corrected(try $0.get().line(for: .none)) }
                    .filter(Self.isSaidAgain)
            }
        }
        #expect(expected.values.reduce(0) { $0 + $1.count } > 60)
        #expect(Set(said.keys) == Set(expected.keys))
        for peer in expected.keys.sorted() { #expect(said[peer] == expected[peer], "\(peer)") }
    }

    private func corrected(_ line: String) -> String {
        Self.corrections.reduce(line) { $0.replacingOccurrences(of: $1.0, with: $1.1) }
    }

    /// Lists say the same in another order, and a new password is nobody else's
    /// business.
    private static func isSaidAgain(_ line: String) -> Bool {
        !line.hasPrefix("USER") && line != "INFO foo/=bar's "
    }
}
