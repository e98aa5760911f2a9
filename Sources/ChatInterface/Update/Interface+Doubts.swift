internal import ChatProtocol
internal import ChatSession

/// Nicknames change hands, and commands fail while their author types on.
///
/// What was meant for one person must not reach everyone, or the next holder of the nickname, unless the author has
/// seen that and confirmed it. Likewise, a yes to a question about somebody holds for that person only.
extension Interface {
    /// Holds the line if it is in doubt whom its text reaches, unless Enter was pressed again.
    ///
    /// - Parameter isNamed: Whether the line itself names the person.
    /// - Returns: Whether it was held.
    mutating func hold(for target: Target?, isNamed: Bool) -> Bool {
        guard let reason = doubt(about: target, isNamed: isNamed) else { return false }
        var wanted = Doubts.HeldLine(line: prompt.composer.text, target: target, reason: reason)
        wanted.isShown = true
        if doubts.held == wanted { return false }
        wanted.isShown = false
        if doubts.held == wanted { return true }
        doubts.held = wanted
        fail("\(reason) Nothing was sent: Enter again sends it to \(target?.name.text ?? "everyone").")
        return true
    }

    /// Reports a failure that the author may not notice while typing on.
    mutating func failInDoubt(_ sentence: String) {
        fail(sentence)
        doubts.aboutTarget = sentence
    }

    private func doubt(about person: Target?, isNamed: Bool) -> String? {
        // Somebody who is asked for a password may type it here.
        if case .login? = waitingRequest { return "You are not logged in." }
        if !isNamed || person == target, let reason = doubts.aboutTarget { return reason }
        guard isNamed, let person else { return nil }
        if !connection.isOnline { return Self.absence(person.name) }
        guard let named = doubts.aboutNamed, isSame(named.name, person.name) else { return nil }
        return named.reason
    }

    /// What is in doubt about somebody while there is no connection.
    static func absence(_ name: SafeText) -> String {
        "You are not connected, and \(name) may be somebody else when the server is back."
    }

    /// Tells whether two nicknames belong to the same person here.
    private var isSame: (SafeText, SafeText) -> Bool {
        let foldsCase = connection.framing != Framing.none
        return { $0 == $1 || foldsCase && NicknameKey($0.text) == NicknameKey($1.text) }
    }

    // MARK: Who comes and goes

    /// Follows what happened to somebody.
    mutating func follow(_ event: Info.Event?, of sender: SafeText, saying text: SafeText) {
        let isSame = isSame
        switch event {
        case .join?:
            doubt({ "\($0) has just joined, and may be somebody else." }, where: { isSame($0, sender) })
        case .leave?:
            doubt({ "\($0) has left." }, where: { isSame($0, sender) })
        case .kick(let user)?:
            let user = SafeText(line: user)
            doubt({ "\($0) was thrown out." }, where: { isSame($0, user) })
        case .update(let previous, _, _)?:
            let previous = SafeText(line: previous)
            if previous != sender { follow(renamed: previous, to: sender) }
        case nil:
            // An original server says it in words only.
            doubt(
                { "\($0) may be somebody else by now." },
                where: { $0 == sender || text.text.hasPrefix("\($0) has been kicked") }
            )
        }
    }

    private mutating func follow(renamed previous: SafeText, to name: SafeText) {
        let isSame = isSame
        let isSamePerson = isSame(previous, name)
        doubt({ "\($0) was called \(previous) until now." }, where: { !isSamePerson && isSame($0, name) })
        let renamed = Target(name.text)
        people.rename(from: previous, to: renamed)
        if let target, isSame(target.name, previous) { self.target = renamed }
        if case .question(let question) = prompt.mode, let person = question.person, isSame(person.name, previous) {
            prompt.mode = .question(question.naming(renamed))
        }
        // The conversation and the question go on, so this is about the line only.
        doubt({ "\($0) is now called \(name)." }, where: { !isSamePerson && isSame($0, previous) })
    }

    /// Replaces the list of who is here.
    ///
    /// Whoever came or went since the last list may be somebody else.
    mutating func receive(_ roster: Roster) {
        let isSame = isSame
        let before = people.roster
        people.roster = roster
        func isHere(_ name: SafeText, in roster: Roster) -> Bool {
            roster.members.contains { isSame($0.name, name) }
        }
        doubt(
            { isHere($0, in: roster) ? "\($0) is here now, and may be somebody else." : "\($0) is not here any more." },
            where: { isHere($0, in: before) != isHere($0, in: roster) },
            isLate: true
        )
    }

    /// Notes that there is no connection any more, so that nobody says who comes and goes.
    mutating func connectionLost() {
        doubt({ "The connection was lost, and \($0) may be somebody else by now." }, where: { _ in true })
    }

    /// Puts in doubt what was meant for some people, and withdraws questions about them.
    ///
    /// - Parameter isLate: Whether the same may have been said before, in better words.
    private mutating func doubt(
        _ reason: (SafeText) -> String,
        where isMeant: (SafeText) -> Bool,
        isLate: Bool = false
    ) {
        if let target, isMeant(target.name), !isLate || doubts.aboutTarget == nil {
            doubts.aboutTarget = reason(target.name)
        }
        if let name = nameInLine, isMeant(name), !isLate || doubts.aboutNamed?.name != name {
            doubts.aboutNamed = (name, reason(name))
        }
        if case .question(let question) = prompt.mode, let person = question.person, isMeant(person.name) {
            leaveQuestion()
            let sentence = "\(reason(person.name)) The question is withdrawn: nothing was done."
            fail(sentence)
            // The answer may come too late, as a text.
            doubts.aboutTarget = doubts.aboutTarget ?? sentence
        }
    }

    /// The nickname in a line such as `/msg bob hello` that is being typed.
    private var nameInLine: SafeText? {
        // The nickname is near the start; the rest may be long.
        let start = prompt.composer[0..<512]
        guard case .command(.msg, let arguments) = CommandLine(start) else { return nil }
        return arguments.first.flatMap(\.self).map { SafeText(line: $0) }
    }
}

extension Prompt.Question {
    /// The person whom the question names; nil if it names nobody.
    var person: Interface.Target? {
        switch self {
        case .kick(let person, _, _, _): person
        case .longMessage(_, let target): target
        case .rename, .plainPassword, .plainText: nil
        }
    }

    /// The same question about the same person under another nickname.
    func naming(_ person: Interface.Target) -> Self {
        switch self {
        case .kick(_, let ban, let reason, let isHere): .kick(person, ban: ban, reason: reason, isHere: isHere)
        case .longMessage(let text, _): .longMessage(text: text, target: person)
        case .rename, .plainPassword, .plainText: self
        }
    }
}
