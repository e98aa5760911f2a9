import ChatProtocol
import FuzzSupport

@testable import ChatInterface
@testable import ChatSession

/// What a program is to its session: a socket, timers, a clock, a screen.
///
/// Keeps to the contract of events and effects; the input chooses within it,
/// and says what the server says.
struct SessionHost {
    private enum Socket {
        case none
        case opening
        case open
    }

    private var session: Session
    private var now = Timestamp(unixMilliseconds: 1_800_000_000_000, utcOffsetSeconds: 3600)
    private var socket = Socket.none
    /// Whether a password may go over the socket.
    private var mayCarryPassword = false
    private var allowsPlainPassword = false
    private var timers: Set<SessionTimer> = []
    /// What was sent and may be answered.
    private var requests: [Request] = []
    private var lastID: Int64 = 0
    private var scrollback = Scrollback()
    /// The entries that were told of, and of them those that wait for the server.
    private var told: Set<TimelineEntry.ID> = []
    private var pending: Set<TimelineEntry.ID> = []
    private(set) var isFinished = false

    init(from reader: inout ByteReader) {
        let credentials = Credentials(nickname: reader.nickname(), password: "pw", color: .white)
        session = Session(credentials: reader.flag() ? credentials : nil, seed: UInt64(reader.byte()))
        handle(.start)
    }

    /// Does what the input chooses.
    mutating func step(_ reader: inout ByteReader) {
        // The clock of a machine may be set back.
        let pause = Int64(reader.pick([0, 0, 0, 10, 100, 700, 40_000, -50_000]))
        now = Timestamp(unixMilliseconds: now.unixMilliseconds + pause, utcOffsetSeconds: 3600)
        switch (reader.number(below: 16), socket) {
        case (0, .open) where reader.isOne(in: 4):
            socket = .none
            handle(.closed(reason: reader.text()))
        case (0...7, .opening):
            socket = reader.isOne(in: 4) ? .none : .open
            let channel = SessionEvent.Channel(
                address: "home:6666",
                isEncrypted: reader.flag(),
                isLocal: reader.flag()
            )
            mayCarryPassword = channel.isEncrypted || channel.isLocal
            if socket == .open {
                handle(.opened(channel))
            } else if reader.isOne(in: 8) {
                handle(.distrusted(reason: reader.text(), advice: reader.text()))
            } else {
                handle(.openFailed(reason: reader.text()))
            }
        case (1, .open): handle(.unreadable(reason: reader.text()))
        case (2...5, .open): answer(&reader)
        case (6...8, .open): handle(.received(.arbitrary(&reader)))
        case (9, .open): handle(.suspect(.arbitrary(&reader)))
        case (10, _), (0...9, .none): fire(&reader)
        default: handle(.command(.arbitrary(&reader)))
        }
    }

    /// Answers a request as a server should.
    private mutating func answer(_ reader: inout ByteReader) {
        guard !requests.isEmpty else { return }
        let index = reader.number(below: requests.count)
        let request = requests.remove(at: index)
        lastID += Int64(reader.number(below: 3))
        let nickname = session.ownNickname
        let time = reader.time()
        func receive(_ body: Response.Body) {
            if socket == .open { handle(.received(Response(time: time, body: body))) }
        }
        switch request {
        case .connect(let login):
            receive(.login(.accepted(reader.framing())))
            let event = Info.Event.join(color: "#fff", isAdmin: false)
            receive(.info(Info(id: MessageID(lastID), sender: login.nickname ?? "", event: event, text: "hi")))
            receive(.users(UserList(users: [UserList.Entry(nickname: login.nickname ?? "")], admins: [])))
        case .chat(let chat):
            receive(
                .chat(
                    ChatMessage(
                        id: MessageID(lastID),
                        sender: nickname,
                        recipient: chat.recipient ?? .everyone,
                        color: "#fff",
                        nonce: chat.nonce,
                        text: chat.text
                    )
                )
            )
        case .update: receive(.confirm(Confirmation(subject: .update, text: "OK")))
        case .refresh: receive(.confirm(Confirmation(subject: .refresh, more: reader.flag(), text: "Resending")))
        case .users: receive(.users(UserList(users: [UserList.Entry(nickname: nickname)], admins: [nickname])))
        case .kick(let kick) where kick.ban != nil:
            receive(.confirm(Confirmation(subject: .kick, text: "Banned")))
        case .unban: receive(.confirm(Confirmation(subject: .unban, text: "Error: nobody")))
        case .bans:
            let (user, why) = (reader.nickname(), reader.words())
            let ban = BanEntry(nickname: user, until: Int64(lastID), admin: nickname, reason: why)
            receive(.confirm(Confirmation(subject: .bans, bans: [ban], text: "1 ban.")))
        case .kick(let kick):
            let event = Info.Event.kick(user: kick.user ?? "")
            receive(.info(Info(id: MessageID(lastID), sender: nickname, event: event, text: "out")))
        case .disconnect: receive(.confirm(Confirmation(subject: .disconnect, text: "Bye")))
        case .ping(let content): receive(.pong(content))
        case .pong: break
        }
    }

