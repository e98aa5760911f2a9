internal import ChatProtocol
internal import ChatServerCore
internal import Testing

@testable internal import ChatInterface
@testable internal import ChatSession

@Suite("Sessions and a room on a network that breaks")
struct SimulationTests {
    /// What everybody may see, in words by number.
    private static func log(_ simulation: Simulation, from first: MessageID) -> [String] {
        simulation.stored.filter { $0.visibility == .everyone && $0.id >= first }.map { record in
            switch record.content {
            case .chat(let chat): "\(record.id.number) \(chat.sender): \(chat.text)"
            case .info(let info):
                switch info.event {
                case .join?: "\(record.id.number) \(info.sender) joined"
                case .leave?: "\(record.id.number) \(info.sender) left"
                case .kick?, .update?, nil: "\(record.id.number) \(info.text)"
                }
            }
        }
    }

    /// The same as one reads it.
    private static func log(_ scrollback: Scrollback) -> [String] {
        scrollback.lines.flatMap { line -> [String] in
            switch line.content {
            case .presence(let changes):
                return changes.map { "\($0.place.number) \($0.name) \($0.isJoin ? "joined" : "left")" }
            case .entry(let entry):
                guard let id = entry.messageID else { return [] }
                switch entry.kind {
                case .chat(let sender, .everyone, _, _): return ["\(id.number) \(sender): \(entry.text)"]
                case .info: return ["\(id.number) \(entry.text)"]
                case .chat, .warning, .error: return []
                }
            case .notice:
                return []
            }
        }
    }

    private static func entries(_ client: Simulation.Client) -> [TimelineEntry] {
        client.scrollback.lines.compactMap { line in
            if case .entry(let entry) = line.content { entry } else { nil }
        }
    }

    /// The numbers of all messages, as they stand.
    private static func numbers(_ client: Simulation.Client) -> [Int64] {
        client.scrollback.lines.flatMap { line -> [Int64] in
            switch line.content {
            case .entry(let entry): entry.messageID.map { [$0.number] } ?? []
            case .presence(let changes): changes.map(\.place.number)
            case .notice: []
            }
        }
    }

    /// How often each text was stored.
    private static func counts(_ simulation: Simulation) -> [String: Int] {
        simulation.stored.reduce(into: [:]) { counts, record in
            if case .chat(let chat) = record.content { counts[chat.text, default: 0] += 1 }
        }
    }

    private static func check(_ simulation: Simulation) {
        let counts = counts(simulation)
        for said in simulation.said {
            let entries = entries(simulation.clients[said.client]).filter { $0.text.text == said.text }
            let own = entries.filter { if case .chat(_, _, _, isOwn: true) = $0.kind { true } else { false } }
            #expect(own.count == 1, "\(said.text) stands \(own.count) times with its author")
            switch own.first?.delivery {
            case .accepted?:
                #expect(counts[said.text] == 1, "\(said.text) was said \(counts[said.text] ?? 0) times")
            case .failed?:
                // Only to somebody who was not there, and then nobody has it.
                #expect(counts[said.text] == nil, "\(said.text) failed and was said")
                #expect(said.recipient != .everyone)
            case .uncertain?:
                Issue.record("it is not known whether \(said.text) arrived")
            case .pending?, nil:
                Issue.record("\(said.text) is pending to the end")
            }
        }
        let everyone = Set(simulation.clients.indices.map { Simulation.nickname($0) })
        for (index, client) in simulation.clients.enumerated() {
            guard case .online? = client.status else {
                Issue.record("client\(index) is not online: \(String(describing: client.status)) \(client.notices)")
                continue
            }
            #expect(Set(client.roster.members.map(\.nickname)) == everyone)
            let own = client.roster.members.filter(\.isOwn).map(\.nickname)
            #expect(own == [Simulation.nickname(index)])
            let numbers = numbers(client)
            #expect(numbers == Array(Set(numbers)).sorted(), "client\(index) has numbers twice or out of order")
            if let first = numbers.first {
                #expect(log(client.scrollback) == log(simulation, from: MessageID(first)), "client\(index)")
            }
        }
    }

