internal import ChatProtocol
internal import Testing

@testable import ChatServerCore

/// A room with its surroundings played: a store, passwords, and for each
/// connection the lines that it saw.
///
/// After every event the room's invariants are checked, and so is that the room
/// asks for nothing that a server could not do.
struct Scene {
    /// Whether something is answered at once or when the test says so.
    enum Pace {
        case immediate
        case held
    }

    /// What one connection sees.
    struct View {
        var framing = Framing.none
        var isAdmitted = false
        var isClosed = false
        /// Read by the tests, and emptied by reading.
        var lines: [String] = []
        /// The numbers of the CHATRs and INFOs, without those sent again.
        var ids: [MessageID] = []
        /// All responses, in order.
        var responses: [Response] = []
        /// Who is in, by nickname: what a framed client makes of lists and INFOs.
        var roster: [String: ClientRoster.User] = [:]
        /// The accounts that the connection has been logged in to.
        var accounts: Set<AccountID> = []
    }

    private(set) var room: Room
    var store = StoreDouble()
    var accounts: AccountsDouble
    /// Whether a close is followed by the end of the connection at once.
    var closing = Pace.immediate

    private(set) var views: [String: View] = [:]
    private(set) var audits: [AuditEntry] = []
    /// Plays the store of bans.
    var bans = BansDouble()
    /// Who was asked for a sign of life since the test last looked.
    var probes: [String] = []
    /// The audience's view: all that was broadcast to framed connections, by number.
    private(set) var publicIDs: [MessageID] = []

    private var connections: [String: ConnectionID] = [:]
    private var labels: [ConnectionID: String] = [:]
    private var nextConnection: UInt64 = 1
    private var clock: Int64 = 1_700_000_000_000
    private var agenda: [RoomEvent] = []
    private var effects: [RoomEffect] = []
    private var isResending = false

    /// A scene with `admin` and `root`, who are admins, and `mia`, a member.
    init(configuration: RoomConfiguration = RoomConfiguration(), store: Pace = .immediate) {
        room = Room(configuration: configuration)
        accounts = AccountsDouble()
        self.store.pace = store
        accounts.add("admin", password: "secret", .admin)
        accounts.add("root", password: "toor", .admin)
        accounts.add("mia", password: "pass", .member)
        handle(.accounts(accounts.news(isNewRoom: true)))
    }

    // MARK: Acting

    /// Lifts the bounds on passwords.
    mutating func liftBudgets() {
        room.change(
            allowsRegistration: true,
            maximumTextBytes: Limits.chatTextBytes,
            guesses: nil,
            newPasswords: nil
        )
    }

    /// Opens a connection that the test calls by a name.
    mutating func open(_ label: String, from address: NetworkAddress = .version4(0x7F00_0001)) {
        let connection = ConnectionID(nextConnection)
        nextConnection += 1
        connections[label] = connection
        labels[connection] = label
        views[label] = View()
        handle(.opened(connection, address: address))
    }

    /// Opens a connection and logs in, by default framed and under the
    /// connection's name.
    mutating func join(
        _ label: String,
        as nickname: String? = nil,
        password: String = "",
        color: String = "#FFFFFF",
        _ framing: Framing = .netstring,
        from address: NetworkAddress = .version4(0x7F00_0001)
    ) {
        open(label, from: address)
        let request = ConnectRequest(
            nickname: nickname ?? label,
            password: password,
            color: color,
            framing: framing
        )
        receive(label, .connect(request))
    }

    /// Sends a message from a connection, as it is on the wire.
    mutating func send(_ label: String, _ message: String) {
        let bytes = Array(message.utf8)
        do throws(MessageError) {
            receive(label, try Request(decoding: bytes.span))
        } catch {
            handle(.undecodable(connection(label), reason: error.description))
        }
    }

    mutating func receive(_ label: String, _ request: Request) {
        handle(.received(connection(label), request))
    }

    /// Ends a connection.
    mutating func lose(_ label: String, _ reason: LossReason = .peerClosed) {
        handle(.closed(connection(label), reason))
    }

    /// Tells the room and the store what was stored in an earlier run.
    mutating func recall(_ records: [HistoryRecord]) {
        store.hold(records.map(\.id))
        room.recall(records)
    }

    func connection(_ label: String) -> ConnectionID {
        connections[label] ?? ConnectionID(0)
    }

    /// Moves the clock.
    mutating func wait(seconds: Int64) {
        clock += seconds * 1000
    }

    /// Starts the room anew with what the store of bans holds.
    mutating func restart() {
        for label in connections.keys where !isClosed(label) { lose(label, .serverClosed) }
        room = Room(configuration: room.configuration)
        room.restore(bans.all)
        store = StoreDouble()
        handle(.accounts(accounts.news(isNewRoom: true)))
    }

