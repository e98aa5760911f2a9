import ChatProtocol
import FuzzSupport

@testable import ChatSession

/// What a program is to its session: a socket, timers, a clock, a timeline.
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
    private var timers: Set<SessionTimer> = []
    private var timeline = Timeline(capacity: 40)
    private(set) var isFinished = false

    init(from reader: inout ByteReader) {
        let credentials = Credentials(nickname: reader.nickname(), password: "pw", color: .white)
        session = Session(credentials: reader.flag() ? credentials : nil, seed: UInt64(reader.byte()))
        handle(.start)
    }

    /// Lets the input choose what happens next.
    mutating func step(_ reader: inout ByteReader) {
        // The clock of a machine may be set back.
        let pause = Int64(reader.pick([0, 0, 0, 10, 100, 700, 40_000, -50_000]))
        now = Timestamp(unixMilliseconds: now.unixMilliseconds + pause, utcOffsetSeconds: 3600)
        switch (reader.number(below: 16), socket) {
        case (0, .open):
            socket = .none
            handle(.closed(reason: reader.text()))
        case (0...7, .opening):
            socket = reader.isOne(in: 4) ? .none : .open
            let channel = SessionEvent.Channel(address: "home:6666", isEncrypted: false)
            handle(socket == .open ? .opened(channel) : .openFailed(reason: reader.text()))
        case (1, .open): handle(.unreadable(reason: reader.text()))
        case (2, .open): handle(.received(Response(time: reader.time(), body: .login(.accepted(reader.framing())))))
        case (3...10, .open): handle(.received(.arbitrary(&reader)))
        case (11, _), (0...10, .none):
            let set = SessionTimer.allCases.filter { timers.contains($0) }
            guard !set.isEmpty else { return }
            let timer = reader.pick(set)
            timers.remove(timer)
            handle(.timer(timer))
        default: handle(.command(.arbitrary(&reader)))
        }
    }

    private mutating func handle(_ event: SessionEvent) {
        trace("\(event)")
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
        case .send(let request):
            check(socket == .open, "\(request) is sent to nobody")
        case .close:
            socket = .none
        case .setTimer(let timer, let milliseconds):
            check(milliseconds > 0, "\(timer) is set to \(milliseconds) ms")
            timers.insert(timer)
        case .cancelTimer(let timer):
            timers.remove(timer)
        case .update(let update):
            timeline.apply(update)
            check(update)
        case .finished:
            isFinished = true
        }
    }

    private func check(_ update: SessionUpdate) {
        switch update {
        case .appended(let entries), .inserted(let entries):
            checkIsSorted(entries)
        case .status(.waiting(let reason, _, _)), .status(.ended(let reason)):
            checkIsSafe(reason)
        default: break
        }
        checkIsSorted(timeline.entries)
    }

    private func checkIsSorted(_ entries: [TimelineEntry]) {
        let isSorted = zip(entries, entries.dropFirst()).allSatisfy { $0.place <= $1.place }
        FuzzSupport.check(isSorted, "entries are out of order")
    }

    private func checkBounds() {
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
