internal import ChatProtocol
internal import ChatSession

extension Interface {
    /// Handles keys in the text that is being typed.
    mutating func pressInMessage(_ key: KeyPress) -> [InterfaceEffect] {
        if key != KeyPress(.enter) { doubts.held = nil }
        if prompt.composer.isEmpty { doubts.aboutNamed = nil }
        switch (key.key, key.modifiers) {
        case (.tab, []): complete(forward: true)
        case (.tab, .shift): complete(forward: false)
        case (.enter, .alt), (.enter, .shift):
            prompt.completion = nil
            prompt.composer.insert("\n")
        case (.enter, _):
            prompt.completion = nil
            return submit()
        case (.escape, []):
            prompt.completion = nil
            leaveConversation()
        default:
            prompt.completion = nil
            if prompt.composer.handle(key) { prompt.isTouched = true }
        }
        return []
    }

    private mutating func complete(forward: Bool) {
        if prompt.completion == nil {
            let cursor = prompt.composer.cursor
            let next = prompt.composer[cursor..<cursor + 1]
            let completion = Completion(
                of: prompt.composer[0..<cursor],
                isBeforeSpace: next.first?.isWhitespace == true,
                from: people.completionSources
            )
            prompt.completion = completion.map(CompletionCycle.init)
        }
        guard var cycle = prompt.completion else { return }
        prompt.isTouched = true
        let cursor = prompt.composer.cursor
        let start = max(0, cursor - cycle.replacedCount)
        prompt.composer.replace(start..<cursor, with: cycle.advance(forward: forward))
        // With one candidate there is no next one, so the next Tab completes the new text.
        prompt.completion = cycle.count > 1 ? cycle : nil
    }

    /// Handles Enter: runs or sends the line.
    private mutating func submit() -> [InterfaceEffect] {
        let text = prompt.composer.text
        guard !text.allSatisfy(\.isWhitespace) else {
            _ = openWaitingRequest()
            return []
        }
        help = nil
        switch CommandLine(text) {
        case .mistake(let sentence):
            // Keep the text, so that the user can correct it.
            fail(sentence)
            return []
        case .message(let message):
            return say(message, to: target, isNamed: false)
        case .command(.msg, let arguments):
            return message(arguments)
        case .command(let command, let arguments):
            _ = prompt.composer.take()
            return run(command, arguments)
        }
    }

    /// Sends a text, or asks first if it is long or in doubt; a text that can't be sent stays in the input line.
    ///
    /// - Parameter isNamed: Whether the line itself names the person.
    mutating func say(_ text: String, to target: Target?, isNamed: Bool) -> [InterfaceEffect] {
        let text = Prompt.sent(text)
        guard !text.isEmpty else { return [] }
        if let excess = Prompt.Excess(of: text) {
            fail("The text is \(excess) for one message; it has not been sent.")
            return []
        }
        if hold(for: target, isNamed: isNamed) { return [] }
        if Prompt.isLong(text) {
            prompt.mode = .question(.longMessage(text: text, target: target))
            return []
        }
        return send(text, to: target)
    }

    mutating func send(_ text: String, to target: Target?) -> [InterfaceEffect] {
        if connection.isDistrusted {
            // Otherwise waiting messages would be sent as soon as some server is trusted.
            fail("Not sent: the server is not trusted. \(ConnectionDisplay.wayOut).")
            return []
        }
        takeLine(saying: text, to: target)
        if target == self.target { doubts.aboutTarget = nil }
        doubts.aboutNamed = nil
        doubts.held = nil
        pane.follow()
        return [.session(.say(text, to: target.map { .user($0.nickname) } ?? .everyone))]
    }

    /// Reports in the message pane that something could not be done.
    mutating func fail(_ sentence: String) {
        note(sentence, isFailure: true)
    }

    /// Shows a notice for the user in the message pane.
    mutating func note(_ sentence: String, isFailure: Bool = false) {
        pane.scrollToNewest()
        show(notice: SafeText(block: sentence), isFailure: isFailure)
    }
}
