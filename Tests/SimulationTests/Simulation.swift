internal import ChatProtocol
internal import ChatServerCore
internal import ChatSession
internal import ChatTestSupport

@testable internal import ChatInterface

/// A room and its sessions on a network that delays and breaks, in a time of
/// its own.
///
/// Everything that happens comes from one queue, ordered by time; everything
/// random comes from one seed: the same seed is the same run, to the letter.
/// Requests and responses travel encoded, in order, each with a delay of its
/// own; when a connection breaks, what is under way is lost, and either side
/// notices when it notices.
struct Simulation {
    struct Parameters {
        var clients = 4
        /// How many of them have accounts; the others are guests.
        var accounts = 2
        /// How many of them speak the original's protocol, and lose nothing on
        /// the way: such a server can't tell a message sent twice.
        var unframed = 0
        /// How long people talk and connections break, in milliseconds.
        var duration: Int64 = 60_000
        var messages = 60
        var breaks = 10
        /// The share of attempts to connect that fail.
        var refusals = 0.2
    }

    enum Happening {
        case event(client: Int, generation: Int, SessionEvent)
        case timer(client: Int, SessionTimer, serial: Int)
        case arrival(connection: Int, [UInt8])
        case serverNotices(connection: Int)
        case stored(count: Int)
        case history(connection: Int, HistoryQuery, viewer: Identity)
        case verified(connection: Int, AccountID, isCorrect: Bool)
        case command(client: Int, SessionCommand)
        case cut(client: Int)
    }

    /// One socket.
    struct Connection {
        var client: Int
        /// Which of the client's sockets it is.
        var generation: Int
        var isFramed: Bool
        var isUp = true
        /// Whether the server still has it.
        var isServed = true
        var isAdmitted = false
        /// When the last message under way arrives: none overtakes another.
        var lastUp: Int64 = 0
        var lastDown: Int64 = 0
    }

    struct Client {
        var session: Session
        /// What its user reads.
        var scrollback = Scrollback()
        var roster = Roster()
        var status: ConnectionStatus?
        var generation = 0
        var connection: Int?
        var timers: [SessionTimer: Int] = [:]
        var notices: [String] = []
        /// Since when it has known that its connection is lost.
        var lostAt: Int64?
        /// The longest that it took to come back, in milliseconds.
        var longestAbsence: Int64 = 0
    }

    let parameters: Parameters
    private(set) var now: Int64 = 0
    private var random: SeededGenerator
    private var agenda = Agenda<Happening>()
    private var serial = 0
    private(set) var clients: [Client] = []
    private(set) var connections: [Connection] = []
    private var room = Room()
    /// What is safe, in the order of the room.
    private(set) var stored: [HistoryRecord] = []
    /// What waits for the store.
    private var storing: [HistoryRecord] = []
    private var isCalm = false
    /// What was said, by whom, to whom.
    private(set) var said: [(client: Int, text: String, recipient: Recipient)] = []

    static func nickname(_ client: Int) -> String { "client\(client)" }

    init(_ parameters: Parameters, seed: UInt64) {
        self.parameters = parameters
        random = SeededGenerator(seed: seed)
        var effects: [RoomEffect] = []
        let accounts = (0..<parameters.accounts).compactMap { client -> Account? in
            guard let nickname = try? Nickname(Self.nickname(client)) else { return nil }
            return Account(id: AccountID(Int64(client)), nickname: nickname, role: client == 0 ? .admin : .member)
        }
        room.handle(.accounts(AccountChanges(changed: accounts)), at: Timestamp(unixMilliseconds: 0), effects: &effects)
        for client in 0..<parameters.clients {
            let credentials = Credentials(
                nickname: Self.nickname(client),
                password: client < parameters.accounts ? "secret" : "",
                color: ChatColor(red: 9, green: 9, blue: UInt8(truncatingIfNeeded: client))
            )
            clients.append(Client(session: Session(credentials: credentials, seed: random.next())))
            schedule(.event(client: client, generation: 0, .start), in: number(0...2000))
        }
    }

    // MARK: Running

