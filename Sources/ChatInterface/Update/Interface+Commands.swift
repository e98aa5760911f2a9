internal import ChatProtocol
internal import ChatSession

extension Interface {
    /// Carries out a command that takes effect at once, or asks about it.
    mutating func run(_ command: SlashCommand, _ arguments: [String?]) -> [InterfaceEffect] {
        let first = arguments.first.flatMap(\.self)
        let second = arguments.dropFirst().first.flatMap(\.self)
        switch command {
        case .msg:
            return message(arguments)
        case .nick:
            return changeNickname(first ?? "")
        case .color:
            return changeColor(first)
        case .password:
            prompt.mode = .password(first: nil)
        case .refresh:
            return [.session(.refresh)]
        case .users:
            listPeople()
            return [.session(.users)]
        case .kick:
            askToKick(first ?? "", reason: second ?? "")
        case .ban:
            let term = second.flatMap { BanTerm(typed: $0) } ?? .standard
            askToKick(first ?? "", for: term, reason: arguments.last.flatMap(\.self) ?? "")
        case .unban:
            return [.session(.unban(user: first ?? ""))]
        case .bans:
            return [.session(.bans)]
        case .clear:
            pane.clear()
        case .reconnect:
            return [.session(.reconnectNow)]
        case .help:
            showHelp(about: first)
        case .quit:
            return [.session(.quit), .quit]
        }
        return []
    }

    /// `/msg`: says something to one person, or turns to them or back to everyone.
    mutating func message(_ arguments: [String?]) -> [InterfaceEffect] {
        guard let typed = arguments.first.flatMap(\.self) else {
            _ = prompt.composer.take()
            target = nil
            return []
        }
        let text = arguments.last.flatMap(\.self)
        switch people.resolve(typed) {
        case .ambiguous:
            fail("More than one person here looks like \(Self.quoted(typed)); complete the nickname with Tab.")
            return []
        case .member(let nickname, let name):
            let person = Target(nickname: nickname, name: name)
            if let text { return say(text, to: person) }
            _ = prompt.composer.take()
            target = person
            return []
        case .nobody:
            let person = Target(nickname: typed, name: SafeText(line: typed))
            // The list may be incomplete, on a server that can't send a long one: let it judge.
            if let text, !typed.isEmpty { return say(text, to: person) }
            fail("\(Self.nobody(typed, people)) \(SlashCommand.users.name) lists who is here.")
            return []
        }
    }

    private static func nobody(_ typed: String, _ people: People) -> String {
        let names = people.completionSources.members
        let folded = names.map { NicknameKey($0).folded }
        if let closest = ClosestName.find(NicknameKey(typed).folded, among: folded),
            let index = folded.firstIndex(of: closest)
        {
            return "There is nobody called \(Self.quoted(typed)) here. Did you mean \(names[index])?"
        }
        return "There is nobody called \(Self.quoted(typed)) here."
    }

    /// What was typed, as far as it is of use in a sentence.
    private static func quoted(_ typed: String) -> String {
        "“\(typed.prefix(40))\(typed.dropFirst(40).isEmpty ? "" : "…")”"
    }

    private mutating func changeNickname(_ typed: String) -> [InterfaceEffect] {
        var reader = ArgumentReader(typed[...])
        // A nickname with spaces may stand in quotes or not.
        let nickname = typed.hasPrefix("\"") ? reader.next() ?? "" : typed.trimmingSpaces()
        if let problem = Nickname.problem(with: nickname) {
            fail(problem)
            return []
        }
        if nickname == people.nickname {
            note("You are \(nickname) already.")
            return []
        }
        return [.session(.update(UpdateRequest(nickname: nickname)))]
    }

    private mutating func changeColor(_ typed: String?) -> [InterfaceEffect] {
        let names = NamedColor.allCases.map(\.rawValue).joined(separator: ", ")
        guard let typed else {
            let own = people.color.map { "Your color is \($0.text). " } ?? ""
            note("\(own)Others: #RRGGBB, #RGB or \(names).")
            return []
        }
        guard let color = NamedColor.read(typed) else {
            fail("\(Self.quoted(typed)) is no color. It is #RRGGBB, #RGB or \(names).")
            return []
        }
        return [.session(.update(UpdateRequest(color: color.text)))]
    }

    private mutating func listPeople() {
        let names = people.roster.members.map { member in
            (member.isAdmin ? glyphs.admin + " " : "") + member.name.text + (member.isOwn ? " (you)" : "")
        }
        note(names.isEmpty ? "Nobody is here." : "\(names.count) here: " + names.joined(separator: ", "))
    }

    /// - Parameter ban: For how long they are not to come back; nil for a kick alone.
    private mutating func askToKick(_ typed: String, for ban: BanTerm? = nil, reason: String) {
        switch people.resolve(typed) {
        case .member(let nickname, let name):
            prompt.mode = .question(.kick(nickname: nickname, name: name, ban: ban, reason: reason, isHere: true))
        case .nobody where typed.isEmpty:
            fail("A nickname is needed: \((ban == nil ? SlashCommand.kick : .ban).usage)")
        case .nobody:
            let name = SafeText(line: typed)
            prompt.mode = .question(.kick(nickname: typed, name: name, ban: ban, reason: reason, isHere: false))
        case .ambiguous:
            fail("More than one person here looks like \(Self.quoted(typed)); complete the nickname with Tab.")
        }
    }

    private mutating func showHelp(about typed: String?) {
        guard let typed else {
            help = HelpOverlay(.overview)
            return
        }
        let name = typed.drop { $0 == "/" }
        if let command = SlashCommand(named: name) {
            help = HelpOverlay(HelpText(about: command))
        } else if let closest = ClosestName.find(String(name), among: SlashCommand.allCases.map(\.rawValue)) {
            fail("There is no command /\(name.prefix(20)). Did you mean /\(closest)?")
        } else {
            fail("There is no command /\(name.prefix(20)); /help lists them.")
        }
    }
}
