internal import ChatProtocol
internal import ChatSession
internal import Testing

/// Plays events into a session and writes down what it wants done.
///
/// A script has events at the margin and, below each, what the session is
/// expected to do, indented. `@` in a message stands for the time of the
/// server, `time=2026-11-22 12-00-00`.
///
///     start                       the program begins
///     opened [plain], openFailed WHY, distrusted WHY, closed WHY
///     < MESSAGE                   the server said something
///     ? MESSAGE                   the same, but it may be part of somebody's text
///     unreadable WHY
///     timer NAME                  a timer fires, at its time
///     wait MILLISECONDS           nothing happens
///     login NICK [PASSWORD]
///     say TEXT, tell NICK TEXT    to everyone, to one
///     nick NAME, color COLOR, password WORD
///     refresh, older, users, reconnect, quit
///     allow yes, allow no         about a password in plain text
///     doubt WHY                   nothing shows whether the server can encrypt
///     plain yes, plain no         about plain text altogether
///     kick NICK WHY, ban NICK WHY, unban NICK, bans
struct SessionScript {
    private(set) var session: Session
    var clock = Timestamp(unixMilliseconds: 1_763_812_800_000)
    private(set) var timers: [SessionTimer: Int64] = [:]
    private(set) var timeline = Transcript()
    private(set) var roster = Roster()
    /// Everything that was sent, oldest first.
    private(set) var sent: [Request] = []

    static let channel = SessionEvent.Channel(address: "server:6666", isEncrypted: true)
    static let plainChannel = SessionEvent.Channel(address: "server:6666", isEncrypted: false)

    init(nickname: String? = "ann", seed: UInt64 = 1) {
        let credentials = nickname.map { Credentials(nickname: $0, color: ChatColor(red: 211, green: 51, blue: 255)) }
        session = Session(credentials: credentials, seed: seed)
    }

    /// Plays the events of a script and gives the script back with what really
    /// came of them.
    mutating func play(_ script: String) throws -> String {
        var lines: [String] = []
        for line in script.split(separator: "\n") where !line.hasPrefix(" ") {
            lines.append(String(line))
            lines += try perform(String(line)).map { "    \($0)" }
        }
        return lines.joined(separator: "\n")
    }

    /// Plays the events of a script and expects what it says of each.
    mutating func expect(_ script: String, sourceLocation: SourceLocation = #_sourceLocation) throws {
        let outcome = try play(script)
        if outcome != script { Issue.record("what really happened:\n\(outcome)", sourceLocation: sourceLocation) }
    }

    /// Plays events whose outcome is of no interest.
    mutating func prepare(_ script: String) throws {
        _ = try play(script)
    }

