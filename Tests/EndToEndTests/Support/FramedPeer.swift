internal import ChatProtocol
internal import ChatTestSupport

/// A logged in connection with netstrings: what our own client is to the
/// server, without the client.
final class FramedPeer {
    private let raw: RawPeer
    private var bytes: [UInt8] = []

    /// Connects and logs in.
    init(port: Int, nickname: String, password: String = "") throws {
        raw = try RawPeer(port: port)
        let login = ConnectRequest(nickname: nickname, password: password, color: "#00FF00", framing: .netstring)
        var request: [UInt8] = []
        Request.connect(login).encode(into: &request, framing: .none)
        raw.send(request)
        let accepted = Array(";framing=netstring,OK".utf8)
        let patience = Patience()
        while let more = try raw.receiveBytes(patience: patience) {
            bytes += more
            guard let end = bytes.firstRange(of: accepted)?.upperBound else { continue }
            bytes.removeFirst(end)
            return
        }
        throw Overdue("\(nickname) did not get in: \(String(decoding: bytes, as: UTF8.self))")
    }

    /// Sends a request; false where the peer is gone.
    @discardableResult
    func send(_ request: Request) -> Bool {
        var payload: [UInt8] = []
        request.encode(into: &payload, framing: .netstring)
        var frame: [UInt8] = []
        Netstring.encode(payload, into: &frame)
        return raw.send(frame)
    }

    /// The next responses, at least one read of them; nil once there won't be more.
    func receive(_ patience: Patience = Patience()) throws -> [Response]? {
        let responses = try responsesSoFar()
        if !responses.isEmpty { return responses }
        guard let more = try raw.receiveBytes(patience: patience) else { return nil }
        bytes += more
        return try responsesSoFar()
    }

    /// Reads until a response is the one that is waited for, and gives it.
    @discardableResult
    func wait<Value>(for what: String, _ pick: (Response) -> Value?) throws -> Value {
        let patience = Patience()
        while let responses = try receive(patience) {
            for (index, response) in responses.enumerated() {
                guard let value = pick(response) else { continue }
                kept = Array(responses[(index + 1)...])
                return value
            }
        }
        throw Overdue("never received \(what); the server closed")
    }

    /// Says something to everybody.
    func say(_ text: String, nonce: String? = nil) {
        send(.chat(ChatRequest(recipient: .everyone, nonce: nonce, text: text)))
    }

    /// Waits for a message that starts so.
    func waitForMessage(_ start: String) throws {
        try wait(for: "«\(start)»") { response -> Void? in
            if case .chat(let message) = response.body, message.text.hasPrefix(start) { () } else { nil }
        }
    }

    /// Waits for the next warning, and gives its text.
    func waitForWarning() throws -> String {
        try wait(for: "WARN") { response in if case .warning(let text, _, _) = response.body { text } else { nil } }
    }

    /// Waits for the next confirmation, and gives its text.
    func waitForConfirmation() throws -> String {
        try wait(for: "CONFIRM") { response in
            if case .confirm(let confirmation) = response.body { confirmation.text } else { nil }
        }
    }

    /// Reads until the server closes, and gives what still came.
    func receiveRest() throws -> [Response] {
        var rest: [Response] = []
        while let responses = try receive() { rest += responses }
        return rest
    }

    /// Those that have something to read, or were closed; waits until there is one.
    static func readable<Key>(of peers: [Key: FramedPeer]) throws -> [Key] {
        let ready = peers.filter { !$0.value.kept.isEmpty || !$0.value.bytes.isEmpty || $0.value.raw.isReadable }
        guard ready.isEmpty else { return Array(ready.keys) }
        guard RawPeer.wait(for: peers.values.map(\.raw)) else { throw Overdue("anything for anybody") }
        return try readable(of: peers)
    }

    /// All messages after one that it may see, a page at a time.
    func history(since: MessageID = MessageID(0)) throws -> [ChatMessage] {
        var messages: [ChatMessage] = []
        var since = since
        while true {
            send(.refresh(HistoryQuery(since: since, limit: Limits.framedHistoryMaximum)))
            let more = try wait(for: "CONFIRM") { response -> Bool? in
                guard case .confirm(let confirmation) = response.body else { return nil }
                return confirmation.more == true
            }
            // The page is as long as the CHATRs and INFOs before the next PONG.
            send(.ping("page"))
            var last = since
            _ = try wait(for: "PONG") { response -> Bool? in
                switch response.body {
                case .pong: return true
                case .chat(let message):
                    messages.append(message)
                    last = max(last, message.id ?? last)
                case .info(let info):
                    last = max(last, info.id ?? last)
                default: break
                }
                return nil
            }
            guard more, last > since else { return messages }
            since = last
        }
    }

    /// Responses that were read but not looked at.
    private var kept: [Response] = []

    private func responsesSoFar() throws -> [Response] {
        var responses = kept
        kept = []
        let held = bytes
        var start = 0
        while true {
            let rest = held.span.extracting(start..<held.count)
            guard case .frame(let payload, let end) = try Netstring.scan(rest, limit: Limits.framedResponseBytes) else {
                break
            }
            responses.append(try Response(decoding: rest.extracting(payload)))
            start += end
        }
        bytes.removeFirst(start)
        return responses
    }
}