    /// Lets people talk and connections break, and then waits until everything
    /// is quiet.
    mutating func run() {
        for index in 0..<parameters.messages {
            let client = Int(number(0...Int64(parameters.clients - 1)))
            var recipient = Recipient.everyone
            if number(0...3) == 0 {
                recipient = .user(Self.nickname(Int(number(0...Int64(parameters.clients - 1)))))
            }
            let text = "message \(index)"
            schedule(.command(client: client, .say(text, to: recipient)), in: number(0...parameters.duration))
        }
        let framed = parameters.clients - parameters.unframed
        for _ in 0..<parameters.breaks where framed > 0 {
            let client = Int(number(0...Int64(framed - 1)))
            schedule(.cut(client: client), in: number(0...parameters.duration))
        }
        advance(until: parameters.duration)
        isCalm = true
        // Long enough for every ghost to be noticed and every backoff to end.
        advance(until: parameters.duration + 600_000)
    }

    private mutating func advance(until end: Int64) {
        while let (time, happening) = agenda.next(until: end) {
            now = time
            perform(happening)
        }
        now = end
    }

    private var clock: Timestamp { Timestamp(unixMilliseconds: 1_763_812_800_000 + now) }

    private mutating func number(_ range: ClosedRange<Int64>) -> Int64 {
        Int64.random(in: range, using: &random)
    }

    private mutating func schedule(_ happening: Happening, in delay: Int64) {
        agenda.add(happening, at: now + delay)
    }

    private mutating func perform(_ happening: Happening) {
        switch happening {
        case .event(let client, let generation, let event):
            guard clients[client].generation == generation else { return }
            tell(client, event)
        case .timer(let client, let timer, let serial):
            guard clients[client].timers[timer] == serial else { return }
            clients[client].timers[timer] = nil
            tell(client, .timer(timer))
        case .arrival(let connection, let bytes):
            guard connections[connection].isUp, connections[connection].isServed,
                let request = try? Request(decoding: bytes.span)
            else { return }
            tellRoom(.received(Self.id(connection), request))
        case .serverNotices(let connection):
            guard connections[connection].isServed else { return }
            connections[connection].isServed = false
            connections[connection].isAdmitted = false
            tellRoom(.closed(Self.id(connection), .failed))
        case .stored(let count):
            stored += storing.prefix(count)
            storing.removeFirst(count)
            tellRoom(.stored(count: count))
        case .history(let connection, let query, let viewer):
            let (records, more) = history(query, viewer: viewer)
            tellRoom(.history(Self.id(connection), records, more: more))
        case .verified(let connection, let account, let isCorrect):
            tellRoom(.verified(Self.id(connection), account, isCorrect: isCorrect))
        case .command(let client, let command):
            if case .say(let text, let recipient) = command { said.append((client, text, recipient)) }
            tell(client, .command(command))
        case .cut(let client):
            breakConnection(of: client)
        }
    }

    // MARK: The network

    private static func id(_ connection: Int) -> ConnectionID { ConnectionID(UInt64(connection)) }

    private mutating func breakConnection(of client: Int) {
        guard let connection = clients[client].connection, connections[connection].isUp else { return }
        connections[connection].isUp = false
        // Both notice, at once or late: a server may take its time.
        let closed = Happening.event(
            client: client,
            generation: clients[client].generation,
            .closed(reason: "The connection was cut off.")
        )
        schedule(closed, in: number(0...3) == 0 ? number(0...60_000) : number(0...200))
        schedule(.serverNotices(connection: connection), in: number(0...2) == 0 ? number(0...60_000) : number(0...500))
    }

    /// A connection that is dead, and not known to be, does not answer.
    private mutating func probe(_ connection: Int) {
        guard !connections[connection].isUp else { return }
        schedule(.serverNotices(connection: connection), in: 4000)
    }

    private mutating func connect(_ client: Int) {
        clients[client].generation += 1
        let generation = clients[client].generation
        if !isCalm, Double.random(in: 0..<1, using: &random) < parameters.refusals {
            schedule(.event(client: client, generation: generation, .openFailed(reason: "No.")), in: number(1...3000))
            return
        }
        let isFramed = client < parameters.clients - parameters.unframed
        connections.append(Connection(client: client, generation: generation, isFramed: isFramed))
        clients[client].connection = connections.count - 1
        tellRoom(.opened(Self.id(connections.count - 1), address: .version4(UInt32(truncatingIfNeeded: client))))
        let channel = SessionEvent.Channel(address: "room", isEncrypted: true)
        schedule(.event(client: client, generation: generation, .opened(channel)), in: number(1...100))
    }