    @Test(
        "nothing is lost, nothing is said twice, and everybody sees the same order",
        arguments: 1...30 as ClosedRange<UInt64>
    )
    func lossy(seed: UInt64) {
        var simulation = Simulation(Simulation.Parameters(), seed: seed)
        simulation.run()
        Self.check(simulation)
    }

    @Test("a long outage is caught up with page by page", arguments: 1...1 as ClosedRange<UInt64>)
    func longOutage(seed: UInt64) {
        var parameters = Simulation.Parameters()
        parameters.clients = 3
        parameters.messages = 2500
        parameters.duration = 300_000
        parameters.breaks = 12
        var simulation = Simulation(parameters, seed: seed)
        simulation.run()
        Self.check(simulation)
    }

    @Test("private messages are with both ends once, and with nobody else", arguments: 1...20 as ClosedRange<UInt64>)
    func privateMessages(seed: UInt64) {
        var simulation = Simulation(Simulation.Parameters(clients: 4, accounts: 4), seed: seed)
        simulation.run()
        Self.check(simulation)
        for record in simulation.stored {
            guard case .chat(let chat) = record.content, case .user(let recipient) = chat.recipient else { continue }
            for (index, client) in simulation.clients.enumerated() {
                let isEnd = [chat.sender, recipient].contains(Simulation.nickname(index))
                let count = Self.entries(client).count { $0.messageID == record.id }
                #expect(count == (isEnd ? 1 : 0), "\(chat.text) with client\(index)")
            }
        }
    }

    @Test("clients of the original's protocol see the same, once", arguments: 1...10 as ClosedRange<UInt64>)
    func unframed(seed: UInt64) {
        var parameters = Simulation.Parameters(clients: 4, accounts: 1, unframed: 2)
        parameters.refusals = 0
        var simulation = Simulation(parameters, seed: seed)
        simulation.run()
        let counts = Self.counts(simulation)
        for said in simulation.said where said.recipient == .everyone {
            #expect(counts[said.text] == 1)
            for client in simulation.clients.suffix(2) where said.client == simulation.clients.count - 1 {
                let copies = Self.entries(client).count { $0.text.text == said.text && $0.delivery == .accepted }
                #expect(copies == 1)
            }
        }
        let order = simulation.stored.compactMap { record -> String? in
            if case .chat(let chat) = record.content, chat.recipient == .everyone { chat.text } else { nil }
        }
        for client in simulation.clients.suffix(2) {
            let seen = Self.entries(client).compactMap { entry -> String? in
                if case .chat(_, .everyone, _, _) = entry.kind { entry.text.text } else { nil }
            }
            #expect(seen == Array(order.suffix(seen.count)))
            #expect(Set(client.roster.members.map(\.nickname)).count == 4)
        }
    }

    @Test(
        "who was cut off is back long before the server notices by itself, which takes up to a minute",
        arguments: 1...20 as ClosedRange<UInt64>
    )
    func absence(seed: UInt64) {
        var parameters = Simulation.Parameters()
        parameters.refusals = 0
        parameters.duration = 600_000
        var simulation = Simulation(parameters, seed: seed)
        simulation.run()
        // The holder is given 4 s, and waits between attempts stay below ten.
        for client in simulation.clients { #expect(client.longestAbsence <= 20_000) }
    }

    @Test("the same seed is the same run")
    func repeatable() {
        var one = Simulation(Simulation.Parameters(), seed: 7)
        var two = Simulation(Simulation.Parameters(), seed: 7)
        one.run()
        two.run()
        for (first, second) in zip(one.clients, two.clients) {
            #expect(first.scrollback.lines.map(\.content) == second.scrollback.lines.map(\.content))
        }
        #expect(one.connections.count == two.connections.count)
    }
}
