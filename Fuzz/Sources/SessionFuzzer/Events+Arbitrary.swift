import ChatProtocol
import ChatSession
import FuzzSupport

extension ByteReader {
    /// One of few nicknames, so that many things are about the same people.
    mutating func nickname() -> String {
        isOne(in: 16) ? text() : pick(["ann", "ANN", "bob", "Ｂob", "eve", "zoë", "\u{1B}[2J", ""])
    }

    mutating func color() -> String {
        pick(["#fff", "#D333FF", "red", ""])
    }

    mutating func framing() -> Framing {
        flag() ? .netstring : .none
    }

    mutating func messageID() -> MessageID? {
        isOne(in: 8) ? nil : MessageID(hostileNumber())
    }

    mutating func time() -> WireTime {
        WireTime(localMilliseconds: 1_800_003_600_000 + Int64(byte()) * 1000)
    }

    mutating func recipient() -> Recipient {
        flag() ? .everyone : .user(nickname())
    }

    /// What is said: often one of few texts, so that things are said again.
    mutating func words() -> String {
        flag() ? pick(["hi", "/me", "Error: already logged in", "You have been kicked", "ann"]) : text()
    }

    mutating func optional<Value>(_ read: (inout ByteReader) -> Value) -> Value? {
        isOne(in: 4) ? nil : read(&self)
    }
}

extension Response {
    static func arbitrary(_ reader: inout ByteReader) -> Response {
        let time = reader.time()
        let at = reader.optional { $0.hostileNumber() }
        return Response(time: time, at: at, body: .arbitrary(&reader))
    }
}

extension Response.Body {
    static func arbitrary(_ reader: inout ByteReader) -> Response.Body {
        switch reader.number(below: 14) {
        case 0: .login(.refused(reader.words()))
        case 1: .login(.accepted(reader.framing()))
        case 2:
            .confirm(
                Confirmation(
                    subject: reader.pick([.update, .refresh, .refresh, .disconnect]),
                    more: reader.optional { $0.flag() },
                    text: reader.isOne(in: 3) ? "Error: no" : "OK"
                )
            )
        case 3: .error(reader.words())
        case 4: .warning(reader.isOne(in: 3) ? "You have been kicked" : reader.text())
        case 5:
            .users(
                UserList(
                    users: (0..<reader.number(below: 8)).map { _ in
                        UserList.Entry(nickname: reader.nickname(), color: reader.optional { $0.color() })
                    },
                    admins: (0..<reader.number(below: 3)).map { _ in reader.nickname() }
                )
            )
        case 6: .ping(reader.text())
        case 7: .pong(String(reader.number(below: 4)))
        case 8, 9:
            .info(
                Info(id: reader.messageID(), sender: reader.nickname(), event: .arbitrary(&reader), text: reader.text())
            )
        default:
            .chat(
                ChatMessage(
                    id: reader.messageID(),
                    sender: reader.nickname(),
                    recipient: reader.recipient(),
                    color: reader.color(),
                    nonce: reader.isOne(in: 8) ? reader.text() : nil,
                    text: reader.words()
                )
            )
        }
    }
}

extension Info.Event? {
    static func arbitrary(_ reader: inout ByteReader) -> Info.Event? {
        switch reader.number(below: 5) {
        case 0: .leave
        case 1: .kick(user: reader.nickname())
        case 2: .update(previous: reader.nickname(), color: reader.color(), isAdmin: reader.flag())
        case 3: nil
        default: .join(color: reader.color(), isAdmin: reader.flag())
        }
    }
}

extension SessionCommand {
    static func arbitrary(_ reader: inout ByteReader) -> SessionCommand {
        switch reader.number(below: 20) {
        case 0: .refresh
        case 1: .loadOlder
        case 2: .users
        case 3: .reconnectNow
        case 4: reader.isOne(in: 4) ? .quit : .refresh
        case 5: .kick(user: reader.nickname(), reason: reader.text())
        case 6: .login(Credentials(nickname: reader.nickname(), password: reader.text(), color: .white))
        case 7:
            .update(
                UpdateRequest(
                    nickname: reader.optional { $0.nickname() },
                    password: reader.optional { $0.text() },
                    color: reader.optional { $0.color() }
                )
            )
        case 8: .ban(user: reader.nickname(), .seconds(60), reason: reader.text())
        case 9: reader.flag() ? .unban(user: reader.nickname()) : .bans
        case 10: .allowPlainPassword(reader.flag())
        default: .say(reader.words(), to: reader.recipient())
        }
    }
}
