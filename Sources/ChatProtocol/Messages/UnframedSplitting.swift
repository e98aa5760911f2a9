extension Request {
    /// The requests to send instead of this one without framing, so that each fits into one read of the original.
    ///
    /// A long CHAT becomes several, split between grapheme clusters. The reason of a KICK is cut off at the limit.
    ///
    /// - Returns: The requests, as ``encode(into:framing:)`` writes them with ``Framing/none``. Each is at most
    ///   ``Limits/unframedMessageBytes`` long, a CON ``Limits/unframedConnectBytes``.
    /// - Throws: ``MessageError`` with ``MessageError/Code/tooLong(_:)`` if the parameters alone are longer.
    public func unframedParts() throws(MessageError) -> [Request] {
        var limit = Limits.unframedMessageBytes
        if case .connect = self { limit = Limits.unframedConnectBytes }
        var bytes: [UInt8] = []
        encode(into: &bytes, framing: .none)
        if bytes.count <= limit { return [self] }
        switch self {
        case .chat(var chat):
            let room = limit - (bytes.count - chat.text.utf8.count)
            guard room >= UnframedText.leastRoom else { break }
            return TextSplitting.split(chat.text, maximumBytes: room).map { part in
                chat.text = String(part)
                return .chat(chat)
            }
        case .kick(var kick):
            let room = limit - (bytes.count - kick.reason.utf8.count)
            guard room >= UnframedText.leastRoom else { break }
            kick.reason = UnframedText.cut(kick.reason, maximumBytes: room)
            return [.kick(kick)]
        case .connect, .update, .disconnect, .refresh, .users, .unban, .bans, .ping, .pong:
            break
        }
        throw MessageError(.tooLong(limit), at: limit)
    }
}

extension Response {
    /// The responses to send to an original client instead of this one, so that each fits into one read of the client.
    ///
    /// A long CHATR, INFO, ERR, WARN or list of bans becomes several, split between grapheme clusters. The text of a
    /// response that has to be one message (CONVER, any other CONFIRM, PONG) ends in `…` at the limit. A USER list
    /// names as many users as fit.
    ///
    /// - Parameter limit: The most bytes of one message.
    /// - Returns: The responses, at least one. Each is at most `limit` long as ``encode(into:framing:)`` writes it with
    ///   ``Framing/none``.
    public func unframedParts(maximumBytes limit: Int = Limits.unframedMessageBytes) -> [Response] {
        if greatestUnframedCount <= limit { return [self] }
        if case .users(let list) = body {
            return [Response(time: time, at: at, body: .users(list.fitted(maximumBytes: limit)))]
        }
        var bytes: [UInt8] = []
        encode(into: &bytes, framing: .none)
        if bytes.count <= limit { return [self] }
        let text = body.content
        let room = max(UnframedText.leastRoom, limit - (bytes.count - text.utf8.count))
        guard body.canBeSplit else {
            return [Response(time: time, at: at, body: body.with(UnframedText.cut(text, maximumBytes: room)))]
        }
        return TextSplitting.split(text, maximumBytes: room).map { part in
            Response(time: time, at: at, body: body.with(String(part)))
        }
    }

    /// An upper bound for the bytes of the unframed encoding, without making it.
    private var greatestUnframedCount: Int {
        // The bytes of reason, keys, time, agreement and separators of any response but a list.
        let frame = 96
        return switch body {
        case .chat(let chat):
            frame + 2 * (chat.sender.utf8.count + chat.recipient.wire.utf8.count + chat.color.utf8.count)
                + chat.text.utf8.count
        case .info(let info):
            frame + 2 * info.sender.utf8.count + info.text.utf8.count
        case .users:
            .max
        case .login, .confirm, .error, .warning, .closing, .ping, .pong:
            frame + body.content.utf8.count
        }
    }
}

extension Response.Body {
    /// Whether two responses with half of the text each say the same as one.
    fileprivate var canBeSplit: Bool {
        switch self {
        case .chat, .info, .error, .warning, .closing: true
        case .confirm(let confirmation): confirmation.subject == .bans
        case .login, .users, .ping, .pong: false
        }
    }

    /// The same response with another text.
    fileprivate func with(_ text: String) -> Response.Body {
        switch self {
        case .chat(var chat):
            chat.text = text
            return .chat(chat)
        case .info(var info):
            info.text = text
            return .info(info)
        case .confirm(var confirmation):
            confirmation.text = text
            return .confirm(confirmation)
        case .login(.refused(_, let refusal, let until)): return .login(.refused(text, refusal, until: until))
        case .error: return .error(text)
        case .warning, .closing: return .warning(text)
        case .ping: return .ping(text)
        case .pong: return .pong(text)
        case .login(.accepted), .users: return self
        }
    }
}

/// Text that has to fit into one unframed message.
private enum UnframedText {
    /// The least number of bytes to which it makes sense to cut a text.
    static let leastRoom = 64

    /// The part of a text that fits, with an ellipsis if something is missing.
    static func cut(_ text: String, maximumBytes: Int) -> String {
        guard text.utf8.count > maximumBytes else { return text }
        let ellipsis = "…"
        let parts = TextSplitting.split(text, maximumBytes: maximumBytes - ellipsis.utf8.count)
        return String(parts.first ?? "") + ellipsis
    }
}
