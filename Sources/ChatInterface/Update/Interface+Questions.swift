internal import ChatProtocol
internal import ChatSession

extension Interface {
    /// Handles keys while the input line asks a question.
    mutating func press(_ key: KeyPress, answering question: Prompt.Question) -> [InterfaceEffect] {
        // The user may have to scroll before they can answer.
        if let effects = pressInPane(key) { return effects }
        let isLongMessage = if case .longMessage = question { true } else { false }
        switch (prompt.answer.read(key, hasLetters: !isLongMessage), question) {
        case (.enter, .longMessage(let text, let target)):
            leaveQuestion()
            return send(text, to: target)
        case (.endOfLine, _):
            fail("Nothing was sent: answer the question below first.")
        case (.yes, _):
            return confirm(question)
        case (.no, .plainPassword):
            return answerAboutPassword(false)
        case (.no, .plainText):
            leaveQuestion()
            return [.session(.allowPlainText(false))]
        case (.no, _):
            leaveQuestion()
        case (.enter, _), (nil, _):
            break
        }
        return []
    }

    private mutating func confirm(_ question: Prompt.Question) -> [InterfaceEffect] {
        if question == .plainPassword { return answerAboutPassword(true) }
        leaveQuestion()
        return switch question {
        case .kick(let person, let ban?, let reason, _):
            [.session(.ban(user: person.nickname, ban, reason: reason))]
        case .kick(let person, nil, let reason, _):
            [.session(.kick(user: person.nickname, reason: reason))]
        case .rename(let nickname):
            [.session(.update(UpdateRequest(nickname: nickname)))]
        case .plainText:
            [.session(.allowPlainText(true))]
        case .plainPassword, .longMessage: []
        }
    }

    /// Handles `/password`: asks for a new one if it would be of use.
    mutating func askForNewPassword() {
        switch connection.framing {
        case .netstring?: prompt.mode = .password(first: nil)
        case Framing.none?: failInDoubt("This server is of the original kind, which keeps the passwords it has.")
        case nil: failInDoubt("You are not connected: \(SlashCommand.password.name) works when the server is back.")
        }
    }

    /// Handles keys while a new password is typed.
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
        leaveQuestion()
        guard let first else {
            // An empty password means that nothing is changed.
            if password.isEmpty { return [] }
            prompt.mode = .password(first: nil)
            if password.count < Limits.passwordMinimumCharacters {
                fail("A password has at least \(Limits.passwordMinimumCharacters) characters.")
            } else {
                prompt.mode = .password(first: password)
            }
            return []
        }
        guard password == first else {
            failInDoubt("The two passwords differ: nothing was changed. \(SlashCommand.password.name) asks again.")
            return []
        }
        guard connection.isOnline else {
            failInDoubt("You are not connected: your password stays as it is.")
            return []
        }
        isPasswordSubmitted = true
        return [.session(.update(UpdateRequest(password: password)))]
    }

    /// Asks whether a password may be sent where others can read it, on the login screen or in the input line.
    mutating func askAboutPassword() {
        if login != nil {
            login?.isAskingAboutPassword = true
            prompt.answer = AnswerReader()
        } else {
            leaveQuestion()
            prompt.mode = .question(.plainPassword)
        }
    }

    /// Passes the answer on to the session.
    mutating func answerAboutPassword(_ isAllowed: Bool) -> [InterfaceEffect] {
        withdrawPasswordQuestion()
        // A password that must not be sent should not be sent by the next Enter either.
        if !isAllowed { login?.password.setText("") }
        return [.session(.allowPlainPassword(isAllowed))]
    }

    /// Removes the question about the password.
    mutating func withdrawPasswordQuestion() {
        login?.isAskingAboutPassword = false
        if prompt.mode == .question(.plainPassword) { leaveQuestion() }
    }

    /// Goes back to the text that was being typed.
    mutating func leaveQuestion() {
        prompt.mode = .message
        prompt.answer = AnswerReader()
        prompt.secret = Composer(kind: .secret, maximumBytes: Limits.passwordBytes)
    }
}
