import ChatProtocol
import FuzzSupport

extension ByteReader {
    /// One of few nicknames, some of them the same person's, some nobody's.
    mutating func nickname() -> String {
        pick(["ann", "ANN", "Ａnn", "bob", "Bob", "eve", "zoë", "zoe\u{308}", "Вob", "x", "", "-ALL", "a,b;c=d/e"])
    }

    mutating func optional<Value>(_ read: (inout ByteReader) -> Value) -> Value? {
        isOne(in: 4) ? nil : read(&self)
    }
}

extension Request {
    static func login(_ reader: inout ByteReader) -> Request {
        let framing: Framing = reader.flag() ? .netstring : .none
        return .connect(ConnectRequest(nickname: reader.nickname(), password: "pw", color: "#fff", framing: framing))
    }

    static func arbitrary(_ reader: inout ByteReader) -> Request {
        switch reader.number(below: 16) {
        case 0:
            .connect(
                ConnectRequest(
                    nickname: reader.optional { $0.nickname() },
                    password: reader.optional { $0.pick(["", "pw", String(repeating: "x", count: 300)]) },
                    color: reader.optional { $0.pick(["#fff", "#123456", "red"]) },
                    framing: reader.flag() ? .netstring : .none
                )
            )
        case 1: .disconnect
        case 2: .users
        case 3: .ping("?")
        case 4: .pong("!")
        case 5:
            .refresh(
                HistoryQuery(
                    since: reader.optional { MessageID($0.hostileNumber()) },
                    before: reader.optional { MessageID($0.hostileNumber()) },
                    limit: reader.optional { Int($0.hostileNumber()) }
                )
            )
        case 6: .kick(KickRequest(user: reader.optional { $0.nickname() }, reason: text(&reader)))
        case 14:
            .kick(
                KickRequest(
                    user: reader.optional { $0.nickname() },
                    reason: text(&reader),
                    ban: reader.pick([.seconds(1), .seconds(Limits.banSeconds), .forever])
                )
            )
        case 15: reader.flag() ? .unban(user: reader.optional { $0.nickname() }) : .bans
        case 7, 8:
            .update(
                UpdateRequest(
                    nickname: reader.optional { $0.nickname() },
                    password: reader.optional { $0.pick(["", "pw"]) },
                    color: reader.optional { $0.pick(["#fff", "#123456", "red"]) }
                )
            )
        default:
            .chat(
                ChatRequest(
                    recipient: reader.optional { Recipient(wire: $0.flag() ? "-ALL" : $0.nickname()) },
                    nonce: reader.optional { $0.pick(["1", "2", "3", "", String(repeating: "n", count: 65)]) },
                    text: text(&reader)
                )
            )
        }
    }

    private static func text(_ reader: inout ByteReader) -> String {
        reader.pick(["hi", "ho", "", String(repeating: "long ", count: 250), String(repeating: "x", count: 16_385)])
    }
}
