internal import ChatProtocol
internal import ChatTestSupport
internal import Testing

@testable import ChatServerCore

/// A crowd that does whatever comes to mind, with a store and accounts that take
/// their time and fail.
private struct Crowd {
    /// A private message's two ends, as they were when it was said.
    struct Ends {
        var labels: Set<String>
        var accounts: Set<AccountID>
    }

    var scene: Scene
    var generator: SeededGenerator
    var secrets: [String: Ends] = [:]
    /// What each connection asked, to count the answers by.
    var chats: [String: [ChatRequest]] = [:]
    var updates: [String: Int] = [:]
    var refreshes: [String: Int] = [:]
    private var labels: [String] = []
    private var tokens = 0

    private static let nicknames = ["ann", "bob", "Bob", "zoe", "ANN", "mia", "admin", "root", "x9", "maria"]
    private static let passwords = ["mia": "pass", "admin": "secret", "root": "toor"]

    init(seed: UInt64) {
        generator = SeededGenerator(seed: seed)
        var configuration = RoomConfiguration()
        // Some crowds are up against the bounds.
        if seed.isMultiple(of: 4) { configuration.maximumPendingMessages = 6 }
        if seed.isMultiple(of: 5) { configuration.allowsRegistration = false }
        scene = Scene(configuration: configuration)
        scene.closing = .held
    }

    mutating func roll(_ sides: Int) -> Int { Int.random(in: 0..<sides, using: &generator) }

    mutating func pick<Element>(_ elements: [Element]) -> Element? { elements.randomElement(using: &generator) }

    /// Those who may send something that is answered.
    private var admitted: [String] {
        labels.filter { scene.room.members[scene.connection($0)]?.isAdmitted == true }
    }

    mutating func step() {
        switch roll(30) {
        case 0...3: join()
        case 4...12: say()
        case 13: sayAgain()
        case 14...16: update()
        case 17: refresh()
        case 18: kick()
        case 19: disconnect()
        case 20: lose()
        case 21: ask()
        case 22: changePaces()
        case 23: editAccounts()
        case 24: scene.finishComparisons()
        case 25: scene.finishChanges()
        case 26: scene.finishLookUps()
        default: scene.settle(1 + roll(5), fails: roll(6) == 0)
        }
    }

    mutating func finish() {
        scene.store.pace = .immediate
        scene.store.reading = .immediate
        scene.accounts.verifying = .immediate
        scene.accounts.changing = .immediate
        scene.finishComparisons()
        scene.finishChanges()
        scene.finishLookUps()
        while !scene.store.pending.isEmpty { scene.settle() }
        scene.finishLookUps()
    }

    /// Everybody who can still be asked whether all was answered.
    var present: [String] { admitted }

    private mutating func join() {
        guard let nickname = pick(Self.nicknames) else { return }
        let label: String
        if roll(5) == 0, let stranger = pick(labels.filter { scene.room.greetings[scene.connection($0)] != nil }) {
            label = stranger
        } else if labels.count < 40 {
            label = "c\(labels.count)"
            labels.append(label)
            scene.open(label)
        } else {
            return
        }
        let password = roll(4) == 0 ? "wrong" : Self.passwords[nickname] ?? ""
        let framing: Framing = roll(3) == 0 ? .none : .netstring
        scene.receive(
            label,
            .connect(ConnectRequest(nickname: nickname, password: password, color: "#FFF", framing: framing))
        )
        // Sometimes without waiting for the CONVER.
        if roll(4) == 0 { scene.receive(label, .users) }
    }

    private mutating func say() {
        guard let label = pick(admitted) else { return }
        tokens += 1
        let text = "m\(tokens)"
        var recipient = Recipient.everyone
        if roll(3) == 0 {
            let name = pick(Self.nicknames) ?? ""
            recipient = .user(name)
        }
        let request = ChatRequest(recipient: recipient, nonce: text, text: text)
        send(request, from: label)
    }

    private mutating func send(_ request: ChatRequest, from label: String) {
        let isStored = scene.store.stored.contains { $0.nonce?.tag == request.nonce }
        let isPending = scene.store.pending.contains { $0.nonce?.tag == request.nonce }
        if case .user(let name) = request.recipient, !isStored, !isPending,
            let (other, member) = scene.room.member(called: name),
            let sender = scene.room.members[scene.connection(label)]
        {
            let otherLabel = labels.first { scene.connection($0) == other } ?? ""
            secrets[request.text] = Ends(
                labels: [label, otherLabel],
                accounts: Set([sender.account?.id, member.account?.id].compactMap(\.self))
            )
        }
        chats[label, default: []].append(request)
        scene.receive(label, .chat(request))
    }

    private mutating func sayAgain() {
        // Without framing there are no tags: saying it again is saying it twice.
        guard let label = pick(admitted), scene.views[label]?.framing == .netstring,
            let request = pick(chats[label] ?? [])
        else { return }
        send(request, from: label)
    }

    private mutating func update() {
        guard let label = pick(admitted) else { return }
        var request = UpdateRequest()
        if roll(2) == 0 { request.nickname = pick(Self.nicknames) }
        if roll(3) == 0 { request.color = pick(["#123456", "#FFF", "nope"]) }
        if roll(6) == 0 { request.password = pick(["new", "pass", ""]) }
        updates[label, default: 0] += 1
        scene.receive(label, .update(request))
    }

    private mutating func refresh() {
        guard let label = pick(admitted) else { return }
        refreshes[label, default: 0] += 1
        let since = roll(2) == 0 ? MessageID(Int64(roll(100))) : nil
        scene.receive(label, .refresh(HistoryQuery(since: since, limit: roll(50))))
    }

