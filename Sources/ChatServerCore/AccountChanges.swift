/// What changed among the registered users.
///
/// There may be a hundred thousand of them, and usually one changes at a time. So only the differences are reported,
/// and nobody has to look at all of them.
public struct AccountChanges: Hashable, Sendable {
    /// The accounts that are new or have changed.
    public var changed: [Account]
    /// The accounts that were removed.
    public var removed: [AccountID]
    /// The account whose change somebody in the room asked for; nil if everything came from outside.
    ///
    /// They get their answer right after this.
    public var asked: AccountID?

    /// Creates changes.
    public init(changed: [Account], removed: [AccountID] = [], asked: AccountID? = nil) {
        self.changed = changed
        self.removed = removed
        self.asked = asked
    }

    /// Compares two states of the accounts.
    ///
    /// Changed accounts are in the order of the list, removed ones in the order of the ids.
    ///
    /// - Parameters:
    ///   - known: The accounts as last reported.
    ///   - accounts: All accounts there are now.
    public init(from known: [AccountID: Account], to accounts: [Account], asked: AccountID? = nil) {
        self.init(changed: accounts.filter { known[$0.id] != $0 }, asked: asked)
        let newCount = changed.count { known[$0.id] == nil }
        guard accounts.count - newCount < known.count else { return }
        let remaining = Set(accounts.map(\.id))
        removed = known.keys.filter { !remaining.contains($0) }.sorted { $0.number < $1.number }
    }

    /// Whether nothing has changed.
    public var isEmpty: Bool { changed.isEmpty && removed.isEmpty }
}
