import ChatProtocol
import FuzzSupport

@testable import ChatServerCore

/// What a server is to its room: connections, a store, accounts and a clock.
///
/// Keeps to the contract of events and effects; the input chooses within it.
struct RoomHost {
    struct Link {
        var isAdmitted = false
        var isClosing = false
        /// Who sits there, and sat there before.
        var identities: Set<Identity>
    }

    private(set) var room: Room
    private var now = Timestamp(unixMilliseconds: 1_800_000_000_000)

    /// Connections that are open, and who sits at the few keyboards.
    private var links: [ConnectionID: Link] = [:]
    private var seats: [ConnectionID?] = Array(repeating: nil, count: 5)
    private var lastConnection: UInt64 = 0

    /// Records that are handed out, those of the front not yet stored.
    private var storing: [HistoryRecord] = []
    private var stored: [HistoryRecord] = []
    private var lastStored = MessageID(0)
    private var lastTold = MessageID(0)

    private var logins: [(connection: ConnectionID, account: AccountID)] = []
    private var lookups: [(connection: ConnectionID, query: HistoryQuery, viewer: Identity)] = []
    private var accounts = AccountBook()
    private var banChanges = 0

    init(from reader: inout ByteReader) {
        let configuration = RoomConfiguration(
            allowsRegistration: reader.flag(),
            maximumPendingMessages: reader.pick([1, 4, 1000]),
            maximumPendingBytes: reader.pick([8, 1000, 1_000_000])
        )
        room = Room(configuration: configuration)
        handle(.accounts(accounts.news()))
    }

    /// Does what the input chooses.
    mutating func step(_ reader: inout ByteReader) {
        let time = now.unixMilliseconds + Int64(reader.number(below: 50)) - 5
        now = Timestamp(unixMilliseconds: time)
        let seat = reader.number(below: seats.count)
        switch reader.number(below: 16) {
        case 0: open(seat)
        case 1: close(seat, reader.pick([.peerClosed, .failed, .tooSlow, .silent, .outOfStep, .serverClosed]))
        case 2: seats[seat].map { handle(.undecodable($0, reason: "Longer than 7 bytes.")) }
        case 3, 4: answerStore(count: 1 + reader.number(below: 4), isStored: !reader.isOne(in: 4))
        case 5: answerLogin(reader.number(below: 3), isCorrect: !reader.isOne(in: 4))
        case 6: answerLookup(fails: reader.isOne(in: 4))
        case 7: answerAccounts(fails: reader.isOne(in: 4))
        case 8:
            accounts.edit(&reader)
            handle(.accounts(accounts.news()))
        case 9 where reader.isOne(in: 8): handle(.closing(inSeconds: reader.number(below: 10)))
        case 10: seats[seat].map { handle(.received($0, .login(&reader))) }
        case 11 where reader.flag(): answerBans(isStored: !reader.isOne(in: 4))
        default: seats[seat].map { handle(.received($0, .arbitrary(&reader))) }
        }
    }

    /// Delivers everything that is waited for, and checks that nobody waits on.
    mutating func drain() {
        for _ in 0..<1000 where !(storing.isEmpty && logins.isEmpty && lookups.isEmpty && accounts.isIdle) {
            answerStore(count: storing.count, isStored: true)
            answerLogin(0, isCorrect: true)
            answerLookup(fails: false)
            answerAccounts(fails: false)
        }
        while banChanges > 0 { answerBans(isStored: true) }
        check(storing.isEmpty && room.queue.isEmpty, "the queue does not drain")
        check(room.members.values.allSatisfy(\.isAdmitted), "a login is never answered")
        for connection in room.departing { check(links[connection]?.isClosing == true, "a connection is never closed") }
    }

    // MARK: Events

    private mutating func handle(_ event: RoomEvent) {
        var effects: [RoomEffect] = []
        trace("\(event)")
        room.handle(event, at: now, effects: &effects)
        for (connection, member) in room.members {
            links[connection]?.identities.insert(member.identity(on: connection))
        }
        for effect in effects {
            trace("    \(effect)")
            perform(effect)
        }
        let violations = room.violations()
        check(violations.isEmpty, "\(event): \(violations.joined(separator: "; "))")
    }

    private mutating func open(_ seat: Int) {
        guard seats[seat] == nil else { return }
        lastConnection += 1
        let connection = ConnectionID(lastConnection)
        seats[seat] = connection
        links[connection] = Link(identities: [.guest(connection)])
        handle(.opened(connection, address: .version4(0xC000_0200 + UInt32(seat / 2))))
    }