    private mutating func fire(_ reader: inout ByteReader) {
        let set = SessionTimer.allCases.filter { timers.contains($0) }
        guard !set.isEmpty else { return }
        let timer = reader.pick(set)
        // The end of all patience would be the end of all else.
        if socket != .none, timer == .pong || timer == .answer, !reader.isOne(in: 4) { return }
        timers.remove(timer)
        handle(.timer(timer))
    }

    private mutating func handle(_ event: SessionEvent) {
        trace("\(event)")
        if case .command(.allowPlainPassword(true)) = event, session.heldPassword != nil { allowsPlainPassword = true }
        let effects = session.handle(event, at: now)
        check(effects.count <= 4000, "\(effects.count) effects come of one event")
        for effect in effects {
            trace("    \(effect)")
            perform(effect)
        }
        checkBounds()
    }

    private mutating func perform(_ effect: SessionEffect) {
        check(!isFinished, "\(effect) comes after the end")
        switch effect {
        case .open:
            check(socket == .none, "a second socket is opened")
            socket = .opening
            requests = []
        case .send(let request):
            check(socket == .open, "\(request) is sent to nobody")
            checkPassword(in: request)
            requests.append(request)
            if requests.count > 8 { requests.removeFirst() }
        case .close, .hangUp:
            socket = .none
            requests = []
        case .setTimer(let timer, let milliseconds):
            check(milliseconds > 0, "\(timer) is set to \(milliseconds) ms")
            timers.insert(timer)
        case .cancelTimer(let timer):
            timers.remove(timer)
        case .update(let update):
            show(update)
            check(update)
        case .finished:
            isFinished = true
        }
    }

    private func checkPassword(in request: Request) {
        let password: String? =
            switch request {
            case .connect(let login): login.password
            case .update(let change): change.password
            default: nil
            }
        let isSecret = password.map { !$0.isEmpty } ?? false
        check(!isSecret || mayCarryPassword || allowsPlainPassword, "a password is sent where others can read it")
    }

    private mutating func check(_ update: SessionUpdate) {
        switch update {
        case .appended(let entries), .inserted(let entries):
            checkIsSorted(entries)
            for entry in entries {
                check(told.insert(entry.id).inserted, "entry \(entry.id.number) comes twice")
                if entry.delivery == .pending { pending.insert(entry.id) }
            }
        case .changed(let entry):
            check(told.contains(entry.id), "entry \(entry.id.number) is changed before it comes")
            if entry.delivery != .pending { pending.remove(entry.id) }
        case .status(.waiting(let reason, _, _)), .status(.ended(let reason)),
            .status(.distrusted(let reason)):
            checkIsSafe(reason)
        default: break
        }
        let shown = scrollback.lines
        let isSorted = zip(shown, shown.dropFirst()).allSatisfy { $0.place <= $1.place }
        FuzzSupport.check(isSorted, "the lines of the screen are out of order")
    }

    /// Shows an update as the screen does.
    private mutating func show(_ update: SessionUpdate) {
        func item(_ entry: TimelineEntry) -> Scrollback.Item {
            Scrollback.Item(entry: entry, time: entry.time, mentionsReader: false)
        }
        switch update {
        case .appended(let entries): for entry in entries { scrollback.append(item(entry)) }
        case .inserted(let entries): scrollback.insert(entries.map(item))
        case .changed(let entry): scrollback.change(item(entry))
        default: break
        }
    }

    private func checkIsSorted(_ entries: [TimelineEntry]) {
        let isSorted = zip(entries, entries.dropFirst()).allSatisfy { $0.place <= $1.place }
        FuzzSupport.check(isSorted, "entries are out of order")
    }

    private func checkBounds() {
        check(Set(session.outbox.messages.map(\.entry.id)) == pending, "what is shown as pending is not what waits")
        check(session.outbox.messages.count <= 2000, "the outbox has no end")
        check(session.exchange.queue.count <= Exchange.queueLimit, "the exchange has no end")
        check(session.history.waiting.count <= 4, "questions for the history pile up")
        let unanswered = session.updates.count + session.unanswered.count - session.outbox.messages.count
        check(unanswered <= 32, "requests pile up")
        check(session.book.roster.members.count <= RosterBook.memberLimit, "the roster has no end")
    }

    private func check(_ condition: Bool, _ words: @autoclosure () -> String) {
        FuzzSupport.check(condition, words())
    }
}