    private mutating func disconnect(_ client: Int) {
        clients[client].generation += 1
        guard let connection = clients[client].connection else { return }
        clients[client].connection = nil
        connections[connection].isUp = false
        schedule(.serverNotices(connection: connection), in: number(1...500))
    }

    private mutating func send(_ request: Request, from client: Int) {
        guard let connection = clients[client].connection, connections[connection].isUp else { return }
        var request = request
        let isFramed = connections[connection].isFramed
        if !isFramed, case .connect(var login) = request {
            login.framing = .none
            request = .connect(login)
        }
        var bytes: [UInt8] = []
        request.encode(into: &bytes, framing: isFramed ? .netstring : .none)
        let arrival = max(connections[connection].lastUp, now + number(1...80))
        connections[connection].lastUp = arrival
        agenda.add(.arrival(connection: connection, bytes), at: arrival)
    }

    private mutating func send(_ response: Response, to connection: Int) {
        guard connections[connection].isUp, connections[connection].isServed else { return }
        let isFramed = connections[connection].isFramed
        for part in isFramed ? [response] : response.unframedParts() {
            var bytes: [UInt8] = []
            part.encode(into: &bytes, framing: isFramed ? .netstring : .none)
            guard let decoded = try? Response(decoding: bytes.span) else { continue }
            let arrival = max(connections[connection].lastDown, now + number(1...80))
            connections[connection].lastDown = arrival
            // A broken connection delivers nothing: see `tell`.
            let client = connections[connection].client
            let generation = connections[connection].generation
            agenda.add(.event(client: client, generation: generation, .received(decoded)), at: arrival)
        }
    }

    // MARK: The sessions

    private mutating func tell(_ client: Int, _ event: SessionEvent) {
        if case .received = event, let connection = clients[client].connection, !connections[connection].isUp {
            return
        }
        for effect in clients[client].session.handle(event, at: clock) { perform(effect, of: client) }
    }

    private mutating func perform(_ effect: SessionEffect, of client: Int) {
        switch effect {
        case .open: connect(client)
        case .close, .hangUp: disconnect(client)
        case .send(let request): send(request, from: client)
        case .setTimer(let timer, let milliseconds):
            serial += 1
            clients[client].timers[timer] = serial
            schedule(.timer(client: client, timer, serial: serial), in: Int64(milliseconds))
        case .cancelTimer(let timer): clients[client].timers[timer] = nil
        case .finished: break
        case .update(let update):
            switch update {
            case .appended(let entries):
                for entry in entries { clients[client].scrollback.append(Self.item(entry)) }
            case .inserted(let entries):
                clients[client].scrollback.insert(entries.map { Self.item($0) })
            case .changed(let entry):
                clients[client].scrollback.change(Self.item(entry))
            case .status(let status):
                noteAbsence(of: client, status)
                clients[client].status = status
            case .roster(let roster): clients[client].roster = roster
            case .notice(let text, _): clients[client].notices.append(text.text)
            default: break
            }
        }
    }

    private static func item(_ entry: TimelineEntry) -> Scrollback.Item {
        Scrollback.Item(entry: entry, time: entry.time, mentionsReader: false)
    }

    private mutating func noteAbsence(of client: Int, _ status: ConnectionStatus) {
        switch status {
        case .waiting:
            clients[client].lostAt = clients[client].lostAt ?? now
        case .online:
            guard let lostAt = clients[client].lostAt else { return }
            clients[client].lostAt = nil
            clients[client].longestAbsence = max(clients[client].longestAbsence, now - lostAt)
        case .connecting, .loggingIn, .distrusted, .ended:
            break
        }
    }

    // MARK: The room

    private mutating func tellRoom(_ event: RoomEvent) {
        var effects: [RoomEffect] = []
        room.handle(event, at: clock, effects: &effects)
        for effect in effects { perform(effect) }
    }

