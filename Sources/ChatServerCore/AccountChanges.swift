/// What is new about the registered users.
///
/// There may be a hundred thousand of them, and one at a time changes: only what
/// differs is told, so that nobody has to look at all of them.
public struct AccountChanges: Hashable, Sendable {
    /// Those that are new, or otherwise than before.
    public var changed: [Account]
    /// Those that are no more.
    public var removed: [AccountID]
    /// The one of them that somebody in the room has asked for, who gets the
    /// answer right after; nil where all of it came from outside.
    public var asked: AccountID?

    /// Creates changes.
    public init(changed: [Account], removed: [AccountID] = [], asked: AccountID? = nil) {
        self.changed = changed
        self.removed = removed
        self.asked = asked
    }

    /// Finds out what is new, in the order of the list; what is removed comes in
    /// the order of the ids.
    ///
    /// - Parameters:
    ///   - known: The accounts as they were told so far.
    ///   - accounts: All there are now.
    public init(from known: [AccountID: Account], to accounts: [Account], asked: AccountID? = nil) {
        self.init(changed: accounts.filter { known[$0.id] != $0 }, asked: asked)
        let newCount = changed.count { known[$0.id] == nil }
        guard accounts.count - newCount < known.count else { return }
        let remaining = Set(accounts.map(\.id))
        removed = known.keys.filter { !remaining.contains($0) }.sorted { $0.number < $1.number }
    }

    /// Whether nothing is new.
    public var isEmpty: Bool { changed.isEmpty && removed.isEmpty }
}
