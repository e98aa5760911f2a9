internal import ChatProtocol

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
        try read("CONVER") {
            guard let end = self.end(of: accepted) else { return nil }
            self.bytes.removeFirst(end)
            return ()
        }
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

    /// The responses that came within the time; nil once there won't be more.
    func receive(within seconds: Double) throws -> [Response]? {
        let responses = try responsesSoFar()
        if !responses.isEmpty { return responses }
        guard let more = raw.receiveBytes(65_536, within: seconds) else { return nil }
        bytes += more
        return try responsesSoFar()
    }

    /// Reads until a response is the one that is waited for, and gives it.
    func wait<Value>(for what: String, within seconds: Double = 20, _ pick: (Response) -> Value?) throws -> Value {
        let deadline = ContinuousClock.now.advanced(by: .seconds(seconds))
        while ContinuousClock.now < deadline, let responses = try receive(within: 0.2) {
            for (index, response) in responses.enumerated() {
                guard let value = pick(response) else { continue }
                kept = Array(responses[(index + 1)...])
                return value
            }
        }
        throw Overdue(description: "never received \(what)")
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

    private func end(of part: [UInt8]) -> Int? {
        (0...max(0, bytes.count - part.count)).first { bytes[$0...].starts(with: part) }.map { $0 + part.count }
    }

    private func read(_ what: String, _ done: () -> Void?) throws {
        // A password's hash takes its time on purpose.
        let deadline = ContinuousClock.now.advanced(by: .seconds(60))
        while ContinuousClock.now < deadline, let more = raw.receiveBytes(65_536, within: 0.2) {
            bytes += more
            if done() != nil { return }
        }
        throw Overdue(description: "\(what) never came: \(String(decoding: bytes, as: UTF8.self))")
    }
}
