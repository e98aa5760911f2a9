internal import ChatProtocol
internal import ChatSession

extension Interface {
    /// Handles an update from the session.
    mutating func handle(_ update: SessionUpdate) -> [InterfaceEffect] {
        switch update {
        case .status(let status):
            let wasOnline = connection.isOnline
            // The top line may have no room for the reason, and a line in the pane also says when.
            if let reason = connection.change(to: status, at: now) {
                show(notice: reason, isFailure: true)
            }
            if !connection.isOnline { pane.isLoadingOlder = false }
            if wasOnline, !connection.isOnline { connectionLost() }
            switch status {
            case .distrusted, .ended:
                // The pane shows what it is about.
                login = nil
                waitingRequest = nil
                withdrawPasswordQuestion()
                // On a small screen the warning is more important than the command that ignores it.
                if connection.isDistrusted { pane.scrollToLastLine(paneLayout()) }
            case .online:
                login = nil
                waitingRequest = nil
            case .connecting:
                pane.scrollback.isHistoryAwaited = true
                greet()
            case .loggingIn, .waiting:
                break
            }
        case .loginNeeded(let reason, let refusal):
            withdrawPasswordQuestion()
            receive(.login(reason: reason, refusal: refusal))
        case .plainPasswordQuestion:
            receive(.plainPassword)
        case .plainTextQuestion:
            receive(.plainText)
        case .identity(let nickname, let color, let isRegistered):
            self.isRegistered = isRegistered
            return confirm(nickname, color)
        case .appended(let entries):
            for entry in entries { append(entry) }
        case .inserted(let entries):
            insert(entries)
        case .changed(let entry):
            pane.scrollback.change(item(entry))
        case .roster(let roster):
            receive(roster)
        case .olderHistory(let isAvailable):
            pane.hasOlder = isAvailable
            pane.isLoadingOlder = false
            pane.scrollback.isHistoryAwaited = false
        case .notice(let text, let isFailure):
            show(notice: text, isFailure: isFailure)
        }
        return []
    }

    private mutating func greet() {
        for text in greeting { show(notice: text) }
        greeting = []
    }

    /// Shows a notice below all messages.
    mutating func show(notice: SafeText, isFailure: Bool = false) {
        pane.scrollback.append(notice: notice, isFailure: isFailure, time: now.wireTime)
    }

    private mutating func confirm(_ nickname: String, _ color: ChatColor) -> [InterfaceEffect] {
        people.confirm(nickname, color)
        guard remembered.nickname != nickname || remembered.color != color else { return [] }
        remembered = (nickname, color)
        return [.remember(nickname: nickname, color: color)]
    }

    private mutating func append(_ entry: TimelineEntry) {
        pane.append(item(entry))
        switch entry.kind {
        case .chat(let sender, _, _, isOwn: false):
            people.noteSpeaker(sender)
        case .info(let sender, let event):
            follow(event, of: sender, saying: entry.text)
        case .warning:
            connection.note(warning: entry.text)
        case .chat, .error:
            break
        }
    }

    private mutating func insert(_ entries: [TimelineEntry]) {
        pane.isLoadingOlder = false
        pane.scrollback.insert(entries.map { item($0) })
        for entry in entries.reversed() {
            if case .chat(let sender, _, _, isOwn: false) = entry.kind { people.noteEarlierSpeaker(sender) }
        }
    }

    /// An entry with its time on the reader's clock.
    ///
    /// The server's own local time may be in another zone, so it is shown only if nothing else is known.
    private func item(_ entry: TimelineEntry) -> Scrollback.Item {
        let moment = entry.at.map {
            Timestamp(unixMilliseconds: $0, utcOffsetSeconds: now.utcOffsetSeconds)
        }
        return Scrollback.Item(
            entry: entry,
            time: moment?.wireTime ?? entry.time,
            mentionsReader: people.isMentioned(in: entry)
        )
    }
}
