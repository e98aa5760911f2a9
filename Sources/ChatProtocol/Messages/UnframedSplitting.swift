extension Request {
    /// The requests to send in place of this one where there is no framing, so
    /// that each fits what the original reads at once.
    ///
    /// A long CHAT becomes several, split between grapheme clusters, and a KICK
    /// gives its reason only as far as there is room.
    ///
    /// - Returns: The requests, each at most ``Limits/unframedMessageBytes``
    ///   long, a CON ``Limits/unframedConnectBytes``, as
    ///   ``encode(into:framing:)`` writes them with ``Framing/none``.
    /// - Throws: ``MessageError`` with ``MessageError/Code/tooLong(_:)`` where
    ///   the parameters alone are longer.
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
        case .connect, .update, .disconnect, .refresh, .users, .ping, .pong:
            break
        }
        throw MessageError(.tooLong(limit), at: limit)
    }
}

extension Response {
    /// The responses to send in place of this one to an original client, so
    /// that each fits the 2,048 bytes that it reads at once.
    ///
    /// A long CHATR becomes several, split between grapheme clusters; a USER
    /// list names as many users as fit; any other text ends in `…` where the
    /// room ends.
    ///
    /// - Returns: The responses, each at most ``Limits/unframedMessageBytes``
    ///   long as ``encode(into:framing:)`` writes it with ``Framing/none``.
    public func unframedParts() -> [Response] {
        let limit = Limits.unframedMessageBytes
        if greatestUnframedCount <= limit { return [self] }
        if case .users(let list) = body {
            return [Response(time: time, at: at, body: .users(list.fitted(maximumBytes: limit)))]
        }
        var bytes: [UInt8] = []
        encode(into: &bytes, framing: .none)
        if bytes.count <= limit { return [self] }
        let room = max(UnframedText.leastRoom, limit - (bytes.count - body.content.utf8.count))
        if case .chat(var chat) = body {
            return TextSplitting.split(chat.text, maximumBytes: room).map { part in
                chat.text = String(part)
                return Response(time: time, at: at, body: .chat(chat))
            }
        }
        return [Response(time: time, at: at, body: body.cut(maximumBytes: room))]
    }

    /// No fewer bytes than the unframed encoding takes, without making it.
    private var greatestUnframedCount: Int {
        // Reason, keys, time and separators of any response but a list.
        let frame = 96
        return switch body {
        case .chat(let chat):
            frame + 2 * (chat.sender.utf8.count + chat.recipient.wire.utf8.count + chat.color.utf8.count)
                + chat.text.utf8.count
        case .info(let info):
            frame + 2 * info.sender.utf8.count + info.text.utf8.count
        case .users:
            .max
        case .login, .confirm, .error, .warning, .ping, .pong:
            frame + body.content.utf8.count
        }
    }
}

extension Response.Body {
    /// The same with its text cut to so many bytes.
    fileprivate func cut(maximumBytes: Int) -> Response.Body {
        let text = UnframedText.cut(content, maximumBytes: maximumBytes)
        switch self {
        case .login(.refused): return .login(.refused(text))
        case .error: return .error(text)
        case .warning: return .warning(text)
        case .confirm(var confirmation):
            confirmation.text = text
            return .confirm(confirmation)
        case .info(var info):
            info.text = text
            return .info(info)
        case .ping: return .ping(text)
        case .pong: return .pong(text)
        case .login(.accepted), .chat, .users: return self
        }
    }
}

/// Text that has to fit into one unframed message.
private enum UnframedText {
    /// The least room in bytes that is worth cutting a text to.
    static let leastRoom = 64

    /// As much of a text as fits, with an ellipsis where something is missing.
    static func cut(_ text: String, maximumBytes: Int) -> String {
        guard text.utf8.count > maximumBytes else { return text }
        let ellipsis = "…"
        let parts = TextSplitting.split(text, maximumBytes: maximumBytes - ellipsis.utf8.count)
        return String(parts.first ?? "") + ellipsis
    }
}
