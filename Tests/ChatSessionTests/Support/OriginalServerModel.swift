internal import ChatProtocol

/// A model of the original server with one connection, after recordings of it.
///
/// Its thread takes whatever one `recv(2048)` returns for one request. While it sends a longer answer, it reads nothing.
struct OriginalServerModel {
    /// When something happens, in milliseconds.
    typealias Moment = Int64

    /// What each `recv` returned.
    private(set) var reads: [String] = []
    /// Whether the process runs, or is stopped.
    var isRunning = true
    /// Whether it answers USER.
    var knowsUsers = true
    private var socket: [UInt8] = []
    private var busyUntil: Moment = 0
    private var loginTime = ""

    /// When the thread looks at its socket next; nil if there is nothing to do.
    var nextRead: Moment? { isRunning && !socket.isEmpty ? busyUntil : nil }

    /// Bytes arrive in its socket.
    mutating func deliver(_ bytes: [UInt8]) { socket += bytes }

    /// Reads once.
    ///
    /// - Returns: What it answers, each with the time when it is sent.
    mutating func read(at now: Moment) -> [(at: Moment, response: String)] {
        let chunk = socket.prefix(2048)
        socket.removeFirst(chunk.count)
        reads.append(String(decoding: chunk, as: UTF8.self))
        let request = try? Request(decoding: Array(chunk).span)
        if case .connect? = request { loginTime = Self.time(now) }
        let answers = request.map(answers) ?? ["ERR,@,Error: Unknown reason."]
        // It sends the first two at once, and pauses before each of the others.
        let timed = answers.enumerated().map { (at: now + 50 * Moment(max(0, $0.offset - 1)), response: $0.element) }
        busyUntil = timed.last?.at ?? now
        return timed
    }

    /// The parameter that says when a response is sent; `@` stands for it.
    static func time(_ moment: Moment) -> String {
        "time=\(Timestamp(unixMilliseconds: moment).wireTime)"
    }

    static let list = "USER,@;num=2;admin=1;0=bob;1=ann;admin0=admin,"
    static let greeting = "INFO,@;sender=ann,ann has joined the chat!"

    private func answers(_ request: Request) -> [String] {
        switch request {
        case .connect: ["CONVER,@,OK", Self.greeting, Self.list]
        case .chat(let chat):
            switch chat.recipient {
            case .user(let name): ["CHATR,@;sender=ann;rec=\(name);color=#D333FF,\(chat.text)"]
            case .everyone, nil: ["CHATR,@;sender=ann;rec=-ALL;color=#D333FF,\(chat.text)"]
            }
        case .update(let change):
            ["CONFIRM,@;reason=UPDATE,OK", "INFO,@;sender=ann,ann \(change.color ?? "")", Self.list]
        case .refresh:
            ["CONFIRM,@;reason=REF,Resending messages..."]
                + [Self.greeting, Self.list].map { $0.replacing("@", with: loginTime) }
        case .users: knowsUsers ? [Self.list] : []
        case .disconnect: ["CONFIRM,@;reason=DISCON,Disconnected Successfully."]
        case .kick, .unban, .bans, .ping, .pong: ["ERR,@,Error: Unknown reason."]
        }
    }
}
