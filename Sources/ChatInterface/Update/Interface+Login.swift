internal import ChatProtocol
internal import ChatSession

extension Interface {
    /// Shows the login screen, or the server's answer to the last attempt.
    mutating func askForLogin(reason: SafeText?, refusal: Refusal?) {
        if login == nil {
            login = LoginForm(
                nickname: people.nickname,
                color: people.color ?? remembered.color,
                reason: reason,
                refusal: refusal
            )
        } else {
            login?.refuse(reason, refusal)
        }
    }

    /// Handles keys on the login screen.
    mutating func pressInLogin(_ key: KeyPress) -> [InterfaceEffect] {
        if login?.isAskingAboutPassword == true { return pressInPasswordQuestion(key) }
        switch (key.key, key.modifiers) {
        case (.tab, []), (.down, _): login?.moveFocus(forward: true)
        case (.tab, .shift), (.up, _): login?.moveFocus(forward: false)
        case (.escape, []): return [.session(.quit), .quit]
        case (.enter, _): return join()
        default:
            login?.type(key)
        }
        return []
    }

    private mutating func pressInPasswordQuestion(_ key: KeyPress) -> [InterfaceEffect] {
        switch prompt.answer.read(key) {
        case .yes: answerAboutPassword(true)
        case .no: answerAboutPassword(false)
        case .enter, .endOfLine, nil: []
        }
    }

    private mutating func join() -> [InterfaceEffect] {
        guard let form = login, !form.isJoining else { return [] }
        switch form.submit() {
        case .success(let credentials):
            login?.isJoining = true
            login?.isTyping = false
            login?.reason = nil
            login?.mistake = nil
            // A user who knows that a password will be asked for types on at once. It must not go into the nickname's
            // field, where everybody could read it.
            if form.focus == .nickname { login?.focus = .password }
            people.offer(credentials.nickname)
            return [.session(.login(credentials))]
        case .failure(let mistake):
            login?.focus = mistake.field
            login?.mistake = SafeText(line: mistake.text)
            return []
        }
    }
}
