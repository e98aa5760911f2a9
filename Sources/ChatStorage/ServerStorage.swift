internal import Foundation

/// Everything that a server keeps, opened together.
public final class ServerStorage: Sendable {
    /// Numbered messages.
    public let messages: SQLiteMessageStore
    /// Registered users.
    public let accounts: SQLiteAccountStore

    /// Opens what is in a directory; makes it where it is missing.
    ///
    /// The directory is locked against other servers until both stores are closed.
    ///
    /// - Throws: ``StorageError``, whose description is one line for the operator.
    public convenience init(
        _ directory: DataDirectory,
        configuration: StorageConfiguration = StorageConfiguration()
    ) throws(StorageError) {
        try self.init(directory, configuration: configuration, clock: Self.systemClock)
    }

    init(
        _ directory: DataDirectory,
        configuration: StorageConfiguration,
        clock: @escaping UnixClock
    ) throws(StorageError) {
        let session = try DatabaseSession(directory, flush: configuration.flush, users: 2)
        messages = SQLiteMessageStore(session, configuration: configuration, clock: clock)
        accounts = try SQLiteAccountStore(session, cost: configuration.passwordCost, clock: clock)
    }

    static let systemClock: UnixClock = {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
    }
}
