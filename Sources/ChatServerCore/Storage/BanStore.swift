/// Where bans are stored.
///
/// There are few of them. The room keeps them all in memory, and reads the store only at start.
public protocol BanStore: Sendable {
    /// All bans, oldest first.
    ///
    /// For the start only: this call waits for the disk.
    ///
    /// - Throws: `StoreError` if they can't be read.
    func load() throws(StoreError) -> [Ban]

    /// Stores a change: all of it or nothing.
    ///
    /// The call returns at once.
    ///
    /// - Parameters:
    ///   - change: The bans that are removed, and a ban that is new or replaces one of the same nickname.
    ///   - completion: Called once the change is stored, or with why it is not; on any thread, in the order of the
    ///     calls.
    func change(_ change: BanChange, completion: @escaping @Sendable (Result<Void, StoreError>) -> Void)

    /// Waits until everything handed over is stored, then closes.
    func close()
}