    private mutating func close(_ seat: Int, _ reason: LossReason) {
        guard let connection = seats[seat], let link = links.removeValue(forKey: connection) else { return }
        seats[seat] = nil
        handle(.closed(connection, link.isClosing ? .requested : reason))
    }

    private mutating func answerStore(count: Int, isStored: Bool) {
        let count = min(count, storing.count)
        guard count > 0 else { return }
        if isStored { stored += storing.prefix(count) }
        storing.removeFirst(count)
        handle(isStored ? .stored(count: count) : .storeFailed(count: count))
    }

    private mutating func answerLogin(_ index: Int, isCorrect: Bool) {
        guard logins.indices.contains(index) else { return }
        let login = logins.remove(at: index)
        handle(.verified(login.connection, login.account, isCorrect: isCorrect))
    }

    private mutating func answerLookup(fails: Bool) {
        guard !lookups.isEmpty else { return }
        let lookup = lookups.removeFirst()
        guard !fails else { return handle(.historyFailed(lookup.connection)) }
        // What is being stored may be there already; and a store may be wrong about who may see what.
        let page = HistoryPage(of: stored + storing, lookup.query) { _ in true }
        handle(.history(lookup.connection, page.records, more: page.more))
    }

    private mutating func answerBans(isStored: Bool) {
        guard banChanges > 0 else { return }
        banChanges -= 1
        handle(.bansStored(isStored))
    }

    private mutating func answerAccounts(fails: Bool) {
        guard let (connection, account) = accounts.answer(fails: fails) else { return }
        handle(.accountChanged(connection, account))
    }

    // MARK: Effects

    private mutating func perform(_ effect: RoomEffect) {
        switch effect {
        case .send(let response, let connection), .deliver(let response, let connection):
            deliver(response, to: connection)
        case .sendAlike(let response, let connections):
            for connection in connections { deliver(response, to: connection) }
        case .admit(let connection, let response, let framing):
            check(
                links[connection].map { !$0.isAdmitted && !$0.isClosing } ?? false,
                "somebody is let in twice or gone"
            )
            let verdicts = [true, false].map { LoginVerdict.accepted(framing, ignoresPassword: $0) }
            check(verdicts.contains { response.body == .login($0) }, "somebody is let in with \(response)")
            links[connection]?.isAdmitted = true
        case .broadcast(let broadcast):
            if let id = broadcast.response.messageID {
                check(id > lastTold, "message \(id) is told after \(lastTold)")
                lastTold = id
            }
            if let variation = broadcast.variation, let response = variation.response {
                deliver(response, to: variation.connection)
            }
        case .store(let record):
            check(record.id > lastStored, "record \(record.id) is stored after \(lastStored)")
            lastStored = record.id
            storing.append(record)
        case .verify(let connection, let account, _):
            logins.append((connection, account))
        case .changeAccount(let connection, let account, let nickname, let password):
            check(nickname != nil || password != nil, "an account is changed into itself")
            let change = AccountBook.Change(
                connection: connection,
                account: account,
                nickname: nickname,
                setsPassword: password != nil
            )
            accounts.ask(change)
        case .register(let connection, let nickname, _):
            accounts.ask(.init(connection: connection, account: nil, nickname: nickname))
        case .fetchHistory(let connection, let query, let viewer):
            check((1...Limits.framedHistoryMaximum).contains(query.limit ?? 0), "a history without bound is fetched")
            lookups.append((connection, query, viewer))
        case .close(let connection):
            check(links[connection].map { !$0.isClosing } ?? false, "a connection is closed twice")
            links[connection]?.isClosing = true
        case .changeBans:
            banChanges += 1
        case .probe(let connection):
            check(links[connection].map { $0.isAdmitted && !$0.isClosing } ?? false, "somebody is probed who is not in")
        case .audit:
            break
        }
    }

    private func deliver(_ response: Response, to connection: ConnectionID) {
        guard let link = links[connection], !link.isClosing else {
            return check(false, "\(response) is sent to a closed connection")
        }
        switch response.body {
        case .login(.refused), .pong: break
        case .login: check(false, "\(response) lets nobody in")
        default: check(link.isAdmitted, "\(response) is sent before the login is answered")
        }
        // A repeat is told again to whoever knows its tag and its text.
        guard let id = response.messageID, case .chat(let chat) = response.body, chat.nonce == nil else { return }
        guard let record = stored.last(where: { $0.id == id }) else {
            return check(false, "message \(id) is told and not stored")
        }
        check(link.identities.contains { record.isVisible(to: $0) }, "\(response) is told to somebody else")
    }
}

extension Response {
    var messageID: MessageID? {
        switch body {
        case .chat(let chat): chat.id
        case .info(let info): info.id
        default: nil
        }
    }
}
