internal import ChatProtocol

/// The longest texts that are accepted from a server, in bytes.
///
/// They are far longer than any server should send, and short enough that a full timeline of them still fits into
/// memory.
enum TextBounds {
    /// The longest text of a message.
    static let text = 65_536
    /// The longest nickname, which is more than any server allows.
    static let nickname = 512
    /// The longest reason of a ban in a list, which may have many.
    static let banReason = 1024

    /// Shortens a text at the end of a Unicode scalar and adds `…`.
    static func cut(_ text: String, to maximum: Int) -> String {
        guard text.utf8.count > maximum else { return text }
        var count = 0
        let kept = text.unicodeScalars.prefix { scalar in
            count += UTF8.width(scalar)
            return count <= maximum - "…".utf8.count
        }
        return String(kept) + "…"
    }
}

extension Response {
    /// The response with every text that is too long shortened.
    var bounded: Response {
        var response = self
        switch body {
        case .chat(var chat):
            chat.sender = TextBounds.cut(chat.sender, to: TextBounds.nickname)
            if case .user(let nickname) = chat.recipient {
                chat.recipient = .user(TextBounds.cut(nickname, to: TextBounds.nickname))
            }
            chat.text = TextBounds.cut(chat.text, to: TextBounds.text)
            response.body = .chat(chat)
        case .info(var info):
            info.sender = TextBounds.cut(info.sender, to: TextBounds.nickname)
            info.event = info.event?.bounded
            info.text = TextBounds.cut(info.text, to: TextBounds.text)
            response.body = .info(info)
        case .confirm(var confirmation):
            confirmation.text = TextBounds.cut(confirmation.text, to: TextBounds.text)
            confirmation.bans = confirmation.bans.map { ban in
                BanEntry(
                    nickname: TextBounds.cut(ban.nickname, to: TextBounds.nickname),
                    until: ban.until,
                    admin: TextBounds.cut(ban.admin, to: TextBounds.nickname),
                    reason: TextBounds.cut(ban.reason, to: TextBounds.banReason)
                )
            }
            response.body = .confirm(confirmation)
        case .error(let text, let refusal):
            response.body = .error(TextBounds.cut(text, to: TextBounds.text), refusal)
        case .warning(let text, let refusal, let until):
            response.body = .warning(TextBounds.cut(text, to: TextBounds.text), refusal, until: until)
        case .closing(let text, let seconds):
            response.body = .closing(TextBounds.cut(text, to: TextBounds.text), reconnectSeconds: seconds)
        case .login(.refused(let text, let refusal, let until)):
            response.body = .login(.refused(TextBounds.cut(text, to: TextBounds.text), refusal, until: until))
        case .users(var list):
            list.users.removeAll { $0.nickname.utf8.count > TextBounds.nickname }
            response.body = .users(list)
        case .login, .ping, .pong:
            break
        }
        return response
    }
}

extension Info.Event {
    fileprivate var bounded: Info.Event {
        map { TextBounds.cut($0, to: TextBounds.nickname) }
    }

    /// The event with all its texts made safe to show.
    var safe: Info.Event {
        map { SafeText(line: $0).text }
    }

    private func map(_ change: (String) -> String) -> Info.Event {
        switch self {
        case .join(let color, let isAdmin): .join(color: change(color), isAdmin: isAdmin)
        case .leave: .leave
        case .kick(let user): .kick(user: change(user))
        case .update(let previous, let color, let isAdmin):
            .update(previous: change(previous), color: change(color), isAdmin: isAdmin)
        }
    }
}