    private mutating func kick() {
        guard let label = pick(admitted) else { return }
        let user = pick(Self.nicknames)
        let requests: [Request] = [
            .kick(KickRequest(user: user, reason: "because")),
            .kick(KickRequest(user: user, reason: "because", ban: .seconds(1 + roll(3)))),
            .unban(user: user),
        ]
        if roll(3) == 0 { scene.wait(seconds: 2) }
        scene.receive(label, pick(requests) ?? .bans)
    }

    private mutating func disconnect() {
        guard let label = pick(labels) else { return }
        scene.receive(label, .disconnect)
    }

    private mutating func lose() {
        guard let label = pick(labels) else { return }
        scene.lose(label, pick([.peerClosed, .failed, .tooSlow]) ?? .failed)
    }

    private mutating func ask() {
        guard let label = pick(labels) else { return }
        let requests: [Request] = [.users, .ping("x"), .pong("x")]
        scene.receive(label, pick(requests) ?? .users)
    }

    private mutating func changePaces() {
        let paces: [Scene.Pace] = [.immediate, .held, .held]
        scene.store.pace = scene.store.pending.isEmpty ? pick(paces) ?? .held : .held
        scene.store.reading = pick(paces) ?? .held
        scene.accounts.verifying = pick(paces) ?? .held
        scene.accounts.changing = pick(paces) ?? .held
        scene.accounts.fails = roll(5) == 0
    }

    private mutating func editAccounts() {
        guard roll(3) == 0, let account = pick(scene.accounts.all) else { return }
        let nickname = account.nickname.text
        switch roll(4) {
        case 0: scene.editAccounts { $0.edit(nickname) { $0.role = $0.role == .admin ? .member : .admin } }
        case 1: scene.editAccounts { $0.remove(nickname) }
        case 2: scene.editAccounts { $0.add("zoe", password: "x", .member) }
        default:
            guard let other = try? Nickname(pick(Self.nicknames) ?? ""), scene.accounts.account(other.text) == nil
            else { return }
            scene.editAccounts { $0.edit(nickname) { $0.nickname = other } }
        }
    }
}

@Suite("Any sequence of events")
struct RandomizedTests {
    @Test("keeps order, privacy, every answer and every user list", arguments: 1...40)
    func anything(_ seed: UInt64) {
        var crowd = Crowd(seed: seed)
        for _ in 0..<400 { crowd.step() }
        crowd.finish()
        let scene = crowd.scene

        // One order: rising for everyone, so the same for any two.
        for (label, view) in scene.views {
            #expect(zip(view.ids, view.ids.dropFirst()).allSatisfy(<), "\(label) sees ids out of order")
        }
        #expect(zip(scene.publicIDs, scene.publicIDs.dropFirst()).allSatisfy(<))

        // All that is stored was published, and nothing else.
        let storedForAll = scene.store.stored.filter { $0.visibility == .everyone }.map(\.id)
        #expect(scene.publicIDs == storedForAll)

        // Nothing is said twice.
        let texts = scene.store.stored.compactMap { record -> String? in
            if case .chat(let message) = record.content { message.text } else { nil }
        }
        #expect(Set(texts).count == texts.count, "said twice")

        for (label, view) in scene.views {
            for case .chat(let message) in view.responses.map(\.body) where message.recipient != .everyone {
                guard let ends = crowd.secrets[message.text] else {
                    Issue.record("\(label) sees \(message.text), which nobody said")
                    continue
                }
                let isMeant = ends.labels.contains(label) || !ends.accounts.isDisjoint(with: view.accounts)
                #expect(isMeant, "\(label) sees \(message.text)")
            }
        }
        for label in crowd.present { checkAnswers(crowd, label) }

        // Every client knows who is in.
        var actual: [String: ClientRoster.User] = [:]
        for member in scene.room.members.values {
            actual[member.nickname.text] = ClientRoster.User(color: member.color, isAdmin: member.isAdmin)
        }
        for label in crowd.present {
            if scene.views[label]?.framing == .netstring {
                #expect(scene.views[label]?.roster == actual, "\(label)")
            } else {
                // An original client is told by lists alone.
                let lists = scene.views[label]?.responses.compactMap { response -> UserList? in
                    if case .users(let list) = response.body { list } else { nil }
                }
                #expect(Set(lists?.last?.users.map(\.nickname) ?? []) == Set(actual.keys), "\(label)")
                #expect(lists?.last?.admins == scene.room.directory.admins, "\(label)")
            }
        }
    }

    /// Every request gets one answer.
    private func checkAnswers(_ crowd: Crowd, _ label: String) {
        var (chats, updates, refreshes) = (0, 0, 0)
        for response in crowd.scene.views[label]?.responses ?? [] {
            switch response.body {
            case .chat(let message) where message.nonce != nil: chats += 1
            case .error(_, let refusal?) where Self.answersChat(refusal): chats += 1
            case .confirm(let confirmation) where confirmation.subject == .update: updates += 1
            case .confirm(let confirmation) where confirmation.subject == .refresh: refreshes += 1
            default: break
            }
        }
        let isFramed = crowd.scene.views[label]?.framing == .netstring
        if isFramed { #expect(chats == crowd.chats[label]?.count ?? 0, "\(label): CHAT") }
        #expect(updates == crowd.updates[label] ?? 0, "\(label): UPDATE")
        #expect(refreshes == crowd.refreshes[label] ?? 0, "\(label): REF")
    }

    private static func answersChat(_ refusal: Refusal) -> Bool {
        [.recipientAbsent, .storeFailed, .busy].contains(refusal)
    }
}
