extension Response {
    /// Reads a response from a message.
    ///
    /// - Parameter message: The message.
    /// - Throws: ``MessageError`` for an unknown reason, or if a parameter that the reason needs is missing or can't be
    ///   read.
    public init(_ message: Message) throws(MessageError) {
        let keys = ResponseKeys(message.parameters)
        guard let time = WireTime(try keys.required("time", keys.time)) else {
            throw MessageError(.invalidParameter("time"), at: 0)
        }
        let at = keys.at.flatMap { Int64($0) }
        self.init(time: time, at: at, body: try Body(message, keys))
    }

    /// Reads a response; it must use all of the bytes.
    ///
    /// - Parameter bytes: One message.
    /// - Throws: ``MessageError``.
    public init(decoding bytes: Span<UInt8>) throws(MessageError) {
        self = try Response(try Message(decoding: bytes))
    }
}

/// The values of the keys that responses have, without the numbered ones.
///
/// They are looked up in one pass, because a list of users has tens of thousands of parameters.
private struct ResponseKeys {
    var time: String?
    var at: String?
    var sender: String?
    var recipient: String?
    var color: String?
    var id: String?
    var nonce: String?
    var reason: String?
    var more: String?
    var event: String?
    var admin: String?
    var previous: String?
    var user: String?
    var framing: String?
    var reconnect: String?
    var password: String?
    var refusalWord: String?
    var untilText: String?

    init(_ parameters: Parameters) {
        for pair in parameters.pairs {
            switch pair.key {
            case "time": time = pair.value
            case "at": at = pair.value
            case "sender": sender = pair.value
            case "rec": recipient = pair.value
            case "color": color = pair.value
            case "id": id = pair.value
            case "nonce": nonce = pair.value
            case "reason": reason = pair.value
            case "more": more = pair.value
            case "event": event = pair.value
            case "admin": admin = pair.value
            case "previous": previous = pair.value
            case "user": user = pair.value
            case "framing": framing = pair.value
            case "reconnect": reconnect = pair.value
            case "password": password = pair.value
            case "refusal": refusalWord = pair.value
            case "until": untilText = pair.value
            default: break
            }
        }
    }

    func required(_ key: String, _ value: String?) throws(MessageError) -> String {
        guard let value else { throw MessageError(.invalidParameter(key), at: 0) }
        return value
    }

    var messageID: MessageID? { id.flatMap { MessageID($0) } }
    /// The code word; nil if it is unknown, because the sentence can still be shown.
    var refusal: Refusal? { refusalWord.flatMap { Refusal(rawValue: $0) } }
    var until: Int64? { untilText.flatMap { Int64($0) } }
}

extension Response.Body {
    fileprivate init(_ message: Message, _ keys: ResponseKeys) throws(MessageError) {
        switch message.reason {
        case "CHATR":
            self = .chat(
                ChatMessage(
                    id: keys.messageID,
                    sender: try keys.required("sender", keys.sender),
                    recipient: Recipient(wire: try keys.required("rec", keys.recipient)),
                    color: try keys.required("color", keys.color),
                    nonce: keys.nonce,
                    text: message.content
                )
            )
        case "INFO":
            self = .info(
                Info(
                    id: keys.messageID,
                    sender: try keys.required("sender", keys.sender),
                    event: Info.Event(keys),
                    text: message.content
                )
            )
        case "USER":
            self = .users(UserList(message.parameters))
        case "CONVER":
            let framing = keys.framing.flatMap { Framing(rawValue: $0) } ?? .none
            self = .login(
                message.content == "OK"
                    ? .accepted(framing, ignoresPassword: keys.password == "ignored")
                    : .refused(message.content, keys.refusal, until: keys.until)
            )
        case "CONFIRM":
            guard let subject = Confirmation.Subject(rawValue: try keys.required("reason", keys.reason)) else {
                throw MessageError(.invalidParameter("reason"), at: 0)
            }
            let more = keys.more.map { $0 == "1" }
            self = .confirm(
                Confirmation(
                    subject: subject,
                    more: more,
                    bans: subject == .bans ? [BanEntry](message.parameters) : [],
                    until: keys.until,
                    refusal: keys.refusal,
                    text: message.content
                )
            )
        case "ERR": self = .error(message.content, keys.refusal)
        case "WARN":
            if let seconds = keys.reconnect.flatMap({ Int($0) }), seconds >= 0 {
                self = .closing(message.content, reconnectSeconds: seconds)
            } else {
                self = .warning(message.content, keys.refusal, until: keys.until)
            }
        case "PING": self = .ping(message.content)
        case "PONG": self = .pong(message.content)
        default: throw MessageError(.unknownReason(message.reason), at: 0)
        }
    }
}

extension Info.Event {
    /// Reads the event.
    ///
    /// Nil if it is unknown or lacks a key: the sentence can still be shown.
    fileprivate init?(_ keys: ResponseKeys) {
        let isAdmin = keys.admin == "1"
        switch keys.event {
        case "join":
            guard let color = keys.color else { return nil }
            self = .join(color: color, isAdmin: isAdmin)
        case "leave":
            self = .leave
        case "kick":
            guard let user = keys.user else { return nil }
            self = .kick(user: user)
        case "update":
            guard let previous = keys.previous, let color = keys.color else { return nil }
            self = .update(previous: previous, color: color, isAdmin: isAdmin)
        default:
            return nil
        }
    }
}
