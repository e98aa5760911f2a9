public import ChatServerCore
internal import ChatSystem
internal import GRDB

/// All stores of a server, opened together.
public final class ServerStorage: Sendable {
    /// Numbered messages.
    public let messages: SQLiteMessageStore
    /// Registered users.
    public let accounts: SQLiteAccountStore
    /// Banned users.
    public let bans: SQLiteBanStore
    /// The result of adding the users given at the start.
    public let users: RegistrationOutcome
    /// Whether there was an admin account at the start.
    public let hasAdmin: Bool

    /// Opens the storage in a directory; creates the directory if it is missing.
    ///
    /// The directory is locked against other servers until all stores are closed.
    ///
    /// - Parameters:
    ///   - users: Users who get an account if they have none. Each new account takes some tenths of a second.
    ///   - warn: Called with lines for the operator, now and later.
    /// - Throws: ``StorageError``, whose description is one line for the operator.
    public convenience init(
        _ directory: DataDirectory,
        configuration: StorageConfiguration = StorageConfiguration(),
        users: [RegisteredUser] = [],
        warn: @escaping StorageWarning = { _ in }
    ) throws(StorageError) {
        try self.init(
            directory,
            configuration: configuration,
            users: users,
            clock: { SystemClock.unixMilliseconds },
            warn: warn
        )
    }

    init(
        _ directory: DataDirectory,
        configuration: StorageConfiguration,
        users: [RegisteredUser] = [],
        clock: @escaping UnixClock,
        warn: @escaping StorageWarning = { _ in }
    ) throws(StorageError) {
        let session = try DatabaseSession(
            directory,
            flush: configuration.flush,
            users: 3,
            clock: clock,
            warn: warn
        )
        do {
            let book = AccountBook(session, cost: configuration.passwordCost)
            self.users = try book.add(users)
            hasAdmin = try book.entries().contains { $0.account.role == .admin }
        } catch {
            throw StorageError(error, path: directory.databasePath)
        }
        messages = SQLiteMessageStore(session, configuration: configuration, clock: clock, warn: warn)
        accounts = try SQLiteAccountStore(session, cost: configuration.passwordCost, clock: clock)
        bans = SQLiteBanStore(session, clock: clock)
    }

    /// Waits until everything handed over is stored, and closes the stores.
    public func close() {
        messages.close()
        accounts.close()
        bans.close()
    }
}
