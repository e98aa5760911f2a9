internal import ChatProtocol
internal import NIOCore
internal import Testing

@testable internal import ChatServer

@Suite("Unframed messages")
struct UnframedMessagesTests {
    private let moment = Timestamp(unixMilliseconds: 1_795_430_195_783)

    private func texts(_ response: Response) -> [String] {
        PacedMessage(response, kind: .broadcast).parts.map { String(buffer: $0) }
    }

    private func chat(_ text: String) -> Response {
        let message = ChatMessage(
            id: MessageID(7),
            sender: "a/b",
            recipient: .everyone,
            color: "#FF0000",
            nonce: "n",
            text: text
        )
        return Response(at: moment, .chat(message))
    }

    @Test("a short message is one, without the keys of framed connections")
    func short() {
        #expect(
            texts(chat("hi, all")) == ["CHATR,time=2026-11-23 10-36-35;sender=a//b;rec=-ALL;color=#FF0000,hi, all"]
        )
    }

    @Test(
        "a long message is several, none above 2,048 bytes, none inside a character",
        arguments: [2047, 9000, 16_384]
    )
    func long(size: Int) throws {
        let family = "👩‍👩‍👧é"
        let text = String(repeating: family, count: size / family.utf8.count)
        let parts = texts(chat(text))
        #expect(parts.count == (parts.joined().utf8.count + 2047) / 2048)
        #expect(parts.allSatisfy { $0.utf8.count <= 2048 })
        let contents = try parts.map { try Response(Message(decoding: Array($0.utf8).span)).body }
        let joined = contents.map { body in
            guard case .chat(let chat) = body else { return "?" }
            return chat.text
        }
        #expect(joined.joined() == text)
        #expect(joined.allSatisfy { $0.hasPrefix("👩‍👩‍👧") || $0.hasPrefix("é") })
    }

    @Test("a login's answer is one message however long")
    func login() {
        let parts = texts(Response(at: moment, .login(.refused("Error: " + String(repeating: "x", count: 4000)))))
        #expect(parts.count == 1)
        #expect((2000...2048).contains(parts[0].utf8.count))
    }

    @Test("a user list names as many as fit")
    func userList() throws {
        let users = (0..<500).map { UserList.Entry(nickname: "user number \($0)", color: "#FFF") }
        let list = UserList(users: users, admins: ["root"])
        let message = PacedMessage(Response(at: moment, .users(list)))
        #expect(message.parts.count == 1)
        #expect(message.byteCount <= 2048)
        let read = try Response(Message(decoding: Array(buffer: message.parts[0]).span))
        guard case .users(let short) = read.body else { return #expect(Bool(false)) }
        #expect(short.users.count > 60)
        #expect(short.users.map(\.nickname) == users.prefix(short.users.count).map(\.nickname))
        #expect(short.admins == ["root"])
    }

    @Test("a user list for everybody is told from one that was asked for")
    func kinds() {
        let list = Response(at: moment, .users(UserList(users: [], admins: [])))
        #expect(PacedMessage(list, kind: .broadcast).kind == .userList)
        #expect(PacedMessage(list).kind == .requestedList)
    }

    @Test("what others say may be left out, never what the peer asked for")
    func leavingOut() {
        let warning = Response(at: moment, .warning("kicked"))
        #expect(PacedMessage(chat("x"), kind: .broadcast).mayBeLeftOut)
        #expect(PacedMessage(chat("x"), kind: .direct).mayBeLeftOut)
        #expect(!PacedMessage(chat("x")).mayBeLeftOut)
        #expect(!PacedMessage(warning, kind: .broadcast).mayBeLeftOut)
    }
}
