internal import ChatProtocol
internal import ChatSession

/// The user's own messages that the server has not confirmed.
///
/// They are gone when the program ends, so it reports them after the screen is closed.
struct UnconfirmedMessages: Sendable {
    /// How many messages are listed; the rest are only counted.
    static let listed = 5
    /// How many characters of a message are shown.
    static let shownCharacters = 60

    private var entries: [TimelineEntry.ID: TimelineEntry] = [:]
    /// The messages that were waiting while the user was in the chat, so that they may have been sent.
    private var inDoubt: Set<TimelineEntry.ID> = []
    private var isOnline = false

    /// Records what an update says about the user's messages.
    ///
    /// - Parameter isShown: Whether the screen still shows it. What failed after that is reported, too.
    mutating func note(_ update: SessionUpdate, isShown: Bool = true) {
        switch update {
        case .appended(let new):
            for entry in new where entry.delivery == .pending { note(entry, isOpen: true) }
        case .changed(let entry):
            let isFailure = entry.delivery != .pending && entry.delivery != .accepted
            note(entry, isOpen: entry.delivery == .pending || isFailure && !isShown && entries[entry.id] != nil)
        case .status(let status):
            isOnline = if case .online = status { true } else { false }
            if isOnline { inDoubt.formUnion(entries.keys) }
        default: break
        }
    }

    private mutating func note(_ entry: TimelineEntry, isOpen: Bool) {
        entries[entry.id] = isOpen ? entry : nil
        if !isOpen {
            inDoubt.remove(entry.id)
        } else if isOnline {
            inDoubt.insert(entry.id)
        }
    }

    /// The lines to print when the program ends; none if everything has arrived.
    var report: [String] {
        guard !entries.isEmpty else { return [] }
        let messages = entries.values.sorted { $0.place < $1.place }
        let count = messages.count == 1 ? "1 message" : "\(messages.count) messages"
        let verb = messages.count == 1 ? "was" : "were"
        let title =
            inDoubt.isEmpty
            ? "\(count) \(verb) not sent:" : "\(count) \(verb) not confirmed by the server and may not have arrived:"
        let rest = messages.count - Self.listed
        return [title] + messages.prefix(Self.listed).map(Self.line) + (rest > 0 ? ["  and \(rest) more"] : [])
    }

    private static func line(_ entry: TimelineEntry) -> String {
        let text = SafeText(line: entry.text.text).text
        let start = text.count > shownCharacters ? text.prefix(shownCharacters) + "…" : text[...]
        guard case .chat(_, .user(let nickname), _, _) = entry.kind else { return "  to everyone: \(start)" }
        return "  to \(nickname): \(start)"
    }
}
