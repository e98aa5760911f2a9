internal import ChatProtocol
internal import ChatSession

extension Interface {
    /// Runs a command that takes effect at once, or asks about it first.
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
            askForNewPassword()
        case .refresh:
            if connection.isOnline { pane.showCleared() }
            return [.session(.refresh)]
        case .users:
            listPeople()
            return connection.isOnline ? [.session(.users)] : []
        case .kick:
            askToKick(first ?? "", reason: second ?? "")
        case .ban:
            let term = second.flatMap { BanTerm(typed: $0) } ?? .standard
            askToKick(first ?? "", for: term, reason: arguments.last.flatMap(\.self) ?? "")
        case .unban:
            return mayModerate(with: command) ? [.session(.unban(user: first ?? ""))] : []
        case .bans:
            return mayModerate(with: command) ? [.session(.bans)] : []
        case .clear:
            pane.clear()
        case .reconnect:
            pane.scrollToNewest()
            // Without the login another connection would get no further.
            return openWaitingRequest() ? [] : [.session(.reconnectNow)]
        case .help:
            showHelp(about: first)
        case .quit:
            return [.session(.quit), .quit]
        }
        return []
    }

    private mutating func changeNickname(_ typed: String) -> [InterfaceEffect] {
        var reader = ArgumentReader(typed[...])
        // A nickname with spaces may be in quotes or not.
        let nickname = typed.hasPrefix("\"") ? reader.next() ?? "" : typed.trimmingSpaces()
        if typed.hasPrefix("\""), !reader.isAtEnd {
            fail(CommandLine.surplus(after: .nick))
            return []
        }
        if let problem = Nickname.problem(with: nickname) {
            fail(problem)
            return []
        }
        if nickname == people.nickname {
            note("You are \(nickname) already.")
            return []
        }
        if isRegistered, connection.isOnline {
            prompt.mode = .question(.rename(nickname: nickname))
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
        guard let color = ChatColor.typed(typed) else {
            fail("\(Self.quoted(typed)) is no color. It is #RRGGBB, #RGB or \(names).")
            return []
        }
        return [.session(.update(UpdateRequest(color: color.text)))]
    }

    private mutating func listPeople() {
        let names = people.roster.members.map { member in
            (member.isAdmin ? glyphs.admin + " " : "") + member.name.text + (member.isOwn ? " (you)" : "")
        }
        let list = names.joined(separator: ", ")
        if connection.isOnline {
            note(names.isEmpty ? "Nobody is here." : "\(names.count) here: \(list)")
        } else {
            fail("You are not connected." + (names.isEmpty ? "" : " \(names.count) last seen: \(list)"))
        }
    }

    private mutating func showHelp(about typed: String?) {
        guard let typed else {
            help = HelpOverlay(.overview)
            return
        }
        guard !typed.hasPrefix("//") else {
            note("A second slash makes the line text: //me is sent as /me.")
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
