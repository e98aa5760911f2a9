/// Where it is kept who may not come in.
///
/// Bans are few: a room knows them all by heart, and asks only at start.
public protocol BanStore: Sendable {
    /// All bans, oldest first.
    ///
    /// For the start: this call waits for the disk.
    ///
    /// - Throws: `StoreError` where they can't be read.
    func load() throws(StoreError) -> [Ban]

    /// Keeps what is new: all of it or nothing.
    ///
    /// Returns at once.
    ///
    /// - Parameters:
    ///   - change: Whose bans are no more, and a ban in place of one of the
    ///     same nickname.
    ///   - completion: Called once the change is safe, or with why it is not;
    ///     on any thread, in the order of the calls.
    func change(_ change: BanChange, completion: @escaping @Sendable (Result<Void, StoreError>) -> Void)

    /// Waits until everything handed over is safe, and closes.
    func close()
}
