internal import ChatProtocol
internal import ChatSession

/// Talking to one person.
///
/// No single key sends text meant for one person to everyone. Esc leaves no text behind that would go elsewhere, and no
/// deleted text can be brought back after it. In the history a private message is the command that sends it.
extension Interface {
    /// Handles `/msg`: says something to one person, or changes who gets what is typed.
    mutating func message(_ arguments: [String?]) -> [InterfaceEffect] {
        guard let typed = arguments.first.flatMap(\.self) else {
            _ = prompt.composer.take()
            turn(to: nil)
            return []
        }
        let text = arguments.last.flatMap(\.self)
        switch people.resolve(typed) {
        case .ambiguous:
            failToTurn(Self.ambiguous(typed), hasText: text != nil)
        case .member(let member):
            let person = Target(member.nickname)
            let isOther = connection.framing == Framing.none && member.nickname != typed
            let look = isOther ? "\(Self.quoted(typed)) is not here, only \(person.name) is." : nil
            if let text {
                if let look { doubts.aboutNamed = (person.name, look) }
                return say(text, to: person, isNamed: true)
            }
            _ = prompt.composer.take()
            turn(to: person)
            if let look { doubts.aboutTarget = look }
        case .nobody:
            // The list may be incomplete, on a server that can't send a long one, so let the server decide.
            if let text, !typed.isEmpty { return say(text, to: Target(typed), isNamed: true) }
            failToTurn("\(nobody(typed)) \(SlashCommand.users.name) lists who is here.", hasText: text != nil)
        }
        return []
    }

    /// Says why `/msg` found nobody; without a text, the next one may be meant for that person.
    private mutating func failToTurn(_ sentence: String, hasText: Bool) {
        guard !hasText else { return fail(sentence) }
        // The next text must not become a part of this line, either.
        _ = prompt.composer.take()
        failInDoubt(sentence)
    }

    /// Handles Esc: back to everyone, unless there is text for one person.
    mutating func leaveConversation() {
        guard let target else {
            if prompt.composer.isEmpty { doubts.aboutTarget = nil }
            return
        }
        guard prompt.composer.isEmpty else {
            note("What you have typed goes to \(target.name) only. Ctrl-C clears it; then Esc goes back to everyone.")
            return
        }
        turn(to: nil)
    }

    /// Changes who gets what is typed from now on: another person, or everyone.
    private mutating func turn(to target: Target?) {
        if let old = self.target, old.nickname != target?.nickname { prompt.composer.forgetDrafts() }
        self.target = target
        doubts = Doubts()
        if let target, !connection.isOnline { doubts.aboutTarget = Self.absence(target.name) }
    }

    /// Empties the input line after its text was sent to somebody.
    mutating func takeLine(saying text: String, to target: Target?) {
        guard let target, case .message = CommandLine(prompt.composer.text) else {
            _ = prompt.composer.take()
            return
        }
        _ = prompt.composer.take(
            remembering: "\(SlashCommand.msg.name) \(ArgumentReader.quote(target.name.text)) \(text)"
        )
    }

    static func ambiguous(_ typed: String) -> String {
        "More than one person here looks like \(quoted(typed)); complete the nickname with Tab."
    }

    private func nobody(_ typed: String) -> String {
        let names = people.completionSources.members
        let folded = names.map { NicknameKey($0).folded }
        let closest = ClosestName.find(NicknameKey(typed).folded, among: folded).flatMap(folded.firstIndex)
        return "There is nobody called \(Self.quoted(typed)) here."
            + (closest.map { " Did you mean \(names[$0])?" } ?? "")
    }

    /// The typed text, shortened for use in a sentence.
    static func quoted(_ typed: String) -> String {
        "“\(typed.prefix(40))\(typed.dropFirst(40).isEmpty ? "" : "…")”"
    }
}
