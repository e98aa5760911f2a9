internal import ChatProtocol
internal import ChatSession

/// One line of the message pane, as long as it may be once it is wrapped.
struct ScrollbackLine: Sendable {
    /// What kind of line it is.
    enum Content: Hashable, Sendable {
        /// Something that the session reported.
        case entry(TimelineEntry)
        /// People who came and went, one after the other, in one line.
        case presence([PresenceChange])
        /// Something that the program says to its user.
        case notice(SafeText, isFailure: Bool)
    }

    /// Names the line for as long as it exists; says nothing about its place.
    let serial: Int
    var content: Content
    /// Where it stands: that of its entry, of the last change, or of what a notice came after.
    var place: TimelineEntry.Place
    /// When it happened, on the reader's clock where that is known.
    var time: WireTime
    /// Whether somebody else said the reader's nickname in it.
    var mentionsReader = false
    /// The cells of the sender's name; nil where there is none.
    var nameWidth: Int?
    /// How it was last wrapped.
    var wrapped: Wrapped?

    /// A line's text in rows of a certain width.
    struct Wrapped: Sendable {
        var columns: PaneColumns
        /// Whether the arrow of a private line is part of the text.
        var showsArrow: Bool
        var text: LineText
        var rows: [LineWrapper.Row]
        /// The rows that have all of the screen, see ``CommandRows``.
        var commands: Set<Int> = []
    }

    /// Whether it is an own message that the server does not have yet.
    var isPending: Bool {
        guard case .entry(let entry) = content else { return false }
        return entry.delivery == .pending
    }

    /// Whether it bears this serial, or took in a line that did.
    func answers(to serial: Int) -> Bool {
        if self.serial == serial { return true }
        guard case .presence(let changes) = content else { return false }
        return changes.contains { $0.serial == serial }
    }

    /// Whether it goes on where the line before stopped: the same person, to
    /// the same people, within the same minute.
    func continues(_ previous: ScrollbackLine?) -> Bool {
        guard let previous, case .entry(let entry) = content, case .entry(let other) = previous.content,
            case .chat(let sender, let recipient, _, let isOwn) = entry.kind,
            case .chat(sender, recipient, _, isOwn) = other.kind
        else { return false }
        return time.isSameMinute(as: previous.time)
    }

    /// Whether its time is the program's own, which may be another zone's than the server's.
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