    // MARK: Reading

    /// What a connection has seen since it was last asked.
    mutating func read(_ label: String) -> [String] {
        let lines = views[label]?.lines ?? []
        views[label]?.lines = []
        return lines
    }

    /// Everybody starts with an empty screen.
    mutating func clear() {
        for label in views.keys { views[label]?.lines = [] }
    }

    func isClosed(_ label: String) -> Bool { views[label]?.isClosed ?? true }

    // MARK: Running

    /// Handles an event, and whatever follows from it at once.
    mutating func handle(_ event: RoomEvent) {
        agenda.append(event)
        while !agenda.isEmpty {
            let next = agenda.removeFirst()
            if case .closed(let connection, _) = next, let label = labels[connection] {
                views[label]?.isClosed = true
            }
            if case .history = next { isResending = true } else { isResending = false }
            clock += 1
            effects.removeAll(keepingCapacity: true)
            room.handle(next, at: Timestamp(unixMilliseconds: clock), effects: &effects)
            noteAccounts()
            for effect in effects { carryOut(effect) }
            for violation in room.violations() { Issue.record("\(violation), after \(next)") }
        }
    }

    private mutating func carryOut(_ effect: RoomEffect) {
        switch effect {
        case .send(let response, let connection):
            if case .login(.accepted) = response.body { Issue.record("a CONVER OK has to be an admission") }
            deliver(response, to: connection)
        case .deliver(let response, let connection):
            deliver(response, to: connection)
        case .sendAlike(let response, let connections):
            for connection in connections { deliver(response, to: connection) }
        case .admit(let connection, let response, let framing):
            deliver(response, to: connection)
            guard let label = labels[connection] else { return }
            if views[label]?.isAdmitted == true { Issue.record("\(label) is admitted twice") }
            views[label]?.isAdmitted = true
            views[label]?.framing = framing
        case .broadcast(let broadcast):
            carryOut(broadcast)
        case .store(let record):
            agenda += store.append(record)
        case .verify(let connection, let account, let password):
            agenda += accounts.verify(connection, account, password)
        case .changeAccount(let connection, let account, let nickname, let password):
            agenda += accounts.change(connection, account, nickname, password)
        case .register(let connection, let nickname, let password):
            agenda += accounts.register(connection, nickname, password)
        case .fetchHistory(let connection, let query, let viewer):
            agenda += store.fetch(connection, query, viewer)
        case .close(let connection):
            guard let label = labels[connection] else { return }
            if views[label]?.isClosed == true { Issue.record("\(label) is closed twice") }
            views[label]?.isClosed = true
            views[label]?.lines.append("closed")
            if closing == .immediate { agenda.append(.closed(connection, .requested)) }
        case .changeBans(let change):
            agenda += bans.change(change)
        case .probe(let connection):
            guard let label = labels[connection], views[label]?.framing == .netstring else {
                Issue.record("a connection is probed that can't be")
                return
            }
            probes.append(label)
        case .audit(let entry):
            audits.append(entry)
        }
    }

    private mutating func carryOut(_ broadcast: Broadcast) {
        if broadcast.receivers != .unframed, let id = broadcast.response.id { publicIDs.append(id) }
        for (connection, label) in labels {
            guard let view = views[label], view.isAdmitted, !view.isClosed else { continue }
            switch broadcast.receivers {
            case .everyone: break
            case .framed: guard view.framing == .netstring else { continue }
            case .unframed: guard view.framing == .none else { continue }
            }
            guard let variation = broadcast.variation, variation.connection == connection else {
                deliver(broadcast.response, to: connection)
                continue
            }
            if let response = variation.response { deliver(response, to: connection) }
        }
    }

    private mutating func deliver(_ response: Response, to connection: ConnectionID) {
        guard let label = labels[connection], let view = views[label] else { return }
        if view.isClosed { Issue.record("\(label) is closed and gets \(response.body)") }
        if let id = response.id, !store.holds(id) { Issue.record("\(label) sees \(id.number), which is not stored") }
        views[label]?.lines.append(response.line(for: view.framing))
        views[label]?.responses.append(response)
        guard !isResending else { return }
        views[label]?.roster.apply(response.body)
        guard let id = response.id else { return }
        // A repeat's answer comes late by nature.
        if case .chat(let message) = response.body, message.nonce != nil, let last = view.ids.last, id <= last {
            return
        }
        views[label]?.ids.append(id)
    }

    private mutating func noteAccounts() {
        for (connection, member) in room.members {
            guard let label = labels[connection], let account = member.account else { continue }
            views[label]?.accounts.insert(account.id)
        }
    }
}

extension Response {
    /// The number, where it has one.
    var id: MessageID? {
        switch body {
        case .chat(let message): message.id
        case .info(let info): info.id
        default: nil
        }
    }
}
