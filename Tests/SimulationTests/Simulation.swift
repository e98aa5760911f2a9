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
    var now: Int64 = 0
    var random: SeededGenerator
    var agenda = Agenda<Happening>()
    var serial = 0
    var clients: [Client] = []
    var connections: [Connection] = []
    var room = Room()
    /// What is safe, in the order of the room.
    var stored: [HistoryRecord] = []
    /// What waits for the store.
    var storing: [HistoryRecord] = []
    /// When the last answer of the store that is under way comes.
    var lastStored: Int64 = 0
    private(set) var isCalm = false
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

    /// Plays the time in which people talk and connections break, and then goes on
    /// until everything is quiet.
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

    var clock: Timestamp { Timestamp(unixMilliseconds: 1_763_812_800_000 + now) }

    mutating func number(_ range: ClosedRange<Int64>) -> Int64 {
        Int64.random(in: range, using: &random)
    }

    mutating func schedule(_ happening: Happening, in delay: Int64) {
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
            let page = HistoryPage(of: stored, query) { $0.isVisible(to: viewer) }
            tellRoom(.history(Self.id(connection), page.records, more: page.more))
        case .verified(let connection, let account, let isCorrect):
            tellRoom(.verified(Self.id(connection), account, isCorrect: isCorrect))
        case .command(let client, let command):
            if case .say(let text, let recipient) = command { said.append((client, text, recipient)) }
            tell(client, .command(command))
        case .cut(let client):
            breakConnection(of: client)
        }
    }
}
