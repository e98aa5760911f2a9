internal import ChatProtocol

extension Response {
    /// The response as one line of a test: what a connection of a framing sees
    /// of it, without the time.
    func line(for framing: Framing) -> String {
        let isFramed = framing == .netstring
        switch body {
        case .login(.accepted(let agreed)):
            return agreed == .none ? "CONVER OK" : "CONVER OK, framed"
        case .login(.refused(let error, _, _)):
            return "CONVER \(error)"
        case .chat(let message):
            let nonce = isFramed ? message.nonce.map { " [\($0)]" } ?? "" : ""
            let recipient = message.recipient == .everyone ? "all" : message.recipient.wire
            return "CHATR \(number(message.id, isFramed))\(message.sender) -> \(recipient): \(message.text)\(nonce)"
        case .confirm(let confirmation):
            let more = isFramed ? confirmation.more.map { $0 ? " [more]" : " [no more]" } ?? "" : ""
            return "CONFIRM \(confirmation.subject.rawValue) \(confirmation.text)\(more)"
        case .info(let info):
            let event = isFramed ? info.event.map { " [\($0.words)]" } ?? "" : ""
            return "INFO \(number(info.id, isFramed))\(info.text)\(event)"
        case .error(let text, _): return "ERR \(text)"
        case .warning(let text, _, _): return "WARN \(text)"
        case .closing(let text, let seconds): return "WARN (reconnect \(seconds)) \(text)"
        case .users(let list):
            let users = list.users.map { $0.nickname + (isFramed ? $0.color ?? "" : "") }
            return "USER \(users.joined(separator: " ")); admins \(list.admins.joined(separator: " "))"
        case .ping(let content): return "PING \(content)"
        case .pong(let content): return "PONG \(content)"
        }
    }

    private func number(_ id: MessageID?, _ isFramed: Bool) -> String {
        guard isFramed else { return "" }
        return id.map { "\($0.number) " } ?? "- "
    }
}

extension Info.Event {
    fileprivate var words: String {
        switch self {
        case .join(let color, let isAdmin): "join \(color)\(isAdmin ? " admin" : "")"
        case .leave: "leave"
        case .kick(let user): "kick \(user)"
        case .update(let previous, let color, let isAdmin):
            "update from \(previous) \(color)\(isAdmin ? " admin" : "")"
        }
    }
}
