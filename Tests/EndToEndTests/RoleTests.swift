internal import ChatProtocol
internal import ChatTestSupport
internal import Foundation
internal import Testing

extension EndToEnd {
    /// What a running server lets a guest, a member and an admin do.
    @Suite("Roles")
    struct RoleTests {
        let home: ScratchFolder

        init() throws {
            home = try ScratchFolder()
        }

        /// A request, and how the answer to each role starts.
        private struct Row {
            let name: String
            let request: Request
            let guest: String
            let member: String
            let admin: String

            init(_ name: String, _ request: Request, guest: String, member: String, admin: String) {
                (self.name, self.request) = (name, request)
                (self.guest, self.member, self.admin) = (guest, member, admin)
            }

            init(_ name: String, _ request: Request, all: String) {
                self.init(name, request, guest: all, member: all, admin: all)
            }

            init(_ name: String, _ request: Request, others: String, admin: String) {
                self.init(name, request, guest: others, member: others, admin: admin)
            }
        }

        private static let refused = "CONFIRM Error: Must be an admin to perform that action."

        private static let rows = [
            Row("PING", .ping("x"), all: "PONG x"),
            Row("CHAT to all", .chat(ChatRequest(recipient: .everyone, text: "hello")), all: "CHATR hello"),
            Row(
                "CHAT to one",
                .chat(ChatRequest(recipient: .user("nobody"), text: "hello")),
                all: "ERR Error: nobody Unrecognized recipient."
            ),
            Row("UPDATE color", .update(UpdateRequest(color: "#AABBCC")), all: "CONFIRM OK"),
            Row("REF", .refresh(HistoryQuery(since: MessageID(Int64.max / 2))), all: "CONFIRM Resending messages..."),
            Row("USER", .users, all: "USER"),
            Row(
                "KICK",
                .kick(KickRequest(user: "nobody", reason: "")),
                others: "ERR Error: Must be an admin",
                admin: "ERR Error: nobody is not in the chat."
            ),
            Row(
                "KICK with ban",
                .kick(KickRequest(user: "nobody", reason: "", ban: .seconds(60))),
                others: refused,
                admin: "CONFIRM nobody is banned until "
            ),
            Row("BANS", .bans, others: refused, admin: "CONFIRM 1 ban."),
            Row("UNBAN", .unban(user: "nobody"), others: refused, admin: "CONFIRM nobody may come back."),
            // A guest's password makes an account, with a member's it is another one.
            Row("UPDATE password", .update(UpdateRequest(password: "another one")), all: "CONFIRM OK"),
            Row("DISCON", .disconnect, all: "CONFIRM Disconnected Successfully."),
        ]

        @Test("are what the table says, request by request")
        func table() throws {
            let data = "\(home.path)/data"
            for (nickname, role) in [("mia", "member"), ("root", "admin")] {
                let account = try Executable.start(
                    ["account", "add", nickname, "--role", role],
                    home: home,
                    environment: ["CHAT_TUI_DATA": data],
                    input: "s3cret words\n"
                )
                #expect(try account.end() == 0, "\(account.standardError)")
            }
            let server = try RunningServer(arguments: ["--data", data], home: home)
            let roles: [(nickname: String, password: String, answer: KeyPath<Row, String>)] = [
                ("gus", "", \.guest), ("mia", "s3cret words", \.member), ("root", "s3cret words", \.admin),
            ]
            for role in roles {
                let peer = try FramedPeer(port: server.port, nickname: role.nickname, password: role.password)
                // What comes by itself after a login is before this.
                try Self.ask(.ping("settled"), of: peer)
                for row in Self.rows {
                    let answer = try Self.ask(row.request, of: peer)
                    let expected = row[keyPath: role.answer]
                    #expect(answer.hasPrefix(expected), "\(row.name) by \(role.nickname)")
                }
            }
            // A stranger is asked who they are, whatever they ask for.
            for row in Self.rows where row.name != "PING" {
                let stranger = try RawPeer(port: server.port)
                var bytes: [UInt8] = []
                row.request.encode(into: &bytes, framing: .none)
                stranger.send(bytes)
                let answer = try stranger.receive(until: "CONVER,")
                #expect(answer.contains("Error: Unknown connection attempt."), "\(row.name) by a stranger")
            }
        }

        /// Sends a request and gives the first answer to it.
        @discardableResult
        private static func ask(_ request: Request, of peer: FramedPeer) throws -> String {
            peer.send(request)
            return try peer.wait(for: "an answer") { response -> String? in
                switch response.body {
                case .chat(let message): "CHATR \(message.text)"
                case .confirm(let confirmation): "CONFIRM \(confirmation.text)"
                case .error(let text, _): "ERR \(text)"
                case .pong(let content): "PONG \(content)"
                case .users: if case .users = request { "USER" } else { nil }
                default: nil
                }
            }
        }
    }
}
