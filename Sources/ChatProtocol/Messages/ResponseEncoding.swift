extension Response {
    /// Appends the response's bytes, without a netstring around them.
    ///
    /// - Parameters:
    ///   - bytes: The bytes to append to.
    ///   - framing: With ``Framing/none`` the keys of framed connections are left out, except in a CONVER to a client
    ///     that asked for framing.
    public func encode(into bytes: inout [UInt8], framing: Framing) {
        // Swapped, not copied: if two variables owned the bytes, writing would copy them.
        var sink = ByteSink()
        swap(&sink.bytes, &bytes)
        sink.isForOriginal = framing == .none
        write(to: &sink, framing: framing)
        swap(&sink.bytes, &bytes)
    }

    func write(to sink: inout ByteSink, framing: Framing) {
        let isFramed = framing != .none
        sink.begin(body.reason)
        sink.parameter("time", time)
        switch body {
        case .login(.accepted(let agreed, let ignoresPassword)):
            if agreed != .none {
                sink.parameter("framing", agreed.rawValue)
                if ignoresPassword { sink.parameter("password", "ignored") }
            }
        case .login(.refused(_, let refusal, let until)):
            // The connection is not framed yet, but the client that asked for framing gets the keys.
            sink.parameters(refusal, until: until)
        case .chat(let chat):
            sink.parameter("sender", chat.sender)
            sink.parameter("rec", chat.recipient.wire)
            sink.parameter("color", chat.color)
            if isFramed, let id = chat.id { sink.parameter("id", id.number) }
            if isFramed, let nonce = chat.nonce { sink.parameter("nonce", nonce) }
        case .confirm(let confirmation):
            sink.parameter("reason", confirmation.subject.rawValue)
            if isFramed, let more = confirmation.more { sink.parameter("more", more) }
            if isFramed, confirmation.subject == .bans { confirmation.bans.write(to: &sink) }
            if isFramed { sink.parameters(confirmation.refusal, until: confirmation.until) }
        case .info(let info):
            sink.parameter("sender", info.sender)
            if isFramed, let id = info.id { sink.parameter("id", id.number) }
            if isFramed, let event = info.event { event.write(to: &sink) }
        case .users(let list):
            list.write(to: &sink, framing: framing)
        case .closing(_, let seconds):
            if isFramed { sink.parameter("reconnect", seconds) }
        case .error(_, let refusal):
            if isFramed { sink.parameters(refusal, until: nil) }
        case .warning(_, let refusal, let until):
            if isFramed { sink.parameters(refusal, until: until) }
        case .ping, .pong:
            break
        }
        if isFramed, let at { sink.parameter("at", at) }
        sink.end(body.content)
    }
}

extension Response.Body {
    /// The word that names the kind of response.
    var reason: String {
        switch self {
        case .login: "CONVER"
        case .chat: "CHATR"
        case .confirm: "CONFIRM"
        case .info: "INFO"
        case .error: "ERR"
        case .warning, .closing: "WARN"
        case .users: "USER"
        case .ping: "PING"
        case .pong: "PONG"
        }
    }

    /// The text after the second comma.
    var content: String {
        switch self {
        case .login(.accepted): "OK"
        case .login(.refused(let text, _, _)), .error(let text, _), .warning(let text, _, _), .closing(let text, _):
            text
        case .chat(let chat): chat.text
        case .confirm(let confirmation): confirmation.text
        case .info(let info): info.text
        case .users: ""
        case .ping(let content), .pong(let content): content
        }
    }
}

extension Info.Event {
    fileprivate func write(to sink: inout ByteSink) {
        switch self {
        case .join(let color, let isAdmin):
            sink.parameter("event", "join")
            sink.parameter("color", color)
            sink.parameter("admin", isAdmin)
        case .leave:
            sink.parameter("event", "leave")
        case .kick(let user):
            sink.parameter("event", "kick")
            sink.parameter("user", user)
        case .update(let previous, let color, let isAdmin):
            sink.parameter("event", "update")
            sink.parameter("previous", previous)
            sink.parameter("color", color)
            sink.parameter("admin", isAdmin)
        }
    }
}

extension ByteSink {
    fileprivate mutating func parameters(_ refusal: Refusal?, until: Int64?) {
        if let refusal { parameter("refusal", refusal.rawValue) }
        if let until { parameter("until", until) }
    }
}