    /// Plays one event.
    @discardableResult
    mutating func perform(_ line: String) throws -> [String] {
        let word = String(line.prefix { $0 != " " })
        let rest = String(line.dropFirst(word.count + 1))
        switch word {
        case "wait":
            advance(by: try #require(Int64(rest)))
            return []
        case "timer":
            let timer = try #require(SessionTimer.allCases.first { "\($0)" == rest })
            let due = try #require(timers[timer], "the timer \(rest) is not set")
            timers[timer] = nil
            advance(by: max(0, due - clock.unixMilliseconds))
            return take(.timer(timer))
        default:
            return take(try event(word, rest))
        }
    }

    /// Plays one event.
    mutating func take(_ event: SessionEvent) -> [String] {
        session.handle(event, at: clock).compactMap { note($0) }
    }

    private mutating func advance(by milliseconds: Int64) {
        clock = Timestamp(
            unixMilliseconds: clock.unixMilliseconds + milliseconds,
            utcOffsetSeconds: clock.utcOffsetSeconds
        )
    }

    private func event(_ word: String, _ rest: String) throws -> SessionEvent {
        switch word {
        case "start": return .start
        case "opened": return .opened(rest == "plain" ? Self.plainChannel : Self.channel)
        case "distrusted": return .distrusted(reason: rest, advice: "Look: \(rest)")
        case "doubt": return .encryptionInDoubt(reason: rest)
        case "plain": return .command(.allowPlainText(rest == "yes"))
        case "allow": return .command(.allowPlainPassword(rest == "yes"))
        case "openFailed": return .openFailed(reason: rest)
        case "closed": return .closed(reason: rest)
        case "unreadable": return .unreadable(reason: rest)
        case "<", "?":
            let message = rest.replacing("@", with: "time=2026-11-22 12-00-00")
            let response = try Response(decoding: Array(message.utf8).span)
            return word == "<" ? .received(response) : .suspect(response)
        case "login":
            let words = rest.split(separator: " ").map(String.init)
            let nickname = words.first ?? ""
            let password = words.dropFirst().first ?? ""
            return .command(.login(Credentials(nickname: nickname, password: password, color: .white)))
        case "say": return .command(.say(rest, to: .everyone))
        case "tell":
            let nickname = rest.prefix { $0 != " " }
            return .command(.say(String(rest.dropFirst(nickname.count + 1)), to: .user(String(nickname))))
        case "nick": return .command(.update(UpdateRequest(nickname: rest)))
        case "color": return .command(.update(UpdateRequest(color: rest)))
        case "password": return .command(.update(UpdateRequest(password: rest)))
        case "refresh": return .command(.refresh)
        case "older": return .command(.loadOlder)
        case "users": return .command(.users)
        case "kick":
            let nickname = rest.prefix { $0 != " " }
            return .command(.kick(user: String(nickname), reason: String(rest.dropFirst(nickname.count + 1))))
        case "ban":
            let nickname = rest.prefix { $0 != " " }
            let reason = String(rest.dropFirst(nickname.count + 1))
            return .command(.ban(user: String(nickname), .seconds(60), reason: reason))
        case "unban": return .command(.unban(user: rest))
        case "bans": return .command(.bans)
        case "reconnect": return .command(.reconnectNow)
        case "quit": return .command(.quit)
        default: throw UnknownEvent(word: word)
        }
    }

    private struct UnknownEvent: Error {
        var word: String
    }

    /// Follows an effect and writes it down; nil for what is not worth a line.
    private mutating func note(_ effect: SessionEffect) -> String? {
        switch effect {
        case .open(let allowsPlainText): return allowsPlainText ? "open, in plain text if need be" : "open"
        case .close: return "close"
        case .hangUp(let afterAnswer): return afterAnswer ? "hang up after an answer" : "hang up"
        case .finished: return "finished"
        case .send(let request):
            sent.append(request)
            var bytes: [UInt8] = []
            request.encode(into: &bytes, framing: .netstring)
            return "> \(String(decoding: bytes, as: UTF8.self))"
        case .setTimer(let timer, let milliseconds):
            timers[timer] = clock.unixMilliseconds + Int64(milliseconds)
            return "set \(timer) \(milliseconds)"
        case .cancelTimer(let timer):
            return timers.removeValue(forKey: timer).map { _ in "cancel \(timer)" }
        case .update(let update):
            timeline.note(update)
            if case .roster(let roster) = update { self.roster = roster }
            return update.line
        }
    }
}

extension SessionUpdate {
    /// The update on one line.
    var line: String {
        switch self {
        case .status(let status): "status \(status.line)"
        case .loginNeeded(let reason, let refusal):
            "login needed" + (refusal.map { " (\($0.rawValue))" } ?? "") + (reason.map { ": \($0)" } ?? "")
        case .identity(let nickname, let color, let isRegistered):
            "identity \(nickname) \(color.text)\(isRegistered ? ", registered" : "")"
        case .appended(let entries): entries.map { "+ \($0.line)" }.joined(separator: " | ")
        case .inserted(let entries): entries.map { "^ \($0.line)" }.joined(separator: " | ")
        case .changed(let entry): "~ \(entry.line)"
        case .roster(let roster): "roster \(roster.line)"
        case .olderHistory(let available): "older \(available ? "available" : "none")"
        case .plainPasswordQuestion: "password in plain text?"
        case .plainTextQuestion(let reason): "plain text? \(reason)"
        case .notice(let text, let isFailure): isFailure ? "notice! \(text)" : "notice \(text)"
        }
    }
}

extension ConnectionStatus {
    var line: String {
        switch self {
        case .connecting: "connecting"
        case .loggingIn(let channel): "logging in at \(channel.address)"
        case .online(_, let framing, let roundTrip):
            "online \(framing == .netstring ? "framed" : "unframed")\(roundTrip.map { " \($0) ms" } ?? "")"
        case .waiting(let reason, let milliseconds, let attempt):
            "waiting \(milliseconds) ms, attempt \(attempt): \(reason)"
        case .ended(let reason): "ended: \(reason)"
        case .distrusted(let reason): "distrusted: \(reason)"
        }
    }
}

extension Roster {
    var line: String {
        members.map { member in
            let marks = (member.isAdmin ? "*" : "") + (member.isOwn ? "!" : "")
            return "\(marks)\(member.name)\(member.color.map { " \($0.text)" } ?? "")"
        }
        .joined(separator: ", ")
    }
}

extension TimelineEntry {
    var line: String {
        let number = messageID.map { "#\($0.number) " } ?? ""
        let state =
            switch delivery {
            case .accepted: ""
            case .pending: "(pending) "
            case .failed(let reason): "(failed: \(reason)) "
            case .uncertain(let reason): "(uncertain: \(reason)) "
            }
        switch kind {
        case .chat(let sender, let recipient, _, let isOwn):
            let ends =
                switch recipient {
                case .everyone: "\(sender)"
                case .user(let nickname): "\(sender) → \(nickname)"
                }
            return "\(number)\(state)\(isOwn ? "!" : "")\(ends): \(text)"
        case .info: return "\(number)— \(text)"
        case .warning: return "WARN \(text)"
        case .error: return "ERR \(text)"
        }
    }
}
