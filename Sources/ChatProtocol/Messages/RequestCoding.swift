extension Request {
    /// Reads a request from a message.
    ///
    /// Unknown keys are ignored, and missing keys are nil: the server decides what a request may leave out.
    ///
    /// - Parameter message: The message.
    /// - Throws: ``MessageError`` for an unknown reason, or a key of a framed connection that can't be read.
    public init(_ message: Message) throws(MessageError) {
        switch message.reason {
        case "CHAT": self = .chat(try ChatRequest(message))
        case "CON": self = .connect(ConnectRequest(message))
        case "UPDATE": self = .update(UpdateRequest(message))
        case "DISCON": self = .disconnect
        case "REF": self = .refresh(try HistoryQuery(message))
        case "USER": self = .users
        case "KICK": self = .kick(try KickRequest(message))
        case "UNBAN": self = .unban(user: message.parameters["user"])
        case "BANS": self = .bans
        case "PING": self = .ping(message.content)
        case "PONG": self = .pong(message.content)
        default: throw MessageError(.unknownReason(message.reason), at: 0)
        }
    }

    /// Reads a request; it must use all of the bytes.
    ///
    /// - Parameter bytes: One message.
    /// - Throws: ``MessageError``.
    public init(decoding bytes: Span<UInt8>) throws(MessageError) {
        self = try Request(try Message(decoding: bytes))
    }

    /// Appends the request's bytes, without a netstring around them.
    ///
    /// - Parameters:
    ///   - bytes: The bytes to append to.
    ///   - framing: With ``Framing/none`` the keys of framed connections are left out, except the one that asks for
    ///     framing.
    public func encode(into bytes: inout [UInt8], framing: Framing) {
        // Swapped, not copied: if two variables owned the bytes, writing would copy them.
        var sink = ByteSink()
        swap(&sink.bytes, &bytes)
        write(to: &sink, framing: framing)
        swap(&sink.bytes, &bytes)
    }

    func write(to sink: inout ByteSink, framing: Framing) {
        let isFramed = framing != .none
        switch self {
        case .connect(let request):
            sink.begin("CON")
            if let nickname = request.nickname { sink.parameter("nickname", nickname) }
            if let password = request.password { sink.parameter("password", password) }
            if let color = request.color { sink.parameter("color", color) }
            if request.framing != .none { sink.parameter("framing", request.framing.rawValue) }
            if let secret = request.operatorSecret { sink.parameter("operator", secret.wire) }
            sink.end("")
        case .chat(let request):
            sink.begin("CHAT")
            if let recipient = request.recipient { sink.parameter("rec", recipient.wire) }
            if isFramed, let nonce = request.nonce { sink.parameter("nonce", nonce) }
            sink.end(request.text)
        case .update(let request):
            sink.begin("UPDATE")
            if let nickname = request.nickname { sink.parameter("nickname", nickname) }
            if let password = request.password { sink.parameter("password", password) }
            if let color = request.color { sink.parameter("color", color) }
            sink.end("")
        case .disconnect:
            sink.begin("DISCON")
            sink.end("")
        case .refresh(let query):
            sink.begin("REF")
            if isFramed, let since = query.since { sink.parameter("since", since.number) }
            if isFramed, let before = query.before { sink.parameter("before", before.number) }
            if isFramed, let limit = query.limit { sink.parameter("limit", limit) }
            sink.end("")
        case .users:
            sink.begin("USER")
            sink.end("")
        case .kick(let request):
            sink.begin("KICK")
            if let user = request.user { sink.parameter("user", user) }
            if isFramed, let ban = request.ban { sink.parameter("ban", ban.wire) }
            sink.end(request.reason)
        case .unban(let user):
            sink.begin("UNBAN")
            if let user { sink.parameter("user", user) }
            sink.end("")
        case .bans:
            sink.begin("BANS")
            sink.end("")
        case .ping(let content):
            sink.begin("PING")
            sink.end(content)
        case .pong(let content):
            sink.begin("PONG")
            sink.end(content)
        }
    }
}

extension ConnectRequest {
    fileprivate init(_ message: Message) {
        self.init(nickname: nil, password: nil, color: nil)
        for pair in message.parameters.pairs {
            switch pair.key {
            case "nickname": nickname = pair.value
            case "password": password = pair.value
            case "color": color = pair.value
            // An unknown framing is not agreed to.
            case "framing": framing = Framing(rawValue: pair.value) ?? .none
            case "operator": operatorSecret = OperatorSecret(wire: pair.value)
            default: break
            }
        }
    }
}

extension ChatRequest {
    fileprivate init(_ message: Message) throws(MessageError) {
        self.init(recipient: nil, text: message.content)
        for pair in message.parameters.pairs {
            switch pair.key {
            case "rec": recipient = Recipient(wire: pair.value)
            case "nonce": nonce = pair.value
            default: break
            }
        }
        if let nonce, nonce.utf8.count > Limits.nonceBytes || nonce.isEmpty {
            throw MessageError(.invalidParameter("nonce"), at: 0)
        }
    }
}

extension UpdateRequest {
    fileprivate init(_ message: Message) {
        self.init()
        for pair in message.parameters.pairs {
            switch pair.key {
            case "nickname": nickname = pair.value
            case "password": password = pair.value
            case "color": color = pair.value
            default: break
            }
        }
    }
}

extension HistoryQuery {
    fileprivate init(_ message: Message) throws(MessageError) {
        self.init()
        for pair in message.parameters.pairs {
            switch pair.key {
            case "since": since = try pair.messageID()
            case "before": before = try pair.messageID()
            case "limit": limit = try pair.count()
            default: break
            }
        }
    }
}

extension KickRequest {
    fileprivate init(_ message: Message) throws(MessageError) {
        self.init(user: nil, reason: message.content)
        for pair in message.parameters.pairs {
            switch pair.key {
            case "user": user = pair.value
            case "ban": ban = try pair.ban()
            default: break
            }
        }
    }
}

extension Parameters.Pair {
    fileprivate func messageID() throws(MessageError) -> MessageID {
        guard let id = MessageID(value) else { throw MessageError(.invalidParameter(key), at: 0) }
        return id
    }

    /// Reads the term of a ban; nil for none.
    fileprivate func ban() throws(MessageError) -> BanTerm? {
        guard value != "0" else { return nil }
        guard let term = BanTerm(wire: value) else { throw MessageError(.invalidParameter(key), at: 0) }
        return term
    }

    /// Reads a number from 0 up.
    fileprivate func count() throws(MessageError) -> Int {
        guard let number = MessageID(value).flatMap({ Int(exactly: $0.number) }) else {
            throw MessageError(.invalidParameter(key), at: 0)
        }
        return number
    }
}