    private mutating func perform(_ effect: RoomEffect) {
        switch effect {
        case .send(let response, let id), .deliver(let response, let id):
            send(response, to: Int(id.number))
        case .sendAlike(let response, let ids):
            for id in ids { send(response, to: Int(id.number)) }
        case .admit(let id, let response, framing: _):
            connections[Int(id.number)].isAdmitted = true
            send(response, to: Int(id.number))
        case .broadcast(let broadcast):
            for index in connections.indices where connections[index].isAdmitted {
                let isAddressed =
                    switch broadcast.receivers {
                    case .everyone: true
                    case .framed: connections[index].isFramed
                    case .unframed: !connections[index].isFramed
                    }
                guard isAddressed else { continue }
                if let variation = broadcast.variation, variation.connection == Self.id(index) {
                    if let response = variation.response { send(response, to: index) }
                } else {
                    send(broadcast.response, to: index)
                }
            }
        case .store(let record):
            storing.append(record)
            // One answer for each: the store is as slow as it likes, in order.
            lastStored = max(lastStored, now + number(0...50))
            agenda.add(.stored(count: 1), at: lastStored)
        case .fetchHistory(let id, let query, let viewer):
            // In the order asked, and after what was to be stored before.
            lastStored = max(lastStored, now + number(0...50))
            agenda.add(.history(connection: Int(id.number), query, viewer: viewer), at: lastStored)
        case .verify(let id, let account, let password):
            let isCorrect = password == "secret"
            schedule(.verified(connection: Int(id.number), account, isCorrect: isCorrect), in: number(10...300))
        case .close(let id):
            let connection = Int(id.number)
            connections[connection].isServed = false
            connections[connection].isAdmitted = false
            let client = connections[connection].client
            let closed = SessionEvent.closed(reason: "The server closed the connection.")
            let arrival = max(connections[connection].lastDown, now + 1)
            agenda.add(.event(client: client, generation: connections[connection].generation, closed), at: arrival)
            tellRoom(.closed(id, .requested))
        case .changeAccount(let id, _, _, _):
            tellRoom(.accountChanged(id, nil))
        case .register(let id, _, _):
            tellRoom(.accountChanged(id, nil))
        case .probe(let id):
            probe(Int(id.number))
        case .changeBans:
            tellRoom(.bansStored(true))
        case .audit:
            break
        }
    }

    private var lastStored: Int64 = 0

    private func history(_ query: HistoryQuery, viewer: Identity) -> ([HistoryRecord], more: Bool) {
        let limit = query.limit ?? Limits.framedHistoryCount
        let visible = stored.filter { record in
            record.isVisible(to: viewer) && query.since.map { record.id > $0 } ?? true
                && query.before.map { record.id < $0 } ?? true
        }
        let records = query.since == nil ? visible.suffix(limit) : visible.prefix(limit)
        return (Array(records), records.count < visible.count)
    }
}

/// What is to happen, by time; of the same time, in the order of planning.
struct Agenda<Element> {
    private struct Entry {
        var time: Int64
        var serial: Int
        var element: Element

        func precedes(_ other: Entry) -> Bool {
            (time, serial) < (other.time, other.serial)
        }
    }

    /// A binary heap with the next at its root.
    private var heap: [Entry] = []
    private var serial = 0

    mutating func add(_ element: Element, at time: Int64) {
        serial += 1
        heap.append(Entry(time: time, serial: serial, element: element))
        var child = heap.count - 1
        while child > 0 {
            let parent = (child - 1) / 2
            guard heap[child].precedes(heap[parent]) else { break }
            heap.swapAt(child, parent)
            child = parent
        }
    }

    mutating func next(until end: Int64) -> (time: Int64, element: Element)? {
        guard let first = heap.first, first.time <= end, let last = heap.popLast() else { return nil }
        guard !heap.isEmpty else { return (first.time, first.element) }
        heap[0] = last
        var parent = 0
        while true {
            var least = parent
            for child in [2 * parent + 1, 2 * parent + 2] where child < heap.count {
                if heap[child].precedes(heap[least]) { least = child }
            }
            guard least != parent else { return (first.time, first.element) }
            heap.swapAt(least, parent)
            parent = least
        }
    }
}
