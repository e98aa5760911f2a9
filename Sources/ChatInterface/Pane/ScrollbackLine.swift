internal import ChatProtocol
internal import ChatSession

/// One line of the message pane, before wrapping.
struct ScrollbackLine: Sendable {
    /// The kind of line.
    enum Content: Hashable, Sendable {
        /// An entry that the session reported.
        case entry(TimelineEntry)
        /// People who joined and left, one after the other, in one line.
        case presence([PresenceChange])
        /// A message of the program to its user.
        case notice(SafeText, isFailure: Bool)
    }

    /// The lasting number of the line; it says nothing about its place.
    let serial: Int
    var content: Content
    /// The place of the line: that of its entry, of its last change, or of the line before a settled notice.
    var place: TimelineEntry.Place
    /// When it happened, on the reader's clock if that is known.
    var time: WireTime
    /// Whether it contains the reader's nickname, said by somebody else.
    var mentionsReader = false
    /// The cells of the sender's name; nil if there is none.
    var nameWidth: Int?
    /// The line's last wrapping.
    var wrapped: Wrapped?

    /// A line's text in rows of a certain width.
    struct Wrapped: Sendable {
        var columns: PaneColumns
        /// Whether the arrow of a private line is part of the text.
        var showsArrow: Bool
        var text: LineText
        var rows: [LineWrapper.Row]
        /// The rows that get the whole width of the screen, see ``CommandRows``.
        var commands: Set<Int> = []
    }

    /// Whether it has this serial, or includes a merged line that had it.
    func answers(to serial: Int) -> Bool {
        if self.serial == serial { return true }
        guard case .presence(let changes) = content else { return false }
        return changes.contains { $0.serial == serial }
    }

    /// Whether it continues the previous line: same person, same recipients, same minute.
    func continues(_ previous: ScrollbackLine?) -> Bool {
        guard let previous, case .entry(let entry) = content, case .entry(let other) = previous.content,
            case .chat(let sender, let recipient, _, let isOwn) = entry.kind,
            case .chat(sender, recipient, _, isOwn) = other.kind
        else { return false }
        return time.isSameMinute(as: previous.time)
    }

    /// Whether its time is the program's own, which may be in another zone than the server's.
    var isNotice: Bool {
        if case .notice = content { true } else { false }
    }

    /// Whether it counts as something new to read.
    var isNews: Bool {
        switch content {
        case .entry(let entry):
            switch entry.kind {
            case .chat(_, _, _, let isOwn): !isOwn
            case .warning, .error: true
            case .info: false
            }
        case .presence, .notice: false
        }
    }
}

extension WireTime {
    func isSameDay(as other: WireTime) -> Bool {
        (year, month, day) == (other.year, other.month, other.day)
    }

    func isSameMinute(as other: WireTime) -> Bool {
        isSameDay(as: other) && (hour, minute) == (other.hour, other.minute)
    }
}
