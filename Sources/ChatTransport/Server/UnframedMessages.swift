public import ChatProtocol
internal import NIOCore

extension Response {
    /// The response as messages that an original client can read, in order.
    ///
    /// None is longer than the maximum: a longer text goes out in several
    /// messages, split between grapheme clusters; where the client waits for
    /// exactly one answer (CONVER, CONFIRM, PONG), the rest is left out; a user
    /// list names as many users as fit.
    ///
    /// - Parameters:
    ///   - isBroadcast: Whether everybody gets it.
    ///   - maximumBytes: The most bytes of one message.
    /// - Returns: At least one message.
    public func unframedMessages(
        isBroadcast: Bool,
        maximumBytes: Int = Limits.unframedMessageBytes
    ) -> [PacedMessage] {
        let kind: PacedMessage.Kind =
            switch body {
            case .users: .userList
            default: isBroadcast ? .broadcast : .answer
            }
        let whole = unframedBytes()
        guard whole.readableBytes > maximumBytes else { return [PacedMessage(whole, kind: kind)] }
        if case .users(let list) = body {
            let fitted = with(.users(list.fitted(maximumBytes: maximumBytes)))
            return [PacedMessage(fitted.unframedBytes(), kind: kind)]
        }
        let headerBytes = whole.readableBytes - text.utf8.count
        let parts = TextSplitting.split(text, maximumBytes: maximumBytes - headerBytes)
        return (canBeSplit ? parts[...] : parts.prefix(1)).map { part in
            PacedMessage(with(text: String(part)).unframedBytes(), kind: kind)
        }
    }

    private func unframedBytes() -> ByteBuffer {
        var bytes: [UInt8] = []
        encode(into: &bytes, framing: .none)
        return ByteBuffer(bytes: bytes)
    }

    private var text: String {
        switch body {
        case .chat(let chat): chat.text
        case .info(let info): info.text
        case .confirm(let confirmation): confirmation.text
        case .login(.accepted), .users: ""
        case .login(.refused(let text)), .error(let text), .warning(let text), .ping(let text), .pong(let text): text
        }
    }

    private var canBeSplit: Bool {
        switch body {
        case .chat, .info, .error, .warning: true
        case .login, .confirm, .users, .ping, .pong: false
        }
    }

    private func with(text: String) -> Response {
        switch body {
        case .chat(var chat):
            chat.text = text
            return with(.chat(chat))
        case .info(var info):
            info.text = text
            return with(.info(info))
        case .confirm(var confirmation):
            confirmation.text = text
            return with(.confirm(confirmation))
        case .login(.accepted), .users: return self
        case .login(.refused): return with(.login(.refused(text)))
        case .error: return with(.error(text))
        case .warning: return with(.warning(text))
        case .ping: return with(.ping(text))
        case .pong: return with(.pong(text))
        }
    }

    private func with(_ body: Body) -> Response {
        Response(time: time, at: at, body: body)
    }
}
