internal import ChatProtocol
internal import ChatServer
internal import ChatTestSupport
internal import Foundation
internal import NIOCore
internal import Testing

/// Plays the client's side of what was recorded between the original's programs,
/// and compares what our server says with what the original said.
@Suite("Recorded conversations", .serialized)
struct RecordedConversationTests {
    private static func recording(_ name: String) throws -> Recording {
        let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        return try Recording(
            contentsOf: tests.appendingPathComponent("ChatProtocolTests/Fixtures/\(name).jsonl"),
            replacing: Recording.withoutComma
        )
    }

    /// What a response says, without the time and without what may differ:
    /// our server words some errors better, and what the original forgot to
    /// unescape or to trim is unescaped and trimmed.
    private static func essence(of response: Response) -> String {
        var plain = Response(time: WireTime(localMilliseconds: 0), body: response.body)
        switch response.body {
        case .login(.refused): plain.body = .login(.refused("…"))
        case .error: plain.body = .error("…")
        case .confirm(var confirmation) where confirmation.isFailure:
            confirmation.text = "Error…"
            plain.body = .confirm(confirmation)
        case .info(var info):
            info.text = info.text.replacingOccurrences(of: "/=", with: "=").trimmingCharacters(in: .whitespaces)
            plain.body = .info(info)
        default: break
        }
        var bytes: [UInt8] = []
        plain.encode(into: &bytes, framing: .none)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// One side's view of one connection.
    private struct View {
        var decoder = UnframedResponseDecoder()
        var said: [String] = []
        var users: Set<String> = []
        var admins: [String] = []

        mutating func take(_ results: [Result<Response, MessageError>]) throws {
            for result in results {
                let response = try result.get()
                if case .users(let list) = response.body {
                    users = Set(list.users.map(\.nickname))
                    admins = list.admins
                } else {
                    said.append(RecordedConversationTests.essence(of: response))
                }
            }
        }

        mutating func take(_ bytes: [UInt8]) throws {
            try take(decoder.receive(bytes.span))
            while decoder.isWaiting { try take(decoder.giveUpWaiting()) }
        }
    }

    /// What the original says and ours does not, each for a reason.
    private static func isDropped(_ row: Recording.Row) -> Bool {
        // A change of password alone concerns nobody else.
        row.text.hasPrefix("INFO,") && row.text.hasSuffix(",foo/=bar's ")
    }

    @Test("says what the original server said", arguments: ["original-server"])
    func conversation(name: String) throws {
        let recording = try Self.recording(name)
        let server = try TestServer(users: "admin,secret,x\nroot,toor,x\n") { configuration in
            configuration.limits.connection.pacing = .milliseconds(2)
        }
        var peers: [String: SocketPeer] = [:]
        var expected: [String: View] = [:]
        var actual: [String: View] = [:]
        // The recording ends with a second server's life, where one client is alone.
        let rows = recording.rows.prefix { $0.peer != "g1" }
        for (index, row) in rows.enumerated() where row.direction == .client {
            if peers[row.peer] == nil {
                peers[row.peer] = try SocketPeer(port: server.port)
                expected[row.peer] = View()
                actual[row.peer] = View()
            }
            // A new password has more characters here than the recorded one.
            let request = row.text == "UPDATE,password=new," ? "UPDATE,password=new words," : row.text
            peers[row.peer]?.send(request)
            let answers = rows[(index + 1)...].prefix { $0.direction == .server }
            for answer in answers where !Self.isDropped(answer) {
                try expected[answer.peer]?.take(Array(answer.text.utf8))
            }
            for name in peers.keys.sorted() {
                try settle(&actual[name], from: peers[name], expected[name], after: row)
            }
        }
    }

    /// Reads until a peer has heard as much as it should, and compares.
    private func settle(_ view: inout View?, from peer: SocketPeer?, _ expected: View?, after row: Recording.Row) throws
    {
        guard let peer, let expected, var own = view else { return }
        while own.said.count < expected.said.count || own.users != expected.users {
            let chunk = peer.receive()
            if chunk.isEmpty { break }
            try own.take(chunk)
        }
        try #require(own.said == expected.said, "after \(row)")
        #expect(own.users == expected.users, "after \(row)")
        #expect(own.admins == expected.admins, "after \(row)")
        view = own
    }
}
