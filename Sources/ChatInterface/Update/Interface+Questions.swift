internal import ChatProtocol
internal import ChatSession

extension Interface {
    /// Keys while something is asked in the input line.
    mutating func press(_ key: KeyPress, answering question: Prompt.Question) -> [InterfaceEffect] {
        // Reading on may be needed to answer.
        if let effects = pressInPane(key) { return effects }
        guard key.modifiers.isSubset(of: .shift) else { return [] }
        switch (question, key.key) {
        case (.kick(let nickname, _, let ban, let reason, _), .character("y")),
            (.kick(let nickname, _, let ban, let reason, _), .character("Y")):
            leaveQuestion()
            if let ban { return [.session(.ban(user: nickname, ban, reason: reason))] }
            return [.session(.kick(user: nickname, reason: reason))]
        case (.plainPassword, .character("y")), (.plainPassword, .character("Y")):
            return answerAboutPassword(true)
        case (.plainPassword, .character("n")), (.plainPassword, .character("N")), (.plainPassword, .escape):
            return answerAboutPassword(false)
        case (.plainText, .character("y")), (.plainText, .character("Y")):
            leaveQuestion()
            return [.session(.allowPlainText(true))]
        case (.plainText, .character("n")), (.plainText, .character("N")), (.plainText, .escape):
            leaveQuestion()
            return [.session(.allowPlainText(false))]
        case (.longMessage(let text, let recipient, _), .enter):
            leaveQuestion()
            return send(text, to: recipient)
        case (.kick, .character("n")), (.kick, .character("N")), (_, .escape):
            leaveQuestion()
        default:
            break
        }
        return []
    }

    /// Keys while a new password is typed.
    mutating func press(_ key: KeyPress, inPassword first: String?) -> [InterfaceEffect] {
        switch key.key {
        case .escape:
            leaveQuestion()
        case .enter:
            return submitPassword(first)
        default:
            if let effects = pressInPane(key) { return effects }
            _ = prompt.secret.handle(key)
        }
        return []
    }

    private mutating func submitPassword(_ first: String?) -> [InterfaceEffect] {
        let password = prompt.secret.text
        guard let first else {
            // Nothing typed means that there is to be no change.
            prompt.secret.setText("")
            prompt.mode = password.isEmpty ? .message : .password(first: password)
            return []
        }
        guard password == first else {
            leaveQuestion()
            fail("The two passwords differ; yours has not been changed. \(SlashCommand.password.name) asks again.")
            return []
        }
        leaveQuestion()
        return [.session(.update(UpdateRequest(password: password)))]
    }

    /// Asks whether a password may be sent where others can read it: on the
    /// login screen, or in the input line.
    mutating func askAboutPassword() {
        if login != nil {
            login?.isAskingAboutPassword = true
        } else {
            leaveQuestion()
            prompt.mode = .question(.plainPassword)
        }
    }

    /// Takes the answer.
    mutating func answerAboutPassword(_ isAllowed: Bool) -> [InterfaceEffect] {
        withdrawPasswordQuestion()
        // What is not to be sent should not be sent by the next Enter either.
        if !isAllowed { login?.password.setText("") }
        return [.session(.allowPlainPassword(isAllowed))]
    }

    /// Asks no longer.
    mutating func withdrawPasswordQuestion() {
        login?.isAskingAboutPassword = false
        if prompt.mode == .question(.plainPassword) { leaveQuestion() }
    }

    /// Goes back to what was being typed.
    mutating func leaveQuestion() {
        prompt.mode = .message
        prompt.secret = Composer(kind: .secret, maximumBytes: Limits.passwordBytes)
    }
}
